import type { KeptAttempt } from './attemptBook.js'
import type { Proof, ProvedSession } from './provedSession.js'

/** What is sealed of an attempt; of an enrolment by whoever is signed in too, as an attempt that is never shown. */
export interface SealedAttempt extends KeptAttempt {
  proved: Proof[]
  /** The backend's challenges, by the factor that they are of. */
  challenges: Record<string, string | undefined>
  /** Of a step-up the session that it is for; of a sign-in the one that it made, which is the browser's only once it is finished. */
  session?: Omit<ProvedSession, 'proved'> | undefined
  /** The newest factor that was enrolled in it; not proved as long as the attempt is at `needs_enrollment`. */
  enrolling?: string | undefined
  /** Until a provider has answered. */
  away?: Away | undefined
}

/** Of a sign-in that waits for a provider. */
export interface Away {
  readonly strategy: string
  /** Comes back with the answer; nobody can guess it. */
  readonly state: string
  /** Shows that who has the answer's code has asked for it (RFC 7636). */
  readonly codeVerifier: string
}
