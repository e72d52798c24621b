import type { AttemptRef, FactorOption, SignInAttempt, Verification } from './attempt.js'
import { AuthError, toAuthError } from './AuthError.js'
import { noAnswer } from './backendError.js'
import type { ActiveSession } from './session.js'
import type { FirstStrategy } from './strategy.js'

/** What an adapter keeps of an attempt whose backend has no such thing. No password, code or token. */
export interface KeptAttempt {
  attempt: SignInAttempt
  /** Known as soon as the backend has named the person. */
  userId?: string | undefined
  /** An answer was lost, so the backend may be further than `attempt` says. */
  doubt?: boolean
  finished?: boolean
}

/** Whoever the backend says was signed in. */
export interface Named {
  readonly user?: { readonly id?: string; readonly label?: string; readonly email?: string }
}

interface Sure {
  readonly user: { readonly id: string }
}

export type AttemptBook<Kept extends KeptAttempt = KeptAttempt> = ReturnType<typeof createAttemptBook<Kept>>

/** An adapter's attempts by their ids, and the order in which their steps may be taken. `Kept`: with what the adapter itself keeps of one. */
export function createAttemptBook<Kept extends KeptAttempt = KeptAttempt>(firstFactors: readonly FirstStrategy[]) {
  const book = new Map<string, Kept>()
  let count = 0

  function find({ id }: AttemptRef): Kept {
    const kept = book.get(id)
    if (!kept) throw new AuthError('attempt_lost', 'The adapter does not know this attempt.')
    return kept
  }

  function move(kept: KeptAttempt, change: object): SignInAttempt {
    // What only the step before has to say goes with it.
    const past = 'status' in change && { enroll: undefined, redirectUrl: undefined, detail: undefined }
    return (kept.attempt = { ...kept.attempt, ...past, ...change })
  }

  return {
    /** `strategies`: the first factors of this one, where they are not those of all. */
    open(start: object, userId?: string, strategies = firstFactors): Kept {
      const attempt: SignInAttempt = {
        id: `attempt_${++count}`,
        purpose: 'sign_in',
        identifier: null,
        status: 'needs_first_factor',
        supportedFirstFactors: strategies.map((strategy) => ({ id: strategy, strategy })),
        supportedSecondFactors: null,
        firstFactorVerification: null,
        secondFactorVerification: null,
        cancelSignsOut: false,
        ...start,
      }
      const kept = { attempt, userId } as Kept
      book.set(attempt.id, kept)
      // Those that came to nothing are not told of, so the oldest make room.
      if (book.size > 20) book.delete([...book.keys()][0] ?? '')
      return kept
    },

    /** Rejects `attempt_lost` for an attempt that is unknown or was given up. */
    find,
    move,

    /** Forgets it. Answers with what the backend may still hold of it: nothing of a step-up, nor before a first answer. */
    giveUp({ id }: AttemptRef): Kept | undefined {
      const kept = book.get(id)
      book.delete(id)
      if (!kept || kept.finished || kept.attempt.purpose === 'step_up') return undefined
      return kept.attempt.status === 'needs_first_factor' && !kept.doubt ? undefined : kept
    },

    /** Rejects `not_supported` before or after the step, `factor_not_found` for a factor that it does not offer. */
    expect(ref: AttemptRef, status: 'needs_first_factor' | 'needs_second_factor', factorId: string): Kept {
      const kept = find(ref)
      const { attempt } = kept
      const first: readonly FactorOption[] = attempt.supportedFirstFactors
      const offered = status === 'needs_first_factor' ? first : attempt.supportedSecondFactors
      if (attempt.status !== status) throw new AuthError('not_supported', `The attempt is at ${attempt.status}.`)
      if (!offered?.some(({ id }) => id === factorId)) throw new AuthError('factor_not_found')
      return kept
    },

    /** A challenge waits for its answer in the step that the attempt is at. Of `facts` the durations count from this answer: told and not kept. */
    sent(kept: KeptAttempt, factorId: string, facts?: Partial<Verification>): SignInAttempt {
      const step = kept.attempt.status === 'needs_first_factor' ? 'firstFactorVerification' : 'secondFactorVerification'
      const said = { status: 'unverified', factorId, ...facts } as const
      return { ...move(kept, { [step]: { ...said, expiresInMs: undefined, resendInMs: undefined } }), [step]: said }
    },

    /** `named`: an answer or a session. Rejects `session_mismatch` when it is not this attempt's person, as when another tab began another sign-in. */
    complete(kept: KeptAttempt, named: Named): SignInAttempt {
      if (!named.user?.id) throw noAnswer()
      if (!isTheirs(named, kept)) throw new AuthError('session_mismatch')
      kept.userId = named.user.id
      return move(kept, { status: 'complete', cancelSignsOut: kept.attempt.purpose === 'sign_in' })
    },

    /** May be called again. `session` as just read. Rejects `not_supported` before `complete`, `session_lost`, `session_mismatch`. */
    finish(kept: KeptAttempt, session: ActiveSession | null): ActiveSession {
      const { status } = kept.attempt
      if (status !== 'complete') throw new AuthError('not_supported', `The attempt is at ${status}.`)
      if (!session) throw new AuthError('session_lost')
      if (!isTheirs(session, kept)) throw new AuthError('session_mismatch')
      kept.finished = true
      return session
    },
  }
}

/** Waits for an answer that may move what the record is of, and notes when it is lost. */
export async function awaiting<T>(record: { doubt?: boolean }, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (thrown) {
    record.doubt ||= toAuthError(thrown).outcome === 'unknown'
    throw thrown
  }
}

/** Is this the attempt's person? An attempt found after a reload does not say whose it is; then it is whoever answers for it. */
export function isTheirs<N extends Named>(named: N | null, { userId, attempt: { identifier } }: KeptAttempt): named is N & Sure {
  const { id, label, email } = named?.user ?? {}
  if (!id) return false
  return userId ? id === userId : !identifier || (label ?? email)?.toLowerCase() === identifier.toLowerCase()
}
