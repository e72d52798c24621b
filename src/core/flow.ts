import type { FactorOption, SignInAttempt, Verification } from './attempt.js'
import { errorTable, type AuthError, type AuthErrorCode, type ErrorField } from './AuthError.js'
import type { Challenge } from './challenge.js'
import { deadline } from './clock.js'
import type { ActiveSession } from './session.js'
import { isReset, screenOf } from './screenOf.js'
import type { EnrollType, FirstStrategy, SecondStrategy, Strategy } from './strategy.js'
import { isAddress } from './walletAddress.js'
import type { WalletChoice } from './walletChoice.js'

export type { Challenge } from './challenge.js'

/** What the person is waiting for. */
export type Verb = 'create' | 'prepare' | 'attempt' | 'reload' | 'resume' | 'signOut'

/** Why the first screen is shown again, when nothing went wrong. */
export type Notice = 'password_changed' | 'password_maybe_changed' | 'restarted'

/** An error as screens need it: no text, no cause, deadlines on the monotonic clock in milliseconds. */
export interface Problem {
  readonly code: AuthErrorCode
  readonly field?: ErrorField
  readonly retryAt?: number
  readonly attemptsLeft?: number
  readonly reasons?: readonly string[]
  /** Nothing has left the page, so what was typed may stay, a password too. */
  readonly unsent?: true
}

type Factors<S extends Strategy> = { readonly attempt: SignInAttempt; readonly factors: readonly FactorOption<S>[] }
type Factor<S extends Strategy> = Factors<S> & { readonly factor: FactorOption<S>; readonly challenge: Challenge }

/** The state's name is the screen. */
export type FlowState = { readonly pending: Verb | null; readonly problem: Problem | null; readonly identifier: string } &
  /** `restoring`: the page was led back to, and what came with it is being looked at. */
  (
    | { readonly step: 'restoring' }
    | { readonly step: 'start'; readonly notice?: Notice }
    | ({ readonly step: 'choose-wallet' } & WalletChoice)
    | ({ readonly step: 'choose-first' } & Factors<FirstStrategy>)
    | ({ readonly step: 'first-factor' } & Factor<FirstStrategy>)
    | { readonly step: 'new-password'; readonly attempt: SignInAttempt }
    | ({ readonly step: 'choose-second' } & Factors<SecondStrategy>)
    | ({ readonly step: 'second-factor' } & Factor<SecondStrategy>)
    | { readonly step: 'enroll'; readonly attempt: SignInAttempt; readonly enroll: readonly EnrollType[] }
    | { readonly step: 'away'; readonly attempt: SignInAttempt; readonly redirectUrl: string }
    | { readonly step: 'elsewhere' }
    | { readonly step: 'unsupported'; readonly attempt: SignInAttempt; readonly detail: string }
    /** `at`: monotonic milliseconds. `restored`: the session was there already. */
    | { readonly step: 'complete'; readonly session: ActiveSession; readonly restored: boolean; readonly at: number }
  )
export type Step = FlowState['step']

export type FlowEvent =
  | { readonly type: 'began'; readonly verb: Verb; readonly identifier?: string }
  /** The backend has answered. `prefer`: the strategy or factor id that the person asked for. `at`: monotonic milliseconds. */
  | { readonly type: 'answered'; readonly attempt: SignInAttempt; readonly at: number; readonly prefer?: string | undefined }
  | { readonly type: 'sent'; readonly confirmed: boolean }
  | { readonly type: 'chose'; readonly factorId: string }
  | { readonly type: 'asked_for_other_ways' }
  | { readonly type: 'asked_for_wallet'; readonly choice: WalletChoice }
  | { readonly type: 'failed'; readonly error: AuthError; readonly at: number; readonly restart?: boolean }
  | { readonly type: 'edited' }
  | { readonly type: 'settled' }
  | { readonly type: 'signed_in'; readonly session: ActiveSession; readonly restored: boolean; readonly at: number }
  | { readonly type: 'returned' }
  | { readonly type: 'left'; readonly error?: AuthError | undefined; readonly notice?: Notice | undefined }

/** Pure. The one place where a step changes; an event that a state does not know changes nothing. */
export function transition(state: FlowState, event: FlowEvent): FlowState {
  switch (event.type) {
    case 'began':
      return { ...state, pending: event.verb, problem: null, identifier: event.identifier ?? state.identifier }
    case 'settled':
      return state.pending ? { ...state, pending: null } : state
    case 'edited':
      return state.problem ? { ...state, problem: null } : state
    case 'answered':
      return place(state, event.attempt, event.at, event.prefer)
    case 'sent':
      return hasChallenge(state)
        ? withChallenge(state, { sent: event.confirmed ? 'yes' : 'maybe', sends: state.challenge.sends + 1, failures: 0 })
        : state
    case 'chose':
      return 'factors' in state ? open(state, state.attempt, state.factors, event.factorId) : state
    case 'asked_for_other_ways':
      return hasChallenge(state) && state.factors.length > 1 ? choose(state, state.attempt) : state
    case 'asked_for_wallet':
      return state.step === 'start' ? { ...quiet(state), ...event.choice, step: 'choose-wallet' } : state
    case 'failed':
      return fail(state, event)
    case 'signed_in':
      return { ...quiet(state), step: 'complete', session: event.session, restored: event.restored, at: event.at }
    case 'returned':
      return { ...quiet(state), step: 'restoring', pending: state.pending }
    case 'left':
      return { ...start(state.identifier, event.notice), problem: event.error ? problemOf(event.error, 0) : null }
    default:
      event satisfies never
      return state
  }
}

/** The screen that an attempt's status asks for. */
function place(state: FlowState, attempt: SignInAttempt, at: number, prefer: string | undefined): FlowState {
  // A wallet's address is nobody's to type: it would stand in the field when the person comes back to it.
  const typed = attempt.identifier && !isAddress(attempt.identifier) && attempt.identifier
  const base = { ...quiet(state), pending: state.pending, identifier: typed || state.identifier }
  switch (attempt.status) {
    case 'needs_identifier':
      return {
        ...start(base.identifier, attempt.notice === 'password_changed' ? attempt.notice : undefined),
        pending: state.pending,
      }
    case 'needs_first_factor':
    case 'needs_second_factor': {
      const factors = usable(attempt)
      const here = hasChallenge(state) && state.attempt.status === attempt.status ? state.factor.id : undefined
      const wanted =
        factors.find((f) => f.id === prefer || f.strategy === prefer) ?? factors.find((f) => f.id === here) ?? natural(factors)
      const next = wanted ? open(state, attempt, factors, wanted.id) : choose(state, attempt)
      return { ...withFacts(next, attempt, at), pending: state.pending, identifier: base.identifier }
    }
    case 'needs_new_password':
      return { ...base, step: 'new-password', attempt }
    case 'needs_redirect':
      return { ...base, step: 'away', attempt, redirectUrl: attempt.redirectUrl }
    case 'needs_enrollment':
      return { ...base, step: 'enroll', attempt, enroll: attempt.enroll }
    case 'verified_elsewhere':
      return { ...base, step: 'elsewhere' }
    case 'unsupported':
      return { ...base, step: 'unsupported', attempt, detail: attempt.detail }
    case 'complete':
      // Nobody is signed in before `finish` has answered, so the screen stays until then.
      return state
    default:
      return { ...base, step: 'unsupported', attempt, detail: String((attempt satisfies never as SignInAttempt).status) }
  }
}

/** The factor to open without asking: the only one, the one marked primary, a password, or the only one that is no backup code. */
function natural<S extends Strategy>(factors: readonly FactorOption<S>[]): FactorOption<S> | undefined {
  const daily = factors.filter((f) => f.strategy !== 'backup_code')
  const sole = daily.length === 1 ? daily[0] : factors.length === 1 ? factors[0] : undefined
  return sole ?? factors.find((f) => f.primary) ?? factors.find((f) => f.strategy === 'password')
}

function usable(attempt: SignInAttempt): readonly FactorOption[] {
  const factors = attempt.status === 'needs_first_factor' ? attempt.supportedFirstFactors : (attempt.supportedSecondFactors ?? [])
  const resets = attempt.purpose === 'reset_password'
  return factors.filter((f) => screenOf(f.strategy) && (resets || !isReset(f.strategy)))
}

const start = (identifier: string, notice: Notice | undefined): FlowState => ({
  step: 'start',
  pending: null,
  problem: null,
  identifier,
  ...(notice && { notice }),
})

function choose(state: FlowState, attempt: SignInAttempt): FlowState {
  const step = attempt.status === 'needs_first_factor' ? 'choose-first' : 'choose-second'
  return { ...quiet(state), step, attempt, factors: usable(attempt) } as FlowState
}

function open(state: FlowState, attempt: SignInAttempt, factors: readonly FactorOption[], factorId: string): FlowState {
  const factor = factors.find((f) => f.id === factorId)
  if (!factor) return state
  const same = hasChallenge(state) && state.factor.id === factor.id && state.attempt.id === attempt.id
  const challenge: Challenge = same ? state.challenge : { sent: 'no', sends: 0, failures: 0, codeLength: 6, codeType: 'numeric' }
  const step = attempt.status === 'needs_first_factor' ? 'first-factor' : 'second-factor'
  return withFacts({ ...quiet(state), step, attempt, factors, factor, challenge } as FlowState, attempt, undefined)
}

/** Takes over what the backend says of the challenge on screen. Without `at` only what does not age. */
function withFacts(state: FlowState, attempt: SignInAttempt, at: number | undefined): FlowState {
  if (!hasChallenge(state)) return state
  const said: Verification | null =
    state.step === 'first-factor' ? attempt.firstFactorVerification : attempt.secondFactorVerification
  if (said?.factorId !== state.factor.id) return state
  const { codeLength = state.challenge.codeLength, codeType = state.challenge.codeType, attemptsLeft } = said
  const { message, publicKey, pollEveryMs } = said
  const aging = at === undefined ? {} : { expiresAt: deadline(at, said.expiresInMs), attemptsLeft }
  return withChallenge(state, { codeLength, codeType, message, publicKey, pollEveryMs, ...aging })
}

function fail(state: FlowState, { error, at, restart }: Extract<FlowEvent, { type: 'failed' }>): FlowState {
  const problem = blur(state, problemOf(error, at))
  const isOver =
    restart ||
    errorTable[error.code] === 'restart' ||
    // What a provider or a link answered is used up, unless it never got through.
    (state.step === 'restoring' && error.outcome === 'refused') ||
    // Only the first screen has the check.
    (state.step === 'choose-wallet' && /^captcha/.test(error.code))
  if (isOver) return { ...quiet(state), step: 'start', problem }
  const moved = error.attempt ? place(state, error.attempt, at, undefined) : state
  const counted =
    hasChallenge(moved) && error.field === 'code' ? withChallenge(moved, { failures: moved.challenge.failures + 1 }) : moved
  return { ...counted, pending: null, problem }
}

/**
 * Before the first factor is passed, nothing may tell whether an account exists or how it stands (ASVS 6.3.8). A used backup code reads like a
 * wrong one: that it was ever good is for its owner to know.
 */
function blur(state: FlowState, problem: Problem): Problem {
  if (problem.code === 'already_used' && hasChallenge(state) && state.factor.strategy === 'backup_code')
    return { ...problem, code: 'code_incorrect' }
  const known = 'attempt' in state && state.attempt.purpose === 'step_up'
  const early = /^(start|choose-wallet|choose-first|first-factor)$/.test(state.step)
  return early && !known && telling.includes(problem.code) ? { code: 'invalid_credentials' } : problem
}

const telling: readonly AuthErrorCode[] = ['invalid_credentials', 'no_account', 'locked', 'blocked']

export function problemOf({ code, field, retryInMs, attemptsLeft, reasons }: AuthError, at: number): Problem {
  const retryAt = deadline(at, retryInMs)
  return {
    code,
    ...(field && { field }),
    ...(retryAt !== undefined && { retryAt }),
    ...(attemptsLeft !== undefined && { attemptsLeft }),
    ...(reasons && { reasons }),
  }
}

type WithChallenge = Extract<FlowState, { challenge: Challenge }>

export function hasChallenge(state: FlowState): state is WithChallenge {
  return 'challenge' in state
}

function withChallenge(state: WithChallenge, change: Partial<Challenge>): WithChallenge {
  return { ...state, challenge: { ...state.challenge, ...change } }
}

const quiet = ({ identifier }: FlowState) => ({ pending: null, problem: null, identifier })
