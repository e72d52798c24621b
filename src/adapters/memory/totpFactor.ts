import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
// Its bare build: the full one brings eight more hash functions, 5 KB that TOTP here never uses.
import { Secret, TOTP } from 'otpauth/bare'
import type { TotpFactor } from './memoryStore.js'
import { randomId } from './randomText.js'

export function newTotpFactor(secret: string, createdAt: number): TotpFactor {
  return { id: randomId('factor'), strategy: 'totp', secret, createdAt, verified: false, usedStep: -1 }
}

/** 160 bits, the length that RFC 4226 §4 R6 recommends. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

function authenticator(secret: string, issuer?: string, label?: string): TOTP {
  return new TOTP({ secret, issuer, label, hmac: (_algorithm, key, message) => hmac(sha1, key, message) })
}

/** The key URI that authenticator apps read. */
export function totpUri(secret: string, issuer: string, account: string): string {
  return authenticator(secret, issuer, account).toString()
}

export function totpCode(secret: string, timestamp: number): string {
  return authenticator(secret).generate({ timestamp })
}

/**
 * One step of clock drift is allowed either way (RFC 6238 §5.2). A step works once, and none before it works any more: the same section
 * forbids to accept a code twice, the one that proved the enrolment included.
 */
export function checkTotp(factor: TotpFactor, code: string, timestamp: number): 'right' | 'wrong' | 'used' {
  const totp = authenticator(factor.secret)
  // Anything but digits is kept from the library, which throws on some of it.
  const delta = /^[0-9]{6}$/.test(code) ? totp.validate({ token: code, timestamp, window: 1 }) : null
  if (delta === null) return 'wrong'
  const step = totp.counter({ timestamp }) + delta
  if (step <= factor.usedStep) return 'used'
  factor.usedStep = step
  factor.lastUsedAt = timestamp
  return 'right'
}
