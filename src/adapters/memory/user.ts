import { AuthError } from '../../core/AuthError.js'
import type { FactorOption } from '../../core/attempt.js'
import type { SeedUser } from './memoryOptions.js'
import type { MemoryStore, SecondMethod, UserRecord } from './memoryStore.js'
import { plainBackupCode } from './randomText.js'
import { newTotpFactor } from './totpFactor.js'

export function userRecord(seed: SeedUser, now: number, lockMs: number): UserRecord {
  const { totp, backupCodes = [], locked, ...rest } = seed
  return {
    emailSecondFactor: false,
    ...rest,
    totp: totp ? [{ ...newTotpFactor(totp.secret, now), verified: true }] : [],
    backupCodes: unusedCodes(backupCodes),
    failures: 0,
    lockedUntil: locked ? now + lockMs : 0,
  }
}

/** One answer for a wrong password and for nobody at all, whatever else is true of the user. */
export function requirePassword(user: UserRecord | null, password: string | undefined): UserRecord {
  if (user && password === user.password) return user
  throw new AuthError('invalid_credentials', undefined, { field: 'password' })
}

export function unusedCodes(codes: readonly string[]): UserRecord['backupCodes'] {
  return codes.map((code) => ({ plain: plainBackupCode(code), used: false }))
}

export function backupCodesLeft(user: UserRecord): number {
  return user.backupCodes.filter((code) => !code.used).length
}

export function emailKey(email: string): string {
  return email.trim().toLowerCase()
}

export function userByEmail(store: MemoryStore, email: string): UserRecord | null {
  const key = emailKey(email)
  return [...store.users.values()].find((user) => emailKey(user.email) === key) ?? null
}

/** Rejects `locked` while a lock holds. Only for someone who has passed a first factor: others must not learn that the user exists. */
export function refuseLocked(store: MemoryStore, user: UserRecord): void {
  const retryInMs = user.lockedUntil - store.clock.now()
  if (retryInMs > 0) throw new AuthError('locked', undefined, { retryInMs })
}

/** A changed set of factors ends every trust that rested on the old one. */
export function forgetTrust(store: MemoryStore, user: UserRecord): void {
  for (const browser of store.browsers.values()) browser.trusted.delete(user.id)
}

/** `a•••@example.com`: always three dots, so that the length is not told. */
export function maskedEmail(email: string): string {
  return email.replace(/^(.[^@]*)(?=@)/su, (local) => `${[...local][0]}•••`)
}

/**
 * What this user can prove as a second factor after `firstMethods`. An e-mailed code is left out where nothing but an e-mailed code came
 * first: one mailbox is one factor. Backup codes stand in for a factor, so alone they are none.
 */
export function secondFactorsOf(user: UserRecord, firstMethods: readonly string[]): FactorOption<SecondMethod>[] {
  const factors: FactorOption<SecondMethod>[] = user.totp
    .filter((factor) => factor.verified)
    .map((factor) => ({
      id: `totp:${factor.id}`,
      strategy: 'totp',
      ...(factor.friendlyName && { label: factor.friendlyName }),
    }))
  if (user.emailSecondFactor && firstMethods.includes('password')) {
    factors.push({ id: 'email_code:2', strategy: 'email_code', hint: maskedEmail(user.email) })
  }
  if (factors.length > 0 && backupCodesLeft(user) > 0) factors.push({ id: 'backup_code:1', strategy: 'backup_code' })
  return factors.map((factor, index) => (index === 0 ? { ...factor, primary: true } : factor))
}
