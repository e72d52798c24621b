import type { AuthAdapter } from './adapter.js'
import type { FactorOption, SignInAttempt } from './attempt.js'
import { toAuthError } from './AuthError.js'
import type { Clock } from './clock.js'
import type { Cooldowns } from './cooldowns.js'
import type { AuthEvent } from './events.js'
import { hasChallenge, type FlowEvent, type FlowState } from './flow.js'
import type { Ask, Lane } from './lane.js'
import type { ActiveSession } from './session.js'
import type { SessionSource } from './sessionSource.js'
import { preparationOf } from './strategy.js'

/** Of a backend that gives no resend wait: long enough that an impatient second click sends nothing. Milliseconds. */
const defaultResendMs = 30_000

export interface SignInParts {
  readonly adapter: AuthAdapter
  readonly clock: Clock
  readonly lane: Lane
  readonly sessions: SessionSource
  readonly cooldowns: Cooldowns
  readonly emit: (event: AuthEvent) => void
  /** Gets what a consumer's callback throws. */
  readonly report: (thrown: unknown) => void
}

/** What follows an answer within the same verb: a message is sent where the step needs one, a complete attempt is finished. */
export function continueSignIn(
  { adapter: { signIn }, clock, sessions, cooldowns, emit }: SignInParts,
  getState: () => FlowState,
  dispatch: (event: FlowEvent) => void,
  onSession: (session: ActiveSession) => void,
) {
  /** Which factors of which attempts were sent a code, so that coming back to one does not send another. */
  const sent = new Set<string>()
  const key = (attempt: SignInAttempt, factor: FactorOption) => `${attempt.id} ${factor.id}`

  const waiting = (factor: FactorOption) => cooldowns.endsAt(factor.id) > clock.now()

  async function go(ask: Ask, attempt: SignInAttempt, prefer?: string): Promise<void> {
    if (await settle(ask, attempt, prefer)) return
    const state = getState()
    // The act that led here is the person's own, and the step it opened can only be answered with a message.
    if (hasChallenge(state) && state.challenge.sent === 'no' && preparationOf(state.factor.strategy) === 'act')
      await prepare(ask, state.attempt, state.factor)
  }

  /** Takes an answer over. Answers whether that was the end. */
  async function settle(ask: Ask, attempt: SignInAttempt, prefer?: string): Promise<boolean> {
    dispatch({ type: 'answered', attempt, at: clock.now(), prefer })
    if (attempt.status !== 'complete') return false
    await finish(ask, attempt)
    return true
  }

  async function finish(ask: Ask, attempt: SignInAttempt): Promise<void> {
    let session: ActiveSession
    try {
      session = await ask((o) => signIn.finish({ id: attempt.id }, o))
    } catch (thrown) {
      if (toAuthError(thrown).outcome === 'refused') throw thrown
      session = await ask((o) => signIn.finish({ id: attempt.id }, o))
    }
    dispatch({ type: 'signed_in', session, restored: false, at: clock.now() })
    sessions.changed()
    emit({ type: 'signed_in', purpose: attempt.purpose })
    onSession(session)
  }

  async function prepare(ask: Ask, attempt: SignInAttempt, factor: FactorOption): Promise<void> {
    const [ref, params] = [{ id: attempt.id }, { factorId: factor.id }]
    const first = attempt.status === 'needs_first_factor'
    let answer: SignInAttempt
    try {
      answer = await ask((o) => (first ? signIn.prepareFirstFactor(ref, params, o) : signIn.prepareSecondFactor(ref, params, o)))
    } catch (thrown) {
      const error = toAuthError(thrown)
      if (error.outcome === 'unknown') return noteSent(attempt, factor, false, defaultResendMs)
      if (error.code === 'rate_limited' && error.retryInMs) cooldowns.start(factor.id, error.retryInMs)
      throw error
    }
    const said = first ? answer.firstFactorVerification : answer.secondFactorVerification
    noteSent(attempt, factor, true, said?.resendInMs ?? defaultResendMs)
    // Not `go`: the answer to a send never sends.
    await settle(ask, answer)
  }

  function noteSent(attempt: SignInAttempt, factor: FactorOption, confirmed: boolean, resendInMs: number) {
    sent.add(key(attempt, factor))
    cooldowns.start(factor.id, resendInMs)
    dispatch({ type: 'sent', confirmed })
    emit({ type: 'sent', strategy: factor.strategy, confirmed })
  }

  /** Takes over an attempt from before a reload. A wait that still runs tells that its code went out then. */
  function pickUp(attempt: SignInAttempt) {
    const said = attempt.status === 'needs_first_factor' ? attempt.firstFactorVerification : attempt.secondFactorVerification
    dispatch({ type: 'answered', attempt, at: clock.now(), prefer: said?.factorId })
    const state = getState()
    if (!('factors' in state)) return
    for (const factor of state.factors) if (waiting(factor)) sent.add(key(attempt, factor))
    if (hasChallenge(state) && waiting(state.factor)) dispatch({ type: 'sent', confirmed: false })
  }

  return {
    go,
    prepare,
    pickUp,
    waiting,
    wasSent: (attempt: SignInAttempt, factor: FactorOption) => sent.has(key(attempt, factor)),
  }
}
