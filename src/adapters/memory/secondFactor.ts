import { AuthError } from '../../core/AuthError.js'
import type { Proof } from '../../core/attempt.js'
import { preparationOf, type SecondStrategy } from '../../core/strategy.js'
import { complete, dropAttempt, type Later, prolong, requireOption, requireStatus, secondFactorsFor } from './attemptRecord.js'
import { isSentCode, requireSent, wrongCode } from './codeChallenge.js'
import type { AttemptRecord, Challenge, MemoryStore, UserRecord } from './memoryStore.js'
import { passKey } from './passkey.js'
import { plainBackupCode } from './randomText.js'
import { checkTotp } from './totpFactor.js'
import { factorOf, refuseLocked } from './user.js'

/**
 * Rejects a wrong code with the tries left. The challenge's last try ends the attempt; the user's tenth failure in a row, over all attempts,
 * locks (both by default). A TOTP code that was right once is `already_used` and no failure: whoever sends it has seen a right one.
 */
export function passSecondFactor(
  store: MemoryStore,
  record: AttemptRecord,
  params: { factorId: string; trustDevice?: boolean } & Proof,
): Later | void {
  const user = requireSecondStep(store, record)
  const { factorId, trustDevice } = params
  const option = requireOption(secondFactorsFor(store, record), factorId)
  const { strategy } = option
  if (strategy.endsWith('key') && 'credential' in params) {
    return passKey(store, record, 'second', option, params.credential, (now) =>
      passSecond(store, now, requireSecondStep(store, now), factorId, strategy, trustDevice),
    )
  }
  if (!/(totp|_code)$/.test(strategy) || !('code' in params)) throw new AuthError('not_supported')
  const { challenges } = record.second
  const found = challenges.get(factorId)
  const isSent = preparationOf(strategy) === 'act'
  const challenge: Challenge = isSent
    ? requireSent(store, found)
    : (found ?? { factorId, triesLeft: store.settings.triesPerChallenge })
  challenges.set(factorId, challenge)
  record.second.current = factorId
  const right = isSent
    ? isSentCode(challenge, params.code)
    : strategy === 'totp'
      ? isTotp(user, factorId, params.code, store.clock.now())
      : takeBackupCode(user, params.code)
  if (!right) throw failed(store, record, user, challenge)
  passSecond(store, record, user, factorId, strategy, trustDevice)
}

/** The second factor is proved. */
export function passSecond(
  store: MemoryStore,
  record: AttemptRecord,
  user: UserRecord,
  factorId: string,
  method: SecondStrategy,
  trustDevice?: boolean,
): void {
  const { settings, clock } = store
  const at = clock.now()
  const factor = factorOf(user, factorId)
  if (factor) factor.lastUsedAt = at
  user.failures = 0
  record.second.challenges.clear()
  record.second.passed = { factorId, method, at }
  prolong(store, record)
  if (trustDevice && settings.trustDevice && !record.level) record.browser.trusted.set(user.id, at + settings.trustMs)
  complete(store, record)
}

export function requireSecondStep(store: MemoryStore, record: AttemptRecord): UserRecord {
  requireStatus(record, 'needs_second_factor')
  if (!record.user) throw new AuthError('attempt_lost')
  refuseLocked(store, record.user)
  return record.user
}

function isTotp(user: UserRecord, factorId: string, code: string, now: number): boolean {
  const factor = factorOf(user, factorId)
  const result = factor?.strategy === 'totp' ? checkTotp(factor, code, now) : 'wrong'
  if (result === 'used') throw new AuthError('already_used', undefined, { field: 'code' })
  return result === 'right'
}

/** A used code is no code: it fails like a wrong one. */
function takeBackupCode(user: UserRecord, typed: string): boolean {
  const plain = plainBackupCode(typed)
  const code = user.backupCodes.find((candidate) => candidate.plain === plain && !candidate.used)
  if (code) code.used = true
  return code !== undefined
}

function failed(store: MemoryStore, record: AttemptRecord, user: UserRecord, challenge: Challenge): AuthError {
  const error = wrongCode(challenge, () => dropAttempt(store, record))
  user.failures += 1
  if (user.failures < store.settings.failuresToLock) return error
  user.failures = 0
  user.lockedUntil = store.clock.now() + store.settings.lockMs
  return new AuthError('locked', undefined, { retryInMs: store.settings.lockMs })
}
