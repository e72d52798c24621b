import type { StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { EnrollType, FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import { ask } from './ask.js'
import type { ClerkAttempt, ClerkClient, ClerkSession, ClerkSignIn } from './clerkInstance.js'
import { optionOf, verificationOf } from './factorOption.js'
import { taskOf, userOf, type Sessions } from './session.js'

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
  sessionId?: string | null | undefined
  /** The factors that were prepared last. */
  sentFirst?: string
  sentSecond?: string
  /** Of a reset: the one way to go. */
  only?: string | undefined
  notice?: 'password_changed'
}

export interface SignInOptions {
  readonly firstFactors: readonly FirstStrategy[]
  /** Where links and providers lead back to, unless the call says. */
  readonly redirectUrl: string | undefined
}

/** A `create` whose answer was lost, and what there was before it. */
export interface Lost {
  readonly kept: Kept
  readonly before: { readonly signInId: string | undefined; readonly sessions: ClerkClient['sessions'] }
}

export type Attempts = ReturnType<typeof createAttempts>

export const first = 'needs_first_factor'
export const second = 'needs_second_factor'
/** Written anew by every answer that has a sign-in in it. */
export const marker = 'firstFactorVerification'

/** The adapter's attempts, and what Clerk says of them. */
export function createAttempts({ client, lookUp }: Sessions, enroll: readonly EnrollType[]) {
  const book = createAttemptBook<Kept>([])
  /** `live`: the sign-in that is under way, as Clerk holds one for a browser. */
  const browser: { live?: Kept | undefined } = {}

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
    return book.move(kept, {
      identifier: kept.signIn?.identifier ?? kept.attempt.identifier,
      supportedFirstFactors,
      supportedSecondFactors,
      firstFactorVerification: verificationOf(firstFactorVerification, supportedFirstFactors, kept.sentFirst),
      secondFactorVerification: verificationOf(secondFactorVerification, supportedSecondFactors ?? [], kept.sentSecond),
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
    const session = await lookUp(sessionId)
    Object.assign(kept, { sessionId, userId: userOf(session).id })
    const task = session && taskOf(session)
    const made = { cancelSignsOut: true }
    if (task === 'setup-mfa') return { ...made, status: 'needs_enrollment', enroll }
    return task ? { ...made, status: 'unsupported', detail: task } : { ...made, status: 'complete' }
  }

  function giveUp(ref: AttemptRef): Kept | undefined {
    if (browser.live?.attempt.id === ref.id) browser.live = undefined
    return book.giveUp(ref)
  }

  /** Forgets an attempt that Clerk no longer holds. */
  async function held<T>(kept: Kept, answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (thrown) {
      if ((thrown as AuthError).code === 'attempt_lost') giveUp(kept.attempt)
      throw thrown
    }
  }

  return {
    ...book,
    browser,
    signInOf,
    settle,
    reached,
    giveUp,
    held,

    /** A sign-in of its own. */
    async begin(kept: Kept, params: object): Promise<SignInAttempt> {
      browser.live = kept
      const { signIn } = client()
      return settle(
        kept,
        await awaiting(
          kept,
          ask(() => signIn.create(params), marker, signIn, params),
        ),
      )
    },

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
