import type { AcceptedPasskeys } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import { isFirstOnly } from './attemptRecord.js'
import type { FactorRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { handleOf } from './passkey.js'
import { hintOf, isKey, secondFactorsOf } from './secondFactorOptions.js'

/** The user's factors, without enrolments that have expired. */
export function standingFactors(store: MemoryStore, user: UserRecord): FactorRecord[] {
  const now = store.clock.now()
  return user.factors.filter(({ verified, enrollment }) => verified || (enrollment && enrollment.expiresAt > now))
}

/** Unproved enrolments are listed too, under the id that `abandon` takes. */
export function listFactors(store: MemoryStore, user: UserRecord): Factor[] {
  return standingFactors(store, user).map((one) => showFactor(store, one))
}

export function showFactor(store: MemoryStore, factor: FactorRecord): Factor {
  const { id, strategy, verified, friendlyName, createdAt, lastUsedAt, isDefault } = factor
  return {
    id,
    strategy,
    status: verified ? 'verified' : 'unverified',
    removable: true,
    friendlyName,
    ...hintOf(factor),
    isDefault,
    ...(isFirstOnly(store, factor) && { changes: ['rename'] }),
    ...(createdAt !== undefined && { createdAt: new Date(createdAt).toISOString() }),
    ...(lastUsedAt !== undefined && { lastUsedAt: new Date(lastUsedAt).toISOString() }),
  }
}

/** Without any second factor left, backup codes have nothing to stand in for, and no session is at aal2 any more. */
export function removeFactor(store: MemoryStore, user: UserRecord, factorId: string): void {
  requireFactor(store, user, factorId)
  dropFactor(user, factorId)
  if (secondFactorsOf(store, user, ['password']).length > 0) return
  user.backupCodes = []
  for (const session of store.sessions) {
    if (session.user !== user || !session.second) continue
    if (session.second.method !== session.first.method) session.methods.delete(session.second.method)
    session.second = null
  }
}

export function dropFactor(user: UserRecord, factorId: string): void {
  user.factors = user.factors.filter(({ id }) => id !== factorId)
}

export function renameFactor(store: MemoryStore, user: UserRecord, factorId: string, friendlyName: string): Factor {
  const factor = requireFactor(store, user, factorId)
  refuseTakenName(store, user, friendlyName, factor)
  factor.friendlyName = friendlyName
  return showFactor(store, factor)
}

/** Rejects `not_supported` for one that is not proved, or that is no second factor here. */
export function makeDefault(store: MemoryStore, user: UserRecord, factorId: string): void {
  const factor = requireFactor(store, user, factorId)
  if (!factor.verified || isFirstOnly(store, factor)) throw new AuthError('not_supported')
  for (const one of user.factors) one.isDefault = one === factor
  // Keys are one option at sign-in, the first one's.
  dropFactor(user, factorId)
  user.factors.unshift(factor)
}

/** Rejects `not_supported` where there are none. */
export function acceptedPasskeys({ settings: { webAuthn } }: MemoryStore, user: UserRecord): AcceptedPasskeys {
  if (!webAuthn) throw new AuthError('not_supported')
  return {
    rpId: webAuthn.rpId,
    userHandle: handleOf(user),
    credentialIds: user.factors.filter(isKey).map(({ credential }) => credential.id),
  }
}

export function refuseTakenName(store: MemoryStore, user: UserRecord, name: string, own?: FactorRecord): void {
  if (standingFactors(store, user).some((other) => other !== own && other.friendlyName === name)) {
    throw new AuthError('factor_name_taken', undefined, { field: 'friendlyName' })
  }
}

function requireFactor(store: MemoryStore, user: UserRecord, factorId: string): FactorRecord {
  const factor = standingFactors(store, user).find(({ id }) => id === factorId)
  if (!factor) throw new AuthError('factor_not_found')
  return factor
}
