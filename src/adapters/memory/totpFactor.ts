import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
// Its bare build: the full one brings eight more hash functions, 5 KB that TOTP here never uses.
import { HOTP, Secret } from 'otpauth/bare'
import type { TotpFactor } from './memoryStore.js'
import { randomId } from './randomText.js'

export function newTotpFactor(secret: string, createdAt: number): TotpFactor {
  return { id: randomId('factor'), strategy: 'totp', secret, createdAt, verified: false, usedStep: -1 }
}

/** 160 bits, the length that RFC 4226 §4 R6 recommends. */
export function newTotpSecret(): string {
  return new Secret().base32
}

/** TOTP is HOTP whose counter is the time, in steps of 30 seconds (RFC 6238 §4). */
const stepAt = (timestamp: number) => Math.floor(timestamp / 30_000)

const authenticator = (secret: string) => ({
  secret: Secret.fromBase32(secret),
  hmac: (_algorithm: string, key: Uint8Array, message: Uint8Array) => hmac(sha1, key, message),
})

export function totpCode(secret: string, timestamp: number): string {
  return HOTP.generate({ ...authenticator(secret), counter: stepAt(timestamp) })
}

/**
 * One step of clock drift is allowed either way (RFC 6238 §5.2). A step works once, and none before it works any more: the same section
 * forbids to accept a code twice, the one that proved the enrolment included.
 */
export function checkTotp(factor: TotpFactor, code: string, timestamp: number): 'right' | 'wrong' | 'used' {
  const counter = stepAt(timestamp)
  // Anything but digits is kept from the library, which throws on some of it.
  const delta = /^\d{6}$/.test(code) ? HOTP.validate({ ...authenticator(factor.secret), token: code, counter, window: 1 }) : null
  if (delta === null) return 'wrong'
  const step = counter + delta
  if (step <= factor.usedStep) return 'used'
  factor.usedStep = step
  return 'right'
}
