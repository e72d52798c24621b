import { AuthError } from '../../core/AuthError.js'
import type { FactorRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { plainBackupCode, randomId } from './randomText.js'
import type { SeedUser } from './seedUser.js'
import { newTotpFactor } from './totpFactor.js'

export function userRecord(seed: SeedUser, now: number, lockMs: number): UserRecord {
  const { totp, backupCodes = [], locked, passkeys = [], emailSecondFactor, phoneSecondFactor, ...rest } = seed
  const { email, phone } = seed
  const proved = () => ({ id: randomId('factor'), createdAt: now, verified: true })
  const factors: FactorRecord[] = []
  if (totp) factors.push({ ...newTotpFactor(totp.secret, now), verified: true })
  if (phoneSecondFactor && phone) factors.push({ ...proved(), strategy: 'phone_code', address: phone })
  for (const { strategy = 'passkey', friendlyName, transports, counter = 0, ...key } of passkeys) {
    factors.push({ ...proved(), strategy, friendlyName, transports, credential: { ...key, counter } })
  }
  if (emailSecondFactor) factors.push({ id: 'factor_email', strategy: 'email_code', verified: true, address: email })
  return {
    ...rest,
    factors,
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

/** The factor behind a second factor's option. `undefined`: it is of several, or of none. */
export function factorOf({ factors }: UserRecord, optionId: string): FactorRecord | undefined {
  return factors.find(({ id, strategy }) => optionId === `${strategy}:${id}`)
}
