import { AuthError } from '../../core/AuthError.js'
import type { FactorOption, SignInAttempt, Verification } from '../../core/attempt.js'
import type { SecondStrategy, Strategy } from '../../core/strategy.js'
import { showChallenge } from './codeChallenge.js'
import { firstFactorsOf } from './firstFactorOptions.js'
import type { AttemptRecord, Browser, FactorRecord, MemoryStore, Phase, SessionRecord } from './memoryStore.js'
import { randomId } from './randomText.js'
import { secondFactorsOf } from './secondFactorOptions.js'
import { requireSession, startSession, usableSecondFactors } from './sessionRecord.js'

type Opening = Pick<AttemptRecord, 'identifier' | 'user'> &
  Partial<Pick<AttemptRecord, 'level' | 'session' | 'status' | 'only' | 'wallet'>>

/** What the answer to a check does that the backend had to wait for. Called if the attempt is open still. */
export type Later = Promise<(record: AttemptRecord) => void>

export function openAttempt(store: MemoryStore, browser: Browser, opening: Opening): AttemptRecord {
  const { level, only } = opening
  const record: AttemptRecord = {
    purpose: level ? 'step_up' : only?.startsWith('reset_') ? 'reset_password' : 'sign_in',
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
  return record
}

/** From now on it is this browser's, for `resume`. */
export function hold(record: AttemptRecord): AttemptRecord {
  record.browser.attempt = record
  return record
}

/** The person is back from a provider, or takes another way after all: what the provider says then is too late. */
export function comeBack(record: AttemptRecord): void {
  if (record.status !== 'needs_redirect') return
  record.status = 'needs_first_factor'
  record.first.challenges.clear()
}

/** What waits for the token of a link, or for the state of a provider: whoever knows the one must not pass for knowing the other. */
export function findSent(store: MemoryStore, code: string, kind: 'isLink' | 'providerUrl') {
  for (const record of store.attempts.values()) {
    for (const step of ['first', 'second'] as const) {
      for (const challenge of record[step].challenges.values()) {
        const { sent, factorId } = challenge
        if (sent?.code === code && sent[kind]) return { record, step, factorId, challenge }
      }
    }
  }
  return null
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
  if (record.status !== status) throw new AuthError('not_supported', `The attempt is at ${record.status}.`)
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

/** `null` as long as the first factor has not been passed. */
export function secondFactorsFor(
  store: MemoryStore,
  { user, status, first, session }: AttemptRecord,
): FactorOption<SecondStrategy>[] | null {
  if (!user || /^needs_(identifier|first|redirect|new)/.test(status)) return null
  if (first.passed) return secondFactorsOf(store, user, [first.passed.method])
  return session && usableSecondFactors(store, session)
}

export function showAttempt(store: MemoryStore, record: AttemptRecord): SignInAttempt {
  const { id, purpose, level, identifier, session, status, notice, first } = record
  const shown = {
    id,
    purpose,
    identifier,
    supportedFirstFactors: firstFactorsOf(store, record),
    supportedSecondFactors: secondFactorsFor(store, record),
    firstFactorVerification: showPhase(store, first),
    secondFactorVerification: showPhase(store, record.second),
    cancelSignsOut: !level && session !== null,
    ...(notice && { notice }),
    expiresInMs: record.expiresAt - store.clock.now(),
  } as const
  if (status === 'needs_enrollment') return { ...shown, status, enroll: enrollable(store) }
  if (status === 'needs_redirect') return { ...shown, status, redirectUrl: currentOf(first)?.sent?.providerUrl ?? '' }
  return { ...shown, status }
}

/** What makes a second factor once it is enrolled. */
export function enrollable(store: MemoryStore) {
  return store.settings.enroll.filter((type) => type !== 'webauthn' || keysAreSecond(store))
}

function keysAreSecond({ settings }: MemoryStore): boolean {
  return settings.secondFactors.some((one) => one.endsWith('key'))
}

/** A passkey that proves a first factor and nothing more. */
export function isFirstOnly(store: MemoryStore, factor: FactorRecord): boolean {
  return 'credential' in factor && !keysAreSecond(store)
}

function showPhase(store: MemoryStore, phase: Phase): Verification | null {
  if (phase.passed) return { status: 'verified', factorId: phase.passed.factorId }
  const challenge = currentOf(phase)
  return challenge ? showChallenge(store, challenge) : null
}

function currentOf({ challenges, current }: Phase) {
  return challenges.get(current ?? '')
}
