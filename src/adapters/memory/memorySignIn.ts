import type { SignInApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { AttemptRef, CreateParams } from '../../core/attempt.js'
import {
  complete,
  dropAttempt,
  findAttempt,
  openAttempt,
  requireAttempt,
  requireSessionOf,
  requireStatus,
  showAttempt,
} from './attemptRecord.js'
import { passFirst, passFirstFactor } from './firstFactor.js'
import type { Commits } from './memoryCall.js'
import type { AttemptRecord, Browser, MemoryStore } from './memoryStore.js'
import { prepareFactor } from './prepareFactor.js'
import { passSecondFactor } from './secondFactor.js'
import { currentSession, endSession, prove, showSession, tellLater } from './sessionRecord.js'
import { refuseLocked, requirePassword, userByEmail } from './user.js'

export function memorySignIn(store: MemoryStore, browser: Browser): Commits<SignInApi> {
  /** Acts on an open attempt and shows what became of it; on a step-up only as long as the session that it is for is this browser's. */
  function step({ id }: AttemptRef, act?: (record: AttemptRecord) => void) {
    const record = requireAttempt(store, browser, id)
    if (record.level) requireSessionOf(store, record)
    act?.(record)
    return showAttempt(store, record)
  }

  return {
    create(params) {
      const { identifier, password } = requireEmail(params)
      const user = userByEmail(store, identifier)
      // Refused before there is an attempt: whoever fails here has nothing to go on with.
      if (password !== undefined) refuseLocked(store, requirePassword(user, password))
      const record = openAttempt(store, browser, { identifier, user })
      if (user && password !== undefined) passFirst(store, record, user, 'password:1', 'password')
      return showAttempt(store, record)
    },

    resume() {
      const record = browser.attempt && findAttempt(store, browser, browser.attempt.id)
      const orphaned = record?.level && currentSession(store, browser) !== record.session
      return { attempt: record && !orphaned ? showAttempt(store, record) : null }
    },

    reload: (attempt) => step(attempt),

    prepareFirstFactor: (attempt, { factorId }) => step(attempt, (record) => prepareFactor(store, record, 'first', factorId)),

    attemptFirstFactor: (attempt, params) => step(attempt, (record) => passFirstFactor(store, record, params)),

    prepareSecondFactor: (attempt, { factorId }) => step(attempt, (record) => prepareFactor(store, record, 'second', factorId)),

    attemptSecondFactor: (attempt, params) =>
      step(attempt, (record) => {
        const user = passSecondFactor(store, record, params)
        if (params.trustDevice && store.settings.trustDevice && !record.level) {
          browser.trusted.set(user.id, store.clock.now() + store.settings.trustMs)
        }
        complete(store, record)
      }),

    finish({ id }) {
      // Finished ones too: a lost answer may be asked for again.
      const record = requireAttempt(store, browser, id, true)
      requireStatus(record, 'complete')
      const session = requireSessionOf(store, record)
      if (record.level && !record.finished) {
        prove(session, record.first.passed, record.second.passed)
        tellLater(browser)
      }
      record.finished = true
      if (browser.attempt === record) browser.attempt = null
      return showSession(store, session)
    },

    cancel({ id }) {
      const record = findAttempt(store, browser, id)
      if (!record) return
      dropAttempt(store, record)
      if (!record.level && browser.session === record.session) endSession(store, browser)
    },
  }
}

/** Judges the text alone, so that the answer is the same for known and unknown addresses. */
function requireEmail(params: CreateParams): { identifier: string; password?: string } {
  if ('strategy' in params) throw new AuthError('not_supported')
  if (!/^\s*[^\s@]+@[^\s@]+\s*$/.test(params.identifier)) {
    throw new AuthError('identifier_invalid', undefined, { field: 'identifier' })
  }
  return params
}
