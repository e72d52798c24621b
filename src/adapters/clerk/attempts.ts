import type { StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError, isAuthError } from '../../core/AuthError.js'
import type { EnrollType, FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import { ask } from './ask.js'
import type { ClerkAttempt, ClerkSession, ClerkSignIn } from './clerkInstance.js'
import { optionOf, verificationOf } from './factorOption.js'
import { living, taskOf, userOf, type Sessions } from './session.js'

export interface Kept extends KeptAttempt {
  /** Clerk's own record, as it was answered last. */
  on?: ClerkAttempt
  /** Of a sign-in: the newest answer, whose methods go on with it. */
  signIn?: ClerkSignIn
  /** Of a step-up: the session that it is for, and its ages when the step began. */
  session?: ClerkSession
  ages?: readonly number[] | null
  level?: StepUpLevel
  /** The session that the sign-in made, or that the step-up is for. */
  sessionId?: string
  /** The factors that were prepared last. */
  sent: { First?: string; Second?: string }
  /** Of a reset: the one way to go. */
  only?: string | undefined
  notice?: 'password_changed'
}

export type Attempts = ReturnType<typeof createAttempts>

export const first = 'needs_first_factor'
export const second = 'needs_second_factor'
/** Written anew by every answer that has a sign-in in it. */
export const marker = 'firstFactorVerification'

/** The adapter's attempts, and what Clerk says of them. */
export function createAttempts({ client, read }: Sessions, enroll: readonly EnrollType[]) {
  const { open: write, find, giveUp, expect, move, finish } = createAttemptBook([])
  /** The sign-in that is under way: Clerk holds one for a browser. */
  let live: Kept | undefined

  /** Answers to others than the attempt's own verbs reach only the one that Clerk's client holds. */
  function signInOf({ signIn }: Kept): ClerkSignIn {
    const held = client().signIn
    if (!signIn?.id) throw new AuthError('attempt_lost')
    return held.id === signIn.id ? held : signIn
  }

  /** Takes an answer over. */
  async function settle(kept: Kept, on: ClerkAttempt): Promise<SignInAttempt> {
    kept.on = on
    kept.doubt = false
    if ('create' in on) kept.signIn = on as ClerkSignIn
    const { status, firstFactorVerification, secondFactorVerification } = on
    const firsts = (on.supportedFirstFactors ?? []).filter(({ strategy }) => strategy === (kept.only ?? strategy))
    const seconds = status === first || status === 'needs_identifier' ? null : on.supportedSecondFactors
    const supportedFirstFactors = firsts.map((factor) => optionOf<FirstStrategy>(factor))
    const supportedSecondFactors = seconds && seconds.map((factor) => optionOf<SecondStrategy>(factor))
    return move(kept, {
      identifier: kept.signIn?.identifier ?? kept.attempt.identifier,
      supportedFirstFactors,
      supportedSecondFactors,
      firstFactorVerification: verificationOf(firstFactorVerification, supportedFirstFactors, kept.sent.First),
      secondFactorVerification: verificationOf(secondFactorVerification, supportedSecondFactors ?? [], kept.sent.Second),
      notice: kept.notice,
      ...(await place(kept, on)),
    })
  }

  async function place(kept: Kept, { status, firstFactorVerification: at }: ClerkAttempt): Promise<object> {
    const url = at.status === 'unverified' && at.externalVerificationRedirectURL
    if (status === 'complete') return kept.session ? { status } : reached(kept, kept.signIn?.createdSessionId)
    if (url && status !== second) return { status: 'needs_redirect', redirectUrl: url.href }
    if (status === 'needs_client_trust') return { status: second, notice: 'new_device' }
    if (/^needs_(identifier|(first|second)_factor|new_password)$/.test(status ?? '')) return { status }
    return { status: 'unsupported', detail: String(status) }
  }

  /** Where the session stands that a sign-in made. */
  async function reached(kept: Kept, sessionId: string | null | undefined): Promise<object> {
    const session = living(client().sessions, sessionId) ?? living((await read()).sessions, sessionId)
    const { id: userId } = userOf(session)
    Object.assign(kept, { sessionId, userId })
    const task = session && taskOf(session)
    const made = { cancelSignsOut: true }
    if (task === 'setup-mfa') return { ...made, status: 'needs_enrollment', enroll }
    return task ? { ...made, status: 'unsupported', detail: task } : { ...made, status: 'complete' }
  }

  function forget(ref: AttemptRef): Kept | undefined {
    if (live?.attempt.id === ref.id) live = undefined
    return giveUp(ref) as Kept | undefined
  }

  /** Forgets an attempt that Clerk no longer holds. */
  async function held<T>(kept: Kept, answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (thrown) {
      if (isAuthError(thrown) && thrown.code === 'attempt_lost') forget(kept.attempt)
      throw thrown
    }
  }

  return {
    find: (ref: AttemptRef) => find(ref) as Kept,
    expect: (ref: AttemptRef, status: typeof first | typeof second, factorId: string) => expect(ref, status, factorId) as Kept,
    open: (start: object, userId?: string) => Object.assign(write(start, userId), { sent: {} }) as Kept,
    hold: (kept: Kept) => (live = kept),
    isBusy: () => live !== undefined && live.attempt.status !== 'complete',
    isLive: (ref: AttemptRef) => live?.attempt.id === ref.id,
    signInOf,
    settle,
    reached,
    move,
    finish,
    forget,
    held,

    /** One of Clerk's four verbs, on the sign-in or on the session that is stepped up. */
    async call(kept: Kept, verb: 'prepare' | 'attempt', level: 'First' | 'Second', params: object): Promise<SignInAttempt> {
      const { session } = kept
      if (session) {
        const asked = ask(() => session[`${verb}${level}FactorVerification`](params), 'status', undefined, params)
        const on = await awaiting(kept, asked)
        kept.ages = on.session.factorVerificationAge
        return settle(kept, on)
      }
      const on = signInOf(kept)
      const asked = ask(() => on[`${verb}${level}Factor`](params), marker, on, params)
      return settle(kept, await held(kept, verb === 'attempt' ? awaiting(kept, asked) : asked))
    },
  }
}
