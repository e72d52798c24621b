import { AuthError } from '../../core/AuthError.js'
import type { FactorOption, SignInAttempt, Verification } from '../../core/attempt.js'
import type { Strategy } from '../../core/strategy.js'
import { showChallenge } from './codeChallenge.js'
import type { AttemptRecord, Browser, FirstMethod, MemoryStore, Phase, SecondMethod, SessionRecord } from './memoryStore.js'
import { randomId } from './randomText.js'
import { requireSession, startSession } from './sessionRecord.js'
import { maskedEmail, secondFactorsOf } from './user.js'

type Opening = Pick<AttemptRecord, 'identifier' | 'user'> & Partial<Pick<AttemptRecord, 'level' | 'session' | 'status'>>

export function openAttempt(store: MemoryStore, browser: Browser, opening: Opening): AttemptRecord {
  const record: AttemptRecord = {
    level: null,
    session: null,
    status: 'needs_first_factor',
    ...opening,
    id: randomId('attempt'),
    browser,
    finished: false,
    expiresAt: 0,
    first: newPhase(),
    second: newPhase(),
  }
  prolong(store, record)
  store.attempts.set(record.id, record)
  browser.attempt = record
  return record
}

function newPhase(): Phase {
  return { passed: null, challenges: new Map(), current: null }
}

/** An attempt stays open while something succeeds on it, and while a code is out: else an expired code could not be told as expired. */
export function prolong(store: MemoryStore, record: AttemptRecord, codeMs = 0): void {
  record.expiresAt = Math.max(record.expiresAt, store.clock.now() + codeMs + store.settings.attemptMs)
}

/** `null` too for another browser's attempt: an id is no key. */
export function findAttempt(store: MemoryStore, browser: Browser, id: string): AttemptRecord | null {
  const record = store.attempts.get(id)
  if (!record || record.browser !== browser) return null
  if (record.expiresAt > store.clock.now()) return record
  dropAttempt(store, record)
  return null
}

/** Rejects `attempt_lost` for an id that is unknown, expired, cancelled or, unless `finishedToo`, finished. */
export function requireAttempt(store: MemoryStore, browser: Browser, id: string, finishedToo = false): AttemptRecord {
  const record = findAttempt(store, browser, id)
  if (!record || (record.finished && !finishedToo)) throw new AuthError('attempt_lost')
  return record
}

/** The session that the attempt made or steps up. Rejects when it is over, or when this browser has another by now. */
export function requireSessionOf(store: MemoryStore, record: AttemptRecord): SessionRecord {
  const session = requireSession(store, record.browser)
  if (session === record.session) return session
  throw new AuthError('session_mismatch')
}

/** Rejects `not_supported` when a verb comes before or after its step. */
export function requireStatus(record: AttemptRecord, status: AttemptRecord['status']): void {
  if (record.status !== status) throw new AuthError('not_supported', `This is for ${status}; the attempt is at ${record.status}.`)
}

export function requireOption<S extends Strategy>(options: readonly FactorOption<S>[] | null, factorId: string): FactorOption<S> {
  const option = options?.find(({ id }) => id === factorId)
  if (!option) throw new AuthError('factor_not_found')
  return option
}

/** The attempt has all that it asked for. A sign-in makes its session now; a step-up raises its session at `finish`. */
export function complete(store: MemoryStore, record: AttemptRecord): void {
  record.status = 'complete'
  const { first, second, user } = record
  if (!record.level && user && first.passed) {
    record.session = startSession(store, record.browser, user, first.passed, second.passed)
  }
}

export function dropAttempt(store: MemoryStore, record: AttemptRecord): void {
  store.attempts.delete(record.id)
  if (record.browser.attempt === record) record.browser.attempt = null
}

/**
 * The same two for every identifier, known or not. A step-up knows its person, so it may say where the code goes, and leaves that code out
 * where no second factor could follow it.
 */
export function firstFactorsOf(record: AttemptRecord): FactorOption<FirstMethod>[] {
  const password = { id: 'password:1', strategy: 'password', primary: true } as const
  const emailCode = { id: 'email_code:1', strategy: 'email_code' } as const
  if (!record.level || !record.user) return [password, emailCode]
  if (record.level === 'second_factor') return []
  if (record.level === 'multi_factor' && secondFactorsOf(record.user, ['email_code']).length === 0) return [password]
  return [password, { ...emailCode, hint: maskedEmail(record.user.email) }]
}

/** `null` as long as the first factor has not been passed. */
export function secondFactorsFor(store: MemoryStore, record: AttemptRecord): FactorOption<SecondMethod>[] | null {
  if (!record.user || record.status === 'needs_first_factor') return null
  if (record.first.passed) return secondFactorsOf(record.user, [record.first.passed.method])
  return secondFactorsOf(record.user, [...(record.session?.methods.keys() ?? [])])
}

export function showAttempt(store: MemoryStore, record: AttemptRecord): SignInAttempt {
  const { id, level, identifier, session, status } = record
  const shown = {
    id,
    purpose: level ? ('step_up' as const) : ('sign_in' as const),
    identifier,
    supportedFirstFactors: firstFactorsOf(record),
    supportedSecondFactors: secondFactorsFor(store, record),
    firstFactorVerification: showPhase(store, record.first),
    secondFactorVerification: showPhase(store, record.second),
    cancelSignsOut: !level && session !== null,
    expiresInMs: record.expiresAt - store.clock.now(),
  }
  return status === 'needs_enrollment' ? { ...shown, status, enroll: ['totp'] } : { ...shown, status }
}

function showPhase(store: MemoryStore, phase: Phase): Verification | null {
  if (phase.passed) return { status: 'verified', factorId: phase.passed.factorId }
  const challenge = phase.current === null ? undefined : phase.challenges.get(phase.current)
  return challenge ? showChallenge(store, challenge) : null
}
