import { AuthError } from '../../core/AuthError.js'
import type { Proof } from '../../core/attempt.js'
import { complete, dropAttempt, firstFactorsOf, prolong, requireOption, requireStatus } from './attemptRecord.js'
import { isSentCode, requireSent, wrongCode } from './codeChallenge.js'
import type { AttemptRecord, FirstMethod, MemoryStore, UserRecord } from './memoryStore.js'
import { refuseLocked, requirePassword, secondFactorsOf } from './user.js'

export function passFirstFactor(store: MemoryStore, record: AttemptRecord, params: { factorId: string } & Proof): void {
  const { factorId } = params
  requireStatus(record, 'needs_first_factor')
  const { strategy } = requireOption(firstFactorsOf(record), factorId)
  if (strategy === 'password' && 'password' in params) {
    return passFirst(store, record, requirePassword(record.user, params.password), factorId, strategy)
  }
  if (strategy !== 'email_code' || !('code' in params)) throw new AuthError('not_supported')
  const challenge = requireSent(store, record.first.challenges.get(factorId))
  // The code of an unknown address went nowhere; should a guess hit it, it is a wrong code all the same.
  if (record.user && isSentCode(challenge, params.code)) return passFirst(store, record, record.user, factorId, strategy)
  throw wrongCode(challenge, () => dropAttempt(store, record))
}

/** What comes after a proved first factor: a lock, the second factor, an enrolment, or nothing more. */
export function passFirst(
  store: MemoryStore,
  record: AttemptRecord,
  user: UserRecord,
  factorId: string,
  method: FirstMethod,
): void {
  const { browser, level } = record
  const now = store.clock.now()
  // A sent code is spent by now, even if a lock follows.
  record.first.challenges.clear()
  refuseLocked(store, user)
  record.first.passed = { factorId, method, at: now }
  prolong(store, record)
  const trusted = !level && (browser.trusted.get(user.id) ?? 0) > now
  const factors = level === 'first_factor' ? [] : secondFactorsOf(user, [method])
  if (factors.length > 0 && !trusted) record.status = 'needs_second_factor'
  else if (factors.length === 0 && !level && store.settings.requireMfa) record.status = 'needs_enrollment'
  else complete(store, record)
}
