import { Secret, TOTP } from 'otpauth'
import type { TotpFactor } from './memoryStore.js'
import { randomId } from './randomText.js'

export function newTotpFactor(secret: string, createdAt: number): TotpFactor {
  return { id: randomId('factor'), secret, createdAt, verified: false, usedStep: -1 }
}

/** 160 bits, the length that RFC 4226 §4 R6 recommends. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** The key URI that authenticator apps read. */
export function totpUri(secret: string, issuer: string, account: string): string {
  return new TOTP({ issuer, label: account, secret }).toString()
}

export function totpCode(secret: string, timestamp: number): string {
  return new TOTP({ secret }).generate({ timestamp })
}

/**
 * One step of clock drift is allowed either way (RFC 6238 §5.2). A step works once, and none before it works any more: the same section
 * forbids to accept a code twice, the one that proved the enrolment included.
 */
export function checkTotp(factor: TotpFactor, code: string, timestamp: number): 'right' | 'wrong' | 'used' {
  const totp = new TOTP({ secret: factor.secret })
  // Anything but digits is kept from the library, which throws on some of it.
  const delta = /^[0-9]{6}$/.test(code) ? totp.validate({ token: code, timestamp, window: 1 }) : null
  if (delta === null) return 'wrong'
  const step = totp.counter({ timestamp }) + delta
  if (step <= factor.usedStep) return 'used'
  factor.usedStep = step
  factor.lastUsedAt = timestamp
  return 'right'
}
