import type { AuthAdapter } from './adapter.js'
import type { FactorOption, SignInAttempt } from './attempt.js'
import { AuthError, toAuthError } from './AuthError.js'
import type { Clock } from './clock.js'
import type { Cooldowns } from './cooldowns.js'
import type { AuthEvent } from './events.js'
import { hasChallenge, type FlowEvent, type FlowState } from './flow.js'
import type { Ask, Lane } from './lane.js'
import type { ActiveSession } from './session.js'
import type { SessionSource } from './sessionSource.js'
import { preparationOf, screenOf, type Channel } from './strategy.js'

/** Of a backend that gives no resend wait: long enough that an impatient second click sends nothing. Milliseconds. */
const defaultResendMs = 30_000

/** The way out of the page to a provider, and back into it. */
export interface Page {
  /** An absolute address to which a provider or a mailed link leads back. It says by which way, and nothing else. */
  urlFor(way: 'return' | 'popup' | 'link'): string
  visit(url: string): void
  /** The way back was taken: the page shows this address from now on. `undefined`: its own, without what was refused. */
  landed(url: string | undefined): void
}

/** A window that was opened in the person's click, before it was known where to. */
export interface Popup {
  visit(url: string): void
  readonly closed: boolean
  close(): void
}

/** With an act of the person that may lead away. */
export interface Way {
  readonly channel?: Channel | undefined
  /** Instead of this page. */
  readonly popup?: Popup | undefined
}

export interface SignInParts {
  readonly adapter: AuthAdapter
  readonly clock: Clock
  readonly lane: Lane
  readonly sessions: SessionSource
  readonly cooldowns: Cooldowns
  readonly emit: (event: AuthEvent) => void
  /** The page, where there is one. */
  readonly page?: Page | undefined
  /** Gets what a consumer's callback throws. */
  readonly report: (thrown: unknown) => void
}

/** What follows an answer within the same verb: a message is sent where the step needs one, a complete attempt is finished. */
export function continueSignIn(
  { adapter: { signIn }, clock, sessions, cooldowns, emit, page }: SignInParts,
  getState: () => FlowState,
  dispatch: (event: FlowEvent) => void,
  onSession: (session: ActiveSession) => void,
) {
  /** Which factors of which attempts were sent a code, so that coming back to one does not send another. */
  const sent = new Set<string>()
  const key = (attempt: SignInAttempt, factor: FactorOption) => `${attempt.id} ${factor.id}`

  const waiting = (factor: FactorOption) => cooldowns.endsAt(factor.id) > clock.now()

  async function go(ask: Ask, attempt: SignInAttempt, prefer?: string, way?: Way): Promise<void> {
    if (await settle(ask, attempt, prefer, way)) return
    const state = getState()
    if (!hasChallenge(state) || state.challenge.sent !== 'no') return
    const { publicKey, message } = state.challenge
    const preparation = preparationOf(state.factor.strategy)
    // The act that led here is the person's own, and the step it opened can only be answered with a message.
    if (preparation === 'act' || (preparation === 'silent' && publicKey === undefined && message === undefined))
      await prepare(ask, state.attempt, state.factor)
  }

  /** Takes an answer over. Answers whether that was the end. */
  async function settle(ask: Ask, attempt: SignInAttempt, prefer?: string, way?: Way): Promise<boolean> {
    if (attempt.status === 'needs_redirect') {
      // Scripts and files are addresses, too.
      if (!/^https?:\/\//i.test(attempt.redirectUrl)) throw new AuthError('unknown', 'The redirect does not lead to a website.')
      dispatch({ type: 'answered', attempt, at: clock.now() })
      ;(way?.popup ?? page)?.visit(attempt.redirectUrl)
      return true
    }
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

  async function prepare(ask: Ask, attempt: SignInAttempt, factor: FactorOption, way: Way = {}): Promise<void> {
    const { channel, popup } = way
    const sends = preparationOf(factor.strategy) === 'act'
    const screen = screenOf(factor.strategy)
    const back = screen === 'link' ? 'link' : screen === 'redirect' ? (popup ? 'popup' : 'return') : undefined
    const redirectUrl = back && page?.urlFor(back)
    const ref = { id: attempt.id }
    const params = { factorId: factor.id, ...(channel && { channel }), ...(redirectUrl && { redirectUrl }) }
    const first = attempt.status === 'needs_first_factor'
    let answer: SignInAttempt
    try {
      answer = await ask((o) => (first ? signIn.prepareFirstFactor(ref, params, o) : signIn.prepareSecondFactor(ref, params, o)))
    } catch (thrown) {
      const error = toAuthError(thrown)
      if (!sends) throw error
      if (error.outcome === 'unknown') return noteSent(attempt, factor, false, defaultResendMs)
      if (error.code === 'rate_limited' && error.retryInMs) cooldowns.start(factor.id, error.retryInMs)
      throw error
    }
    const said = first ? answer.firstFactorVerification : answer.secondFactorVerification
    if (sends) noteSent(attempt, factor, true, said?.resendInMs ?? defaultResendMs)
    // Not `go`: the answer to a send never sends.
    await settle(ask, answer, undefined, way)
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
