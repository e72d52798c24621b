import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { dropAttempt, requireStatus } from './attemptRecord.js'
import { goOn } from './firstFactor.js'
import type { NewPasswordRules } from './memoryOptions.js'
import type { AttemptRecord, MemoryStore } from './memoryStore.js'
import { currentSession, endOthers } from './sessionRecord.js'

export const minLengthOf = ({ minLength = 8 }: NewPasswordRules) => minLength

/** Rejects `password_weak`, `password_pwned` (both with `reasons`) and `password_same`; the attempt stays where it is. */
export function setPassword(
  store: MemoryStore,
  record: AttemptRecord,
  { password, signOutOfOtherSessions }: { password: string; signOutOfOtherSessions?: boolean },
): void {
  requireStatus(record, 'needs_new_password')
  const { user, first } = record
  if (!user || !first.passed) throw new AuthError('attempt_lost')
  refuseBad(store.settings.newPassword, password)
  if (password === user.password) throw refusal('password_same')
  user.password = password
  record.notice = 'password_changed'
  if (signOutOfOtherSessions) endOthers(store, user, currentSession(store, record.browser))
  if (store.settings.resetSignsIn) return goOn(store, record, user, first.passed.method)
  record.status = 'needs_identifier'
  dropAttempt(store, record)
}

function refuseBad(rules: NewPasswordRules, password: string): void {
  const { length } = [...password]
  const { maxLength = Infinity, blocklist = [] } = rules
  if (length < minLengthOf(rules) || length > maxLength) throw refusal('password_weak', 'length')
  if (blocklist.includes(password)) throw refusal('password_pwned', 'pwned')
}

function refusal(code: AuthErrorCode, ...reasons: string[]): AuthError {
  return new AuthError(code, undefined, { field: 'password', ...(reasons.length > 0 && { reasons }) })
}
