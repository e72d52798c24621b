import { AuthError } from '../../core/AuthError.js'
import type { FactorRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { plainBackupCode, randomId } from './randomText.js'
import type { SeedUser } from './seedUser.js'
import { newTotpFactor } from './totpFactor.js'

export function userRecord(seed: SeedUser, now: number, lockMs: number): UserRecord {
  const { totp, backupCodes = [], locked, passkeys = [], wallets = [], emailSecondFactor, phoneSecondFactor, ...rest } = seed
  const { email, phone } = seed
  const proved = { createdAt: now, verified: true }
  const factors: FactorRecord[] = passkeys.map(({ strategy = 'passkey', counter = 0, friendlyName, transports, ...key }) => ({
    ...proved,
    id: randomId('factor'),
    strategy,
    friendlyName,
    transports,
    credential: { ...key, counter },
  }))
  if (phoneSecondFactor && phone) factors.unshift({ ...proved, id: randomId('factor'), strategy: 'phone_code', address: phone })
  if (totp) factors.unshift({ ...newTotpFactor(totp.secret, now), verified: true })
  if (emailSecondFactor) factors.push({ id: 'factor_email', strategy: 'email_code', verified: true, address: email })
  return {
    ...rest,
    factors,
    wallets: wallets.map((address) => address.toLowerCase()),
    backupCodes: unusedCodes(backupCodes),
    failures: 0,
    lockedUntil: locked ? now + lockMs : 0,
  }
}

/** One answer for a wrong password and for nobody at all, whatever else is true of the user. */
export function requirePassword(user: UserRecord | null, password: string | undefined): UserRecord {
  if (user && password !== undefined && password === user.password) return user
  throw new AuthError('invalid_credentials', undefined, { field: 'password' })
}

export function unusedCodes(codes: readonly string[]): UserRecord['backupCodes'] {
  return codes.map((code) => ({ plain: plainBackupCode(code), used: false }))
}

export function backupCodesLeft(user: UserRecord): number {
  return user.backupCodes.filter((code) => !code.used).length
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
