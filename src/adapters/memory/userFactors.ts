import { AuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import type { MemoryStore, TotpFactor, UserRecord } from './memoryStore.js'
import { maskedEmail } from './user.js'

const emailFactorId = 'factor_email'

/** The user's TOTP factors, without enrolments that have expired. */
export function standingTotp(store: MemoryStore, user: UserRecord): TotpFactor[] {
  const now = store.clock.now()
  return user.totp.filter(({ verified, enrollment }) => verified || (enrollment && enrollment.expiresAt > now))
}

/** Unproved enrolments are listed too, under the id that `abandon` takes. */
export function listFactors(store: MemoryStore, user: UserRecord): Factor[] {
  const factors = standingTotp(store, user).map((factor) => showTotp(factor))
  return user.emailSecondFactor ? [...factors, showEmail(user)] : factors
}

export function showTotp({ id, verified, friendlyName, createdAt, lastUsedAt }: TotpFactor): Factor {
  return {
    id,
    strategy: 'totp',
    status: verified ? 'verified' : 'unverified',
    removable: true,
    ...(friendlyName && { friendlyName }),
    createdAt: new Date(createdAt).toISOString(),
    ...(lastUsedAt !== undefined && { lastUsedAt: new Date(lastUsedAt).toISOString() }),
  }
}

function showEmail(user: UserRecord): Factor {
  return {
    id: emailFactorId,
    strategy: 'email_code',
    status: 'verified',
    removable: true,
    hint: maskedEmail(user.email),
  }
}

/** Without any second factor left, backup codes have nothing to stand in for, and no session is at aal2 any more. */
export function removeFactor(store: MemoryStore, user: UserRecord, factorId: string): void {
  if (factorId === emailFactorId && user.emailSecondFactor) user.emailSecondFactor = false
  else if (standingTotp(store, user).some(({ id }) => id === factorId)) removeTotp(user, factorId)
  else throw new AuthError('factor_not_found')
  if (user.emailSecondFactor || user.totp.some(({ verified }) => verified)) return
  user.backupCodes = []
  for (const session of store.sessions) {
    if (session.user !== user || !session.second) continue
    if (session.second.method !== session.first.method) session.methods.delete(session.second.method)
    session.second = null
  }
}

export function removeTotp(user: UserRecord, factorId: string): void {
  user.totp = user.totp.filter(({ id }) => id !== factorId)
}

export function renameFactor(store: MemoryStore, user: UserRecord, factorId: string, friendlyName: string): Factor {
  const factor = standingTotp(store, user).find(({ id }) => id === factorId)
  if (!factor) throw new AuthError('factor_not_found')
  refuseTakenName(store, user, friendlyName, factor)
  factor.friendlyName = friendlyName
  return showTotp(factor)
}

export function refuseTakenName(store: MemoryStore, user: UserRecord, name: string, own?: TotpFactor): void {
  if (standingTotp(store, user).some((other) => other !== own && other.friendlyName === name)) {
    throw new AuthError('factor_name_taken', undefined, { field: 'friendlyName' })
  }
}
