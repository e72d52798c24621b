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
  const [code, ...reasons] = faultOf(store.settings.newPassword, password, user.password)
  if (code) throw new AuthError(code, undefined, { field: 'password', ...(reasons[0] && { reasons }) })
  user.password = password
  record.notice = 'password_changed'
  if (signOutOfOtherSessions) endOthers(store, user, currentSession(store, record.browser))
  if (store.settings.resetSignsIn) return goOn(store, record, user, first.passed.method)
  record.status = 'needs_identifier'
  dropAttempt(store, record)
}

function faultOf(rules: NewPasswordRules, password: string, old: string | undefined): [AuthErrorCode?, ...string[]] {
  const { length } = [...password]
  const { maxLength = Infinity, blocklist = [] } = rules
  if (length < minLengthOf(rules) || length > maxLength) return ['password_weak', 'length']
  if (blocklist.includes(password)) return ['password_pwned', 'pwned']
  return password === old ? ['password_same'] : []
}
