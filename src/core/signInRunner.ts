import type { SignInAttempt } from './attempt.js'
import { AuthError, errorTable, toAuthError } from './AuthError.js'
import { readBeginning } from './beginning.js'
import { createCompletion } from './completion.js'
import { continueSignIn, type SignInParts } from './continueSignIn.js'
import { hasChallenge, transition, type FlowEvent, type FlowState, type Verb } from './flow.js'
import { initialState } from './initialState.js'
import type { Ask } from './lane.js'
import { recover, recoverCreate, Restart } from './recover.js'
import { createReturning } from './returning.js'
import type { SignInRunner } from './signInVerbs.js'
import { createStore } from './store.js'
import { preparationOf, screenOf } from './strategy.js'
import { createWatch } from './watch.js'

/** The only caller of an adapter during a flow. Verbs resolve; errors land in the state. */
export function createSignInRunner(parts: SignInParts): SignInRunner {
  const { adapter, clock, lane, sessions, emit, report, page } = parts
  const store = createStore(initialState)
  const { signIn } = adapter
  /** Set after a lost reply: a refusal of the same challenge may be the echo of an answer that was never seen. */
  let unconfirmed = false
  /** What the newest `create` made, so that leaving before its answer is known can undo it. */
  let made: SignInAttempt | null = null
  const completion = createCompletion(() => lane.busy, report)
  const watch = createWatch(signIn, clock, {
    moved: (attempt) => void verb('reload', (ask) => go(ask, attempt)),
    failed(error) {
      if (store.get().step === 'away') void abandon(error)
      else dispatch({ type: 'failed', error, at: clock.now() })
    },
  })

  function dispatch(event: FlowEvent) {
    const before = store.get()
    store.set(transition(before, event))
    const after = store.get()
    if (after.step !== before.step) emit({ type: 'step', step: after.step, from: before.step })
    if (event.type === 'failed') emit({ type: 'error', code: event.error.code, step: after.step })
  }

  function verb(name: Verb, work: (ask: Ask) => Promise<void>, identifier?: string): Promise<void> {
    if (!lane.busy) {
      returning.stale()
      watch.stop()
      dispatch({ type: 'began', verb: name, ...(identifier !== undefined && { identifier }) })
    }
    return lane.run(name, async (ask) => {
      try {
        await work(ask)
        dispatch({ type: 'settled' })
      } catch (thrown) {
        const restart = thrown instanceof Restart
        dispatch({ type: 'failed', error: restart ? thrown.error : toAuthError(thrown), at: clock.now(), restart })
      }
      completion.settled()
      watch.start(store.get())
    })
  }

  const { go, prepare, pickUp, waiting, wasSent } = continueSignIn(parts, store.get, dispatch, (session) => {
    unconfirmed = false
    made = null
    completion.tell(session)
  })

  function abandon(error?: AuthError): Promise<void> {
    const state = store.get()
    const attempt = 'attempt' in state ? state.attempt : null
    unconfirmed = false
    returning.stale()
    watch.end()
    const left = lane.leave(async () => {
      const given = attempt ?? made
      made = null
      if (given) await signIn.cancel({ id: given.id })
    })
    dispatch({ type: 'left', error })
    return left.then(() => {
      sessions.changed()
      return attempt?.purpose === 'step_up' ? returning.restore() : undefined
    })
  }

  /** Asks for the answer to a proof; where it was lost, where the attempt stands. */
  async function prove(ask: Ask, before: Pick<SignInAttempt, 'id' | 'status'>, call: Parameters<typeof ask<SignInAttempt>>[0]) {
    const { step } = store.get()
    try {
      await go(ask, await ask(call))
      unconfirmed = false
    } catch (thrown) {
      if (store.get().step !== step) throw thrown
      const error = toAuthError(thrown)
      const refused = error.outcome === 'refused'
      if (refused && errorTable[error.code] !== 'restart' && !(unconfirmed && error.field === 'code')) throw error
      const doubt = unconfirmed || !refused
      unconfirmed = !refused
      await go(ask, await recover(signIn, ask, before, error, doubt))
    }
  }

  const returning = createReturning(parts, { get: store.get, dispatch, verb, go, pickUp, watch })

  const runner: SignInRunner = {
    get: store.get,
    subscribe: store.subscribe,
    onComplete: completion.listen,

    restore: returning.restore,
    resume: returning.resume,
    look: returning.look,

    create(beginning) {
      const { captchaToken, prefer, popup, params } = readBeginning(beginning, page)
      const password = 'password' in params ? params.password : undefined
      const work = async (ask: Ask) => {
        unconfirmed = false
        made = null
        watch.opened(popup)
        let attempt: SignInAttempt
        try {
          attempt = await ask(async (o) => (made = await signIn.create(params, { ...o, ...(captchaToken && { captchaToken }) })))
        } catch (thrown) {
          if (password === undefined) throw thrown
          attempt = await recoverCreate(signIn, ask, toAuthError(thrown))
        }
        await go(ask, attempt, prefer, { popup })
      }
      return verb('create', work, 'identifier' in params ? params.identifier : undefined)
    },

    choose: (factorId, way) =>
      verb('prepare', async (ask) => {
        watch.opened(way?.popup)
        dispatch({ type: 'chose', factorId })
        const state = store.get()
        if (!hasChallenge(state) || state.factor.id !== factorId) return
        const { strategy } = state.factor
        if (preparationOf(strategy) === 'never' && screenOf(strategy) !== 'redirect') return
        dispatch({ type: 'began', verb: 'prepare' })
        if (wasSent(state.attempt, state.factor) && waiting(state.factor)) dispatch({ type: 'sent', confirmed: true })
        else await prepare(ask, state.attempt, state.factor, way)
      }),

    send: (way) =>
      verb('prepare', async (ask) => {
        watch.opened(way?.popup)
        const state = store.get()
        // Another tab may have sent since this one was drawn.
        if (hasChallenge(state) && !waiting(state.factor)) await prepare(ask, state.attempt, state.factor, way)
      }),

    submit: ({ trustDevice, ...proof }) =>
      verb('attempt', async (ask) => {
        const state = store.get()
        if (!hasChallenge(state)) throw new AuthError('attempt_lost', 'There is no challenge to answer.')
        const { attempt, factor } = state
        const params = { factorId: factor.id, ...proof }
        await prove(ask, attempt, (o) =>
          state.step === 'first-factor'
            ? signIn.attemptFirstFactor({ id: attempt.id }, params, o)
            : signIn.attemptSecondFactor({ id: attempt.id }, { ...params, ...(trustDevice && { trustDevice }) }, o),
        )
      }),

    submitPasskey: ({ id }, credential) =>
      verb('attempt', (ask) =>
        prove(ask, { id, status: 'needs_first_factor' }, async (o) => {
          return (made = await signIn.attemptFirstFactor({ id }, { factorId: 'passkey', credential }, o))
        }),
      ),

    resetPassword: (params) =>
      verb('attempt', async (ask) => {
        const state = store.get()
        const { resetPassword } = signIn
        if (state.step !== 'new-password' || !resetPassword)
          throw new AuthError('attempt_lost', 'There is no password to be set.')
        const { attempt } = state
        try {
          await go(ask, await ask((o) => resetPassword({ id: attempt.id }, params, o)))
        } catch (thrown) {
          const error = toAuthError(thrown)
          if (error.outcome === 'refused' || store.get().step !== state.step) throw thrown
          const now = await recover(signIn, ask, attempt, error, true).catch((lost: unknown) => {
            if (!(lost instanceof Restart)) throw lost
          })
          if (now) return go(ask, now)
          // The attempt is gone, and it may have gone because the password was set.
          dispatch({ type: 'left', notice: 'password_maybe_changed' })
        }
      }),

    otherWays() {
      if (spending(store.get())) return
      watch.stop()
      void lane.leave(() => Promise.resolve())
      dispatch({ type: 'asked_for_other_ways' })
    },

    back: () => (spending(store.get()) ? Promise.resolve() : abandon()),

    reload: () =>
      verb('reload', async (ask) => {
        const state = store.get()
        if ('attempt' in state) await go(ask, await ask((o) => signIn.reload({ id: state.attempt.id }, o)))
      }),

    stepUp: (level) =>
      verb('create', async (ask) => {
        const { stepUp } = adapter
        if (!stepUp) throw new AuthError('not_supported', `The ${adapter.name} adapter offers no step-up.`)
        await go(ask, await ask((o) => stepUp.create({ level }, o)))
      }),

    signOut: () =>
      verb('signOut', async (ask) => {
        let error: AuthError | undefined
        try {
          await ask(() => adapter.session.signOut())
        } catch (thrown) {
          error = toAuthError(thrown)
          if (error.outcome === 'refused') throw error
        }
        dispatch({ type: 'left', error })
        emit({ type: 'signed_out' })
        sessions.changed()
      }),

    edited: () => dispatch({ type: 'edited' }),
    enrolled: (attempt) => verb('reload', (ask) => go(ask, attempt)),

    proceed() {
      const state = store.get()
      if (state.step === 'complete' && state.restored) completion.tell(state.session)
    },

    stop() {
      returning.stale()
      watch.stop()
      lane.abort()
      dispatch({ type: 'settled' })
    },
  }
  return runner
}

/** A backup code works once: leaving while one is checked would throw it away. */
const spending = (state: FlowState) =>
  state.pending === 'attempt' && hasChallenge(state) && state.factor.strategy === 'backup_code'
