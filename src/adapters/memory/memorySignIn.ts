import type { SignInApi } from '../../core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../core/attempt.js'
import {
  dropAttempt,
  findAttempt,
  hold,
  type Later,
  openAttempt,
  requireAttempt,
  requireSessionOf,
  requireStatus,
  showAttempt,
} from './attemptRecord.js'
import { beginWith } from './beginWith.js'
import { passFirst, passFirstFactor } from './firstFactor.js'
import { requireIdentifier, userByIdentifier } from './identifier.js'
import { land } from './landing.js'
import { resets } from './memoryCapabilities.js'
import type { Commits } from './memoryCall.js'
import type { AttemptRecord, Browser, MemoryStore } from './memoryStore.js'
import { prepareFactor } from './prepareFactor.js'
import { setPassword } from './resetPassword.js'
import { passSecondFactor } from './secondFactor.js'
import { currentSession, endSession, prove, showSession, tellLater } from './sessionRecord.js'
import { refuseLocked, requirePassword } from './user.js'

export function memorySignIn(store: MemoryStore, browser: Browser): Commits<SignInApi> {
  /** On a step-up only as long as the session that it is for is this browser's. */
  function open({ id }: AttemptRef, finishedToo = false): AttemptRecord {
    const record = requireAttempt(store, browser, id, finishedToo)
    if (record.level) requireSessionOf(store, record)
    return record
  }

  /** Acts on an open attempt and shows what became of it. */
  function step(ref: AttemptRef, act: (record: AttemptRecord) => Later | void): SignInAttempt | Promise<SignInAttempt> {
    const record = open(ref)
    const later = act(record)
    return later ? later.then((commit) => step(ref, commit)) : showAttempt(store, record)
  }

  return {
    create(params) {
      if ('strategy' in params) return showAttempt(store, hold(beginWith(store, browser, params)))
      const { identifier, password } = params
      requireIdentifier(store, identifier)
      const user = userByIdentifier(store, identifier)
      // Refused before there is an attempt: whoever fails here has nothing to go on with.
      const proved = password !== undefined && requirePassword(user, password)
      if (proved) refuseLocked(store, proved)
      const record = hold(openAttempt(store, browser, { identifier, user }))
      if (proved) passFirst(store, record, proved, 'password:1', 'password')
      return showAttempt(store, record)
    },

    ...(store.settings.firstFactors.includes('passkey') && {
      passkeyOptions() {
        // It becomes the browser's attempt when a passkey answers it.
        const record = openAttempt(store, browser, { identifier: null, user: null, only: 'passkey' })
        prepareFactor(store, record, 'first', { factorId: 'passkey' })
        const { publicKey = null } = record.first.challenges.get('passkey')?.sent?.facts ?? {}
        return { id: record.id, publicKey, expiresInMs: store.settings.ceremonyMs }
      },
    }),

    resume({ url = '' }) {
      const record = browser.attempt && findAttempt(store, browser, browser.attempt.id)
      const orphaned = record?.level && currentSession(store, browser) !== record.session
      return land(store, browser, url) ?? { attempt: record && !orphaned ? showAttempt(store, record) : null }
    },

    // Finished ones too: another tab may have finished it.
    reload: (attempt) => showAttempt(store, open(attempt, true)),

    prepareFirstFactor: (attempt, params) => step(attempt, (record) => prepareFactor(store, record, 'first', params)),

    attemptFirstFactor: (attempt, params) => step(attempt, (record) => passFirstFactor(store, record, params)),

    prepareSecondFactor: (attempt, params) => step(attempt, (record) => prepareFactor(store, record, 'second', params)),

    attemptSecondFactor: (attempt, params) => step(attempt, (record) => passSecondFactor(store, record, params)),

    ...(resets(store.settings) && {
      resetPassword: (ref: AttemptRef, params: { password: string; signOutOfOtherSessions?: boolean }) =>
        step(ref, (record) => setPassword(store, record, params)),
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
      // Finished, it is a session: ending that is for `signOut`.
      if (!record || record.finished) return
      dropAttempt(store, record)
      if (!record.level && browser.session === record.session) endSession(store, browser)
    },
  }
}
