import { AuthError } from '../../core/AuthError.js'
import type { Proof } from '../../core/attempt.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { comeBack, complete, dropAttempt, hold, type Later, prolong, requireOption, requireStatus } from './attemptRecord.js'
import { isSentCode, requireSent, wrongCode } from './codeChallenge.js'
import { firstFactorsOf } from './firstFactorOptions.js'
import type { AttemptRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { passKey } from './passkey.js'
import { secondFactorsOf } from './secondFactorOptions.js'
import { refuseLocked, requirePassword } from './user.js'
import { passWallet } from './walletSignature.js'

export function passFirstFactor(store: MemoryStore, record: AttemptRecord, params: { factorId: string } & Proof): Later | void {
  const { factorId } = params
  comeBack(record)
  requireStatus(record, 'needs_first_factor')
  const option = requireOption(firstFactorsOf(store, record), factorId)
  const { strategy } = option
  const pass = (now: AttemptRecord, user: UserRecord, both = false) => passFirst(store, now, user, factorId, strategy, both)
  if (strategy === 'password' && 'password' in params) {
    return pass(record, requirePassword(record.user, params.password))
  }
  if (strategy === 'passkey' && 'credential' in params) {
    return passKey(store, record, 'first', option, params.credential, pass)
  }
  if (record.wallet && 'signature' in params) {
    return passWallet(store, record, factorId, params.signature, pass)
  }
  if (!strategy.endsWith('_code') || !('code' in params)) throw new AuthError('not_supported')
  const challenge = requireSent(store, record.first.challenges.get(factorId))
  // The code of an unknown address went nowhere; should a guess hit it, it is a wrong code all the same.
  if (record.user && isSentCode(challenge, params.code)) return pass(record, record.user)
  throw wrongCode(challenge, () => dropAttempt(store, record))
}

/** A first factor is proved. `both`: so is the second, by the same act. */
export function passFirst(
  store: MemoryStore,
  record: AttemptRecord,
  user: UserRecord,
  factorId: string,
  method: FirstStrategy,
  both = false,
): void {
  // A sent code is spent by now, even if a lock follows.
  record.first.challenges.clear()
  refuseLocked(store, user)
  record.user = user
  record.identifier ??= user.email
  record.first.passed = { factorId, method, at: store.clock.now() }
  if (both) record.second.passed = record.first.passed
  prolong(store, hold(record))
  if (record.purpose === 'reset_password') record.status = 'needs_new_password'
  else goOn(store, record, user, method)
}

/** What comes after the first factor: the second, an enrolment, or nothing more. */
export function goOn(store: MemoryStore, record: AttemptRecord, user: UserRecord, method: string): void {
  const { browser, level, second } = record
  const trusted = !level && (browser.trusted.get(user.id) ?? 0) > store.clock.now()
  const factors = level === 'first_factor' ? [] : secondFactorsOf(store, user, [method])
  if (second.passed) complete(store, record)
  else if (factors.length > 0 && !trusted) record.status = 'needs_second_factor'
  else if (factors.length === 0 && !level && (user.mustEnroll || store.settings.requireMfa)) record.status = 'needs_enrollment'
  else complete(store, record)
}
