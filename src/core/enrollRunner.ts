import type { AuthAdapter } from './adapter.js'
import type { SignInAttempt } from './attempt.js'
import { AuthError, toAuthError } from './AuthError.js'
import { deadline, type Clock } from './clock.js'
import { defaultResendMs, type Cooldowns } from './cooldowns.js'
import {
  enrollTransition,
  initialEnrollState,
  setupOf,
  thrownUnless,
  type EnrollBeginning,
  type EnrollEvent,
  type EnrollState,
  type EnrollVerb,
  unstored,
  verifiedIn,
} from './enrollFlow.js'
import type { Factor } from './enrollment.js'
import type { AuthEvent } from './events.js'
import type { Json } from './json.js'
import type { Ask, Lane } from './lane.js'
import { makeRoom } from './makeRoom.js'
import type { SessionSource } from './sessionSource.js'
import { createStore, type Store } from './store.js'
import type { Channel, EnrollType } from './strategy.js'

export interface EnrollRunner extends Store<EnrollState> {
  /** The person's act: asks the backend for a new secret, a code to a phone, or the options of a passkey. */
  start(params: EnrollBeginning): Promise<void>
  /** Sends the code again, nothing while its wait runs. */
  send(channel?: Channel): Promise<void>
  verify(code: string): Promise<void>
  /** What the browser makes of the options; its ceremony has begun already, in the person's click. Rejects with an `AuthError`. */
  register(credential: Promise<Json>): Promise<void>
  /** The person says that the backup codes are stored. */
  acknowledge(): void
  /** New backup codes, after the reply that held the first ones was lost. */
  generate(params: { password?: string }): Promise<void>
  edited(): void
  /** The setup has run out by the monotonic clock. */
  expired(): void
  /**
   * The step is being left: the secret is dropped at once, and the factor that this runner created is abandoned, best effort. Not while a
   * verify is in flight or unconfirmed: then the factors are listed first, and a verified one is never touched.
   */
  leave(): Promise<void>
}

export interface EnrollParts {
  readonly adapter: AuthAdapter
  readonly clock: Clock
  readonly lane: Lane
  readonly sessions: SessionSource
  readonly cooldowns: Cooldowns
  readonly emit: (event: AuthEvent) => void
  /** Called once, when the factor is verified and its codes, if any, are acknowledged. `attempt`: of the sign-in that asked for it. */
  readonly onEnrolled: (factor: Factor, attempt: SignInAttempt | undefined) => void
  /** The sign-in that asks for this enrolment. */
  readonly attempt?: SignInAttempt | undefined
}

/** One enrolment, on the same lanes and rules as a sign-in. Verbs resolve; errors land in the state. */
export function createEnrollRunner({
  adapter,
  clock,
  lane,
  sessions,
  cooldowns,
  emit,
  onEnrolled,
  attempt,
}: EnrollParts): EnrollRunner {
  const store = createStore(initialEnrollState)
  let next: SignInAttempt | undefined
  let unconfirmed = false
  let told = false
  /** The enrolment that this runner has begun and nobody has proved, although its answer came late. */
  let begun: string | undefined
  let kind: EnrollType = 'totp'
  let release: (() => void) | undefined

  function dispatch(event: EnrollEvent) {
    const before = store.get()
    const after = enrollTransition(before, event)
    store.set(after)
    if (unstored(after) !== unstored(before)) {
      release?.()
      // A gate that this enrolment opens would take the codes away before they are stored.
      release = unstored(after) ? sessions.hold() : undefined
    }
    if (event.type === 'failed') emit({ type: 'error', code: event.error.code, step: 'enrolling' })
    if (after.step === 'enrolled' && !told) {
      told = true
      const { verified } = after
      emit({ type: 'enrolled', strategy: verified.strategy })
      // A sign-in that waits for this goes on with a verb of its own, so the one that led here has to be over.
      void lane.idle().then(() => onEnrolled(verified, next))
    }
  }

  function mfa() {
    if (!adapter.mfa) throw new AuthError('not_supported', `The ${adapter.name} adapter offers no enrolment.`)
    return adapter.mfa
  }

  function verb(name: EnrollVerb, work: (ask: Ask) => Promise<void>): Promise<void> {
    if (!lane.busy) dispatch({ type: 'began', verb: name })
    return lane.run(name, async (ask) => {
      try {
        await work(ask)
      } catch (thrown) {
        dispatch({ type: 'failed', error: toAuthError(thrown), at: clock.now() })
      }
    })
  }

  const verified = (factors: readonly Factor[], id: string) => verifiedIn(factors, id, kind, adapter.capabilities)

  function proved(event: EnrollEvent) {
    begun = undefined
    unconfirmed = false
    sessions.changed()
    dispatch(event)
  }

  /** A verify whose reply was lost may have enrolled the factor. */
  async function recover(ask: Ask, id: string): Promise<void> {
    const lost = new AuthError('not_confirmed', undefined, { outcome: 'unknown' })
    const factors = await ask((o) => mfa().listFactors({ ...o, fresh: true })).catch(() => Promise.reject(lost))
    const factor = verified(factors, id)
    if (!factor) throw lost
    proved(mfa().backupCodes ? { type: 'verified_without_codes', factor } : { type: 'verified', result: { factor } })
  }

  async function prove(ask: Ask, proof: { code: string } | { credential: Json }): Promise<void> {
    const state = store.get()
    if (state.step !== 'verify') throw new AuthError('attempt_lost', 'There is no enrolment to verify.')
    try {
      const result = await ask((o) => mfa().verify({ enrollmentId: state.id, ...proof }, o))
      next = result.attempt
      proved({ type: 'verified', result })
    } catch (thrown) {
      const error = toAuthError(thrown)
      if (error.outcome === 'refused' && !unconfirmed) throw error
      unconfirmed = error.outcome === 'unknown'
      await recover(ask, state.id)
    }
  }

  function sent(id: string, confirmed: boolean, resendInMs = defaultResendMs) {
    cooldowns.start(id, resendInMs)
    emit({ type: 'sent', strategy: kind === 'email' ? 'email_code' : 'phone_code', confirmed })
  }

  /** Sends a code. One whose answer was lost may be on its way, so its wait runs too. */
  async function challenge(ask: Ask, id: string, channel?: Channel) {
    try {
      const answer = await ask((o) => mfa().challenge({ enrollmentId: id, ...(channel && { channel }) }, o))
      dispatch({ type: 'sent', confirmed: true })
      sent(id, true, 'resendInMs' in answer ? answer.resendInMs : undefined)
    } catch (thrown) {
      const { outcome, code, retryInMs } = toAuthError(thrown)
      if (code === 'rate_limited' && retryInMs) cooldowns.start(id, retryInMs)
      if (outcome === 'refused') throw thrown
      dispatch({ type: 'sent', confirmed: false })
      sent(id, false)
    }
  }

  async function dropBegun() {
    const id = begun
    begun = undefined
    if (id) await adapter.mfa?.abandon?.({ enrollmentId: id })
  }

  return {
    get: store.get,
    subscribe: store.subscribe,

    start: (params) =>
      verb('enroll', async (ask) => {
        // An answer that came after its time-out is of no use, but its factor is there.
        await ask(dropBegun).catch(() => undefined)
        const answer = await makeRoom(mfa(), ask, params.friendlyName, () =>
          ask(async (o) => {
            kind = params.type ?? 'totp'
            const made = await mfa().enroll({ type: 'totp', ...params, ...(attempt && { attempt: { id: attempt.id } }) }, o)
            if (made.status === 'pending') begun = made.id
            return made
          }),
        )
        if (answer.status === 'verified') {
          next = answer.result.attempt
          return proved({ type: 'verified', result: answer.result })
        }
        if (answer.type !== kind)
          throw new AuthError('not_supported', `The adapter answered an enrolment of ${kind} with another kind.`)
        const { id, expiresInMs } = answer
        dispatch({ type: 'started', id, setup: setupOf(answer), expiresAt: deadline(clock.now(), expiresInMs) })
        if ('sent' in answer && answer.sent) sent(id, true, answer.resendInMs)
        else if ('sent' in answer) await challenge(ask, id, 'channel' in params ? params.channel : undefined)
      }),

    send: (channel) =>
      verb('send', async (ask) => {
        const state = store.get()
        if (state.step !== 'verify' || !('sends' in state)) throw new AuthError('attempt_lost', 'There is no code to send.')
        if (cooldowns.endsAt(state.id) <= clock.now()) await challenge(ask, state.id, channel)
        dispatch({ type: 'settled' })
      }),

    verify: (code) => verb('verify', (ask) => prove(ask, { code })),

    register: (credential) =>
      verb('verify', async (ask) => {
        const state = store.get()
        const hasLeft = () => store.get() !== state
        // The ceremony takes its time, and the person may have left it.
        const made = await credential.catch(thrownUnless(hasLeft))
        if (!hasLeft()) await prove(ask, { credential: made })
      }),

    acknowledge: () => dispatch({ type: 'acknowledged' }),

    generate: (params) =>
      verb('generate', async (ask) => {
        const { backupCodes } = mfa()
        if (!backupCodes) throw new AuthError('not_supported', `The ${adapter.name} adapter offers no backup codes.`)
        dispatch({ type: 'generated', codes: await ask((o) => backupCodes.generate(params, o)) })
      }),

    edited: () => dispatch({ type: 'edited' }),
    expired: () => dispatch({ type: 'expired' }),

    leave() {
      const { pending } = store.get()
      const doubt = unconfirmed || pending === 'verify'
      unconfirmed = false
      // The lane is shared with the sign-in, whose verb must not lose its turn to this.
      const left = lane[pending ? 'leave' : 'queue'](async () => {
        const isOn = doubt && begun && verified(await mfa().listFactors({ fresh: true }), begun)
        if (isOn) return sessions.changed()
        await dropBegun()
      })
      dispatch({ type: 'left' })
      release?.()
      return left
    },
  }
}
