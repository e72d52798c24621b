import type { SignInAttempt } from './attempt.js'
import { AuthError, toAuthError } from './AuthError.js'
import { readBeginning } from './beginning.js'
import { createCompletion } from './completion.js'
import { continueSignIn, type SignInParts } from './continueSignIn.js'
import { hasChallenge, transition, type FlowEvent, type FlowState, type Verb } from './flow.js'
import { initialState } from './initialState.js'
import type { Ask, Wait } from './lane.js'
import { createProving } from './proving.js'
import { recoverCreate, Restart } from './recover.js'
import { createReturning } from './returning.js'
import type { SignInRunner } from './signInVerbs.js'
import { createStore } from './store.js'
import { preparationOf, screenOf } from './screenOf.js'
import { createWatch } from './watch.js'

/** The only caller of an adapter during a flow. Verbs resolve; errors land in the state. */
export function createSignInRunner(parts: SignInParts): SignInRunner {
  const { adapter, clock, lane, sessions, emit, report, page } = parts
  const store = createStore(initialState)
  const { signIn } = adapter
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

  function verb(name: Verb, work: (ask: Ask, wait: Wait) => Promise<void>, identifier?: string): Promise<void> {
    if (!lane.busy) {
      returning.stale()
      watch.stop()
      dispatch({ type: 'began', verb: name, ...(identifier !== undefined && { identifier }) })
    }
    return lane.run(name, async (ask, wait) => {
      try {
        await work(ask, wait)
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
    proving.forget()
    made = null
    completion.tell(session)
  })

  function abandon(error?: AuthError): Promise<void> {
    const state = store.get()
    const attempt = 'attempt' in state ? state.attempt : null
    proving.forget()
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

  const proving = createProving(parts, {
    get: store.get,
    dispatch,
    verb,
    go,
    renew: (ask, { attempt, factor }) => prepare(ask, attempt, factor),
    made: (attempt) => (made = attempt),
  })

  const returning = createReturning(parts, { get: store.get, dispatch, verb, go, pickUp, watch })

  const runner: SignInRunner = {
    get: store.get,
    subscribe: store.subscribe,
    onComplete: completion.listen,

    restore: returning.restore,
    resume: returning.resume,
    look: returning.look,

    create: (beginning) =>
      verb(
        'create',
        async (ask, wait) => {
          const { captchaToken, prefer, popup, params } = readBeginning(await wait(beginning), page)
          proving.forget()
          made = null
          watch.opened(popup)
          let attempt: SignInAttempt
          try {
            attempt = await ask(
              async (o) => (made = await signIn.create(params, { ...o, ...(captchaToken && { captchaToken }) })),
            )
          } catch (thrown) {
            if (!('password' in params) || params.password === undefined) throw thrown
            attempt = await recoverCreate(signIn, ask, toAuthError(thrown))
          }
          await go(ask, attempt, prefer, { popup })
        },
        'identifier' in beginning ? beginning.identifier : undefined,
      ),

    chooseWallet: (choice) => dispatch({ type: 'asked_for_wallet', choice }),

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

    submit: proving.submit,
    submitPasskey: proving.submitPasskey,
    resetPassword: proving.resetPassword,

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
