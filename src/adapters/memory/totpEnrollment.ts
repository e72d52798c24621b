import { AuthError } from '../../core/AuthError.js'
import type { Proof } from '../../core/attempt.js'
import type { EnrollParams, Enrollment, Verified } from '../../core/enrollment.js'
import { complete, requireAttempt, requireStatus, secondFactorsFor, showAttempt } from './attemptRecord.js'
import { wrongCode } from './codeChallenge.js'
import type { AttemptRecord, Browser, MemoryStore, TotpFactor, UserRecord } from './memoryStore.js'
import { randomBackupCodes } from './randomText.js'
import { prove, requireElevated, requireSession, tellLater } from './sessionRecord.js'
import { checkTotp, newTotpFactor, newTotpSecret, totpUri } from './totpFactor.js'
import { forgetTrust, unusedCodes } from './user.js'
import { refuseTakenName, removeTotp, showTotp, standingTotp } from './userFactors.js'

/** `manager` is the signed-in user; `null` inside a sign-in that asks for an enrolment. */
export function enrollTotp(
  store: MemoryStore,
  browser: Browser,
  manager: UserRecord | null,
  params: EnrollParams & { type: 'totp' },
): Enrollment {
  const { settings, clock } = store
  const record = params.attempt ? requireEnrolling(store, requireAttempt(store, browser, params.attempt.id)) : null
  const user = manager ?? record?.user
  if (!user) throw new AuthError('attempt_lost')
  if (params.friendlyName) refuseTakenName(store, user, params.friendlyName)
  const now = clock.now()
  const secret = newTotpSecret()
  const factor = newTotpFactor(secret, now)
  factor.friendlyName = params.friendlyName
  factor.enrollment = {
    factorId: factor.id,
    browser,
    attemptId: record?.id,
    triesLeft: settings.triesPerChallenge,
    expiresAt: now + settings.enrollmentMs,
  }
  user.totp.push(factor)
  return {
    status: 'pending',
    id: factor.id,
    type: 'totp',
    secret,
    uri: totpUri(secret, params.issuer ?? settings.issuer, params.user ?? user.email),
    expiresInMs: settings.enrollmentMs,
  }
}

/**
 * Called again after it has succeeded, it answers with the factor and without backup codes: they are shown once, and nobody can tell whether
 * the first answer arrived. Rejects `factor_not_found` when the enrolment has expired or is gone.
 */
export function verifyTotp(store: MemoryStore, browser: Browser, params: { enrollmentId: string } & Proof): Verified {
  const found = findEnrollment(store, browser, params.enrollmentId)
  const attemptId = found?.factor.enrollment?.attemptId
  const record = attemptId ? requireAttempt(store, browser, attemptId, true) : null
  const session = record ? null : requireSession(store, browser)
  if (!found || (session && session.user !== found.user)) throw new AuthError('factor_not_found')
  const { user, factor } = found
  const answer = (backupCodes?: readonly string[]): Verified => ({
    factor: showTotp(factor),
    ...(backupCodes && { backupCodes }),
    ...(record && { attempt: showAttempt(store, record) }),
  })
  if (factor.verified) return answer()
  // Both are asked again, because another browser may have enrolled a factor since: it must not be passed by with a later one.
  if (record) requireEnrolling(store, record)
  if (session) requireElevated(session)
  proveTotp(store, user, factor, params)
  const passed = { factorId: `totp:${factor.id}`, method: 'totp', at: store.clock.now() } as const
  const backupCodes = user.totp.some((other) => other.verified && other !== factor) ? undefined : randomBackupCodes()
  if (backupCodes) user.backupCodes = unusedCodes(backupCodes)
  forgetTrust(store, user)
  if (record) {
    record.second.passed = passed
    complete(store, record)
  }
  if (session) {
    prove(session, null, passed)
    tellLater(browser)
  }
  return answer(backupCodes)
}

/** Leaves verified factors and other browsers' enrolments alone, and does not tell them apart. */
export function abandonTotp(store: MemoryStore, browser: Browser, enrollmentId: string): void {
  const found = findEnrollment(store, browser, enrollmentId)
  if (found && !found.factor.verified) removeTotp(found.user, enrollmentId)
}

function proveTotp(store: MemoryStore, user: UserRecord, factor: TotpFactor, proof: Proof): void {
  if (!('code' in proof)) throw new AuthError('not_supported')
  factor.verified = checkTotp(factor, proof.code, store.clock.now()) === 'right'
  if (factor.verified || !factor.enrollment) return
  throw wrongCode(factor.enrollment, () => removeTotp(user, factor.id))
}

/** Rejects `attempt_lost` when the user has enrolled a factor elsewhere since: sign-in has to ask for that one. */
function requireEnrolling(store: MemoryStore, record: AttemptRecord): AttemptRecord {
  requireStatus(record, 'needs_enrollment')
  if (secondFactorsFor(store, record)?.length) throw new AuthError('attempt_lost')
  return record
}

function findEnrollment(store: MemoryStore, browser: Browser, id: string): { user: UserRecord; factor: TotpFactor } | null {
  for (const user of store.users.values()) {
    const factor = standingTotp(store, user).find((candidate) => candidate.id === id && candidate.enrollment?.browser === browser)
    if (factor) return { user, factor }
  }
  return null
}
