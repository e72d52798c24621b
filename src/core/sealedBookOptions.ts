import type { SignInAttempt } from './attempt.js'
import type { AttemptBook } from './attemptBook.js'
import type { Factor } from './enrollment.js'
import type { SealedAttempt } from './sealedAttempt.js'
import type { RequestContext } from './serverAdapter.js'
import type { FirstStrategy } from './strategy.js'

/** What the book asks of the backend. */
export interface SealedBookOptions<Kept extends SealedAttempt> {
  readonly request: RequestContext
  readonly firstFactors: readonly FirstStrategy[]
  /** An id that nobody can guess. */
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The ids of the person's sessions that stand. */
  readonly sessions: (userId: string) => Promise<readonly string[]>
  readonly revoke: (sessionId: string) => Promise<unknown>
  /** The person's second factors. */
  readonly factors: (userId: string) => Promise<readonly Factor[]>
  readonly removeFactor: (factorId: string, userId: string) => Promise<unknown>
  /** Brings the attempt to its second factor. */
  readonly toSecond: (kept: Kept, book: AttemptBook, factors: readonly Factor[]) => Promise<SignInAttempt>
}
