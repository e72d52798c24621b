import type { StepUpLevel } from './adapter.js'
import type { Proof, SignInAttempt } from './attempt.js'
import { AuthError, errorTable, toAuthError } from './AuthError.js'
import { createCompletion, type OnComplete } from './completion.js'
import { continueSignIn, type SignInParts } from './continueSignIn.js'
import { hasChallenge, transition, type FlowEvent, type FlowState, type Verb } from './flow.js'
import { initialState } from './initialState.js'
import type { Ask } from './lane.js'
import { recover, recoverCreate, Restart } from './recover.js'
import { isActive } from './session.js'
import { createStore, type Store } from './store.js'
import { preparationOf } from './strategy.js'

export interface SignInRunner extends Store<FlowState> {
  /** Looks for a session or an attempt that is already there. Shows nothing while it looks and no error if it cannot. */
  restore(): Promise<void>
  create(params: { identifier: string; password?: string | undefined; prefer?: string | undefined }): Promise<void>
  /** Opens a factor. An act of the person: where the strategy sends a code, it is sent, once per attempt while its wait runs. */
  choose(factorId: string): Promise<void>
  /** Sends the code again. Sends nothing while its wait runs. */
  send(): Promise<void>
  submit(proof: Proof & { trustDevice?: boolean }): Promise<void>
  /** Back to the list of factors. Asks the backend nothing. */
  otherWays(): void
  /** Gives the attempt up and goes back to the start; the identifier is kept. Refused while a backup code is being checked. */
  back(): Promise<void>
  /** Asks the backend where the attempt stands. */
  reload(): Promise<void>
  stepUp(level: StepUpLevel): Promise<void>
  signOut(): Promise<void>
  /** The person changed what they typed, so the error no longer speaks of it. */
  edited(): void
  /** An enrolment inside the sign-in is done. */
  enrolled(attempt: SignInAttempt): Promise<void>
  /** Takes the session that `restore` found as this sign-in's outcome. */
  proceed(): void
  /**
   * Called once for each sign-in, after the session is committed. The answer ends it; a sign-in that is under way then is still told of, so that a
   * component need not stay for it.
   */
  onComplete(complete: OnComplete | undefined): () => void
  /** The page is leaving: aborts what is in flight. Nothing late changes state or calls back. */
  stop(): void
}

/** The only caller of an adapter during a flow. Verbs resolve; errors land in the state. */
export function createSignInRunner(parts: SignInParts): SignInRunner {
  const { adapter, clock, lane, sessions, emit, report } = parts
  const store = createStore(initialState)
  const { signIn } = adapter
  /** Set after a lost reply: a refusal of the same challenge may be the echo of an answer that was never seen. */
  let unconfirmed = false
  /** What the newest `create` made, so that leaving before its answer is known can undo it. */
  let made: SignInAttempt | null = null
  const completion = createCompletion(() => lane.busy, report)
  /** Counts what would make a background look's answer stale. */
  let looking = 0

  function dispatch(event: FlowEvent) {
    const before = store.get()
    store.set(transition(before, event))
    const after = store.get()
    if (after.step !== before.step) emit({ type: 'step', step: after.step, from: before.step })
    if (event.type === 'failed') emit({ type: 'error', code: event.error.code, step: after.step })
  }

  function verb(name: Verb, work: (ask: Ask) => Promise<void>, identifier?: string): Promise<void> {
    if (!lane.busy) {
      looking++
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
    })
  }

  const { go, prepare, pickUp, waiting, wasSent } = continueSignIn(parts, store.get, dispatch, (session) => {
    unconfirmed = false
    made = null
    completion.tell(session)
  })

  function leave(then: () => Promise<void>, error?: AuthError): Promise<void> {
    unconfirmed = false
    looking++
    const left = lane.leave(then)
    dispatch({ type: 'left', error })
    return left
  }

  const runner: SignInRunner = {
    get: store.get,
    subscribe: store.subscribe,
    onComplete: completion.listen,

    async restore() {
      const mine = ++looking
      const unmoved = () => mine === looking && store.get().step === 'start' && !lane.busy
      try {
        const { session } = await sessions.read()
        if (!unmoved()) return
        if (isActive(session)) return dispatch({ type: 'signed_in', session, restored: true, at: clock.now() })
        if (adapter.capabilities.survivesReload === 'no' && !session) return
        const { attempt } = await signIn.resume({})
        if (attempt && attempt.status !== 'complete' && unmoved()) pickUp(attempt)
      } catch {
        // Whoever cannot be recognised can still sign in.
      }
    },

    create: ({ identifier, password, prefer }) =>
      verb(
        'create',
        async (ask) => {
          unconfirmed = false
          made = null
          const params = { identifier, ...(password !== undefined && { password }) }
          let attempt: SignInAttempt
          try {
            attempt = await ask(async (o) => (made = await signIn.create(params, o)))
          } catch (thrown) {
            if (password === undefined) throw thrown
            attempt = await recoverCreate(signIn, ask, toAuthError(thrown))
          }
          await go(ask, attempt, prefer)
        },
        identifier,
      ),

    choose: (factorId) =>
      verb('prepare', async (ask) => {
        dispatch({ type: 'chose', factorId })
        const state = store.get()
        if (!hasChallenge(state) || state.factor.id !== factorId || preparationOf(state.factor.strategy) !== 'act') return
        dispatch({ type: 'began', verb: 'prepare' })
        if (wasSent(state.attempt, state.factor) && waiting(state.factor)) dispatch({ type: 'sent', confirmed: true })
        else await prepare(ask, state.attempt, state.factor)
      }),

    send: () =>
      verb('prepare', async (ask) => {
        const state = store.get()
        // Another tab may have sent since this one was drawn.
        if (hasChallenge(state) && !waiting(state.factor)) await prepare(ask, state.attempt, state.factor)
      }),

    submit: ({ trustDevice, ...proof }) =>
      verb('attempt', async (ask) => {
        const state = store.get()
        if (!hasChallenge(state)) throw new AuthError('attempt_lost', 'There is no challenge to answer.')
        const { attempt, factor } = state
        const params = { factorId: factor.id, ...proof }
        try {
          await go(
            ask,
            await ask((o) =>
              state.step === 'first-factor'
                ? signIn.attemptFirstFactor({ id: attempt.id }, params, o)
                : signIn.attemptSecondFactor({ id: attempt.id }, { ...params, ...(trustDevice && { trustDevice }) }, o),
            ),
          )
          unconfirmed = false
        } catch (thrown) {
          if (store.get().step !== state.step) throw thrown
          const error = toAuthError(thrown)
          const refused = error.outcome === 'refused'
          if (refused && errorTable[error.code] !== 'restart' && !(unconfirmed && error.field === 'code')) throw error
          const doubt = unconfirmed || !refused
          unconfirmed = !refused
          await go(ask, await recover(signIn, ask, attempt, error, doubt))
        }
      }),

    otherWays() {
      if (spending(store.get())) return
      void lane.leave(() => Promise.resolve())
      dispatch({ type: 'asked_for_other_ways' })
    },

    back() {
      const state = store.get()
      if (spending(state)) return Promise.resolve()
      const attempt = 'attempt' in state ? state.attempt : null
      return leave(async () => {
        const given = attempt ?? made
        made = null
        if (given) await signIn.cancel({ id: given.id })
      }).then(() => {
        sessions.changed()
        return attempt?.purpose === 'step_up' ? runner.restore() : undefined
      })
    },

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
      looking++
      lane.abort()
      dispatch({ type: 'settled' })
    },
  }
  return runner
}

/** A backup code works once: leaving while one is checked would throw it away. */
const spending = (state: FlowState) =>
  state.pending === 'attempt' && hasChallenge(state) && state.factor.strategy === 'backup_code'
