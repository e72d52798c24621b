import type { SignInApi } from './adapter.js'
import type { SignInAttempt } from './attempt.js'
import type { AttemptBook } from './attemptBook.js'
import { AuthError, toAuthError } from './AuthError.js'
import { codeDigits } from './codeDigits.js'
import type { Factor } from './enrollment.js'
import type { SealedAttempt } from './sealedAttempt.js'
import type { SealedBook } from './sealedBook.js'
import { preparationOf } from './screenOf.js'
import type { SecondStrategy } from './strategy.js'

/** What the second factors ask of the backend. */
export interface ChallengedFactorsOptions<Kept extends SealedAttempt> {
  readonly at: SealedBook<Kept>['at']
  /** Makes a challenge, and sends its code where one is sent. */
  readonly challenge: (factorId: string) => Promise<{ readonly id: string; readonly expiresInMs?: number }>
  /** Answers a challenge, and moves the attempt on. */
  readonly pass: (kept: Kept, book: AttemptBook, factorId: string, challengeId: string, code: string) => Promise<SignInAttempt>
  /** The backend itself takes this sign-in's second factor once only, whichever challenge it comes on. */
  readonly holds: (kept: Kept) => boolean
}

/** Of a factor whose id is its strategy and, after a colon, the backend's own id. */
export const strategyOf = (factorId: string) => factorId.split(':')[0] as SecondStrategy

/** The second factors of a backend that makes a challenge for each try, authenticator apps included. */
export function createChallengedFactors<Kept extends SealedAttempt>({ at, ...backend }: ChallengedFactorsOptions<Kept>) {
  const isSent = (factorId: string) => preparationOf(strategyOf(factorId)) === 'act'

  async function challenge(kept: Kept, factorId: string) {
    const { id, ...life } = await backend.challenge(factorId)
    kept.challenges[factorId] = id
    return life
  }

  async function toSecond(kept: Kept, book: AttemptBook, factors: readonly Factor[]): Promise<SignInAttempt> {
    const supportedSecondFactors = factors.map(({ id, strategy, hint }) => ({ id, strategy, ...(hint && { hint }) }))
    // Made now, so that a replay of this step's code meets the challenge that it was used on.
    for (const { id } of factors) if (!isSent(id)) await challenge(kept, id).catch(() => undefined)
    return book.move(kept, { status: 'needs_second_factor', supportedSecondFactors })
  }

  /** Also how a factor that is being enrolled is proved. */
  async function pass(kept: Kept, book: AttemptBook, factorId: string, code: string | undefined): Promise<SignInAttempt> {
    const digits = codeDigits(code)
    if (!isSent(factorId) && !kept.challenges[factorId]) await challenge(kept, factorId)
    const made = kept.challenges[factorId]
    if (!made) throw new AuthError('code_expired', 'No code was sent.', { field: 'code' })
    return backend.pass(kept, book, factorId, made, digits)
  }

  const verbs: Pick<SignInApi, 'prepareSecondFactor' | 'attemptSecondFactor'> = {
    prepareSecondFactor: (ref, { factorId }) =>
      at('needs_second_factor', ref, factorId, async (kept, book) => {
        // A new challenge for an app would let a code of before pass again.
        if (!isSent(factorId)) throw new AuthError('not_supported')
        return book.sent(kept, factorId, await challenge(kept, factorId))
      }),

    attemptSecondFactor: (ref, { factorId, ...proof }) =>
      at('needs_second_factor', ref, factorId, async (kept, book) => {
        if (!('code' in proof)) throw new AuthError('not_supported')
        const once = () => pass(kept, book, factorId, proof.code)
        try {
          return await once()
        } catch (thrown) {
          const { code, outcome } = toAuthError(thrown)
          if (outcome === 'unknown' || code === 'already_used' || code === 'code_expired') kept.challenges[factorId] = undefined
          if (isSent(factorId)) throw thrown
          if (code === 'code_expired') return once()
          // This step was passed before, by a replay or in an answer that was lost.
          throw code === 'already_used' && !backend.holds(kept) ? new AuthError('attempt_lost') : thrown
        }
      }),
  }

  return { challenge, toSecond, pass, verbs }
}
