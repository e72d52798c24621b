/** Assurance levels, in ascending order (NIST SP 800-63B-4 §2). */
export type Level = 'aal1' | 'aal2' | 'aal3'

/** Ascending. */
export const levels: readonly Level[] = ['aal1', 'aal2', 'aal3']

export interface Session {
  readonly id: string | null
  readonly user: { readonly id: string; readonly label?: string }
  /** Set: a session exists, but the person is not signed in yet. Gates treat it as signed out. */
  readonly pending?: 'second_factor' | 'enrollment' | 'new_password' | 'other'
  /** `null`: the backend does not say. It satisfies nothing. */
  readonly currentLevel: Level | null
  /** The level that this person could reach with the factors they have. `null`: the backend does not say. */
  readonly nextLevel: Level | null
  readonly methods: readonly { readonly method: string; readonly ageMs?: number }[]
  /** Ages and waits are milliseconds at the answer's arrival. */
  readonly firstFactorAgeMs?: number
  readonly secondFactorAgeMs?: number
  readonly expiresInMs?: number
}

/** A session whose person is signed in. */
export type ActiveSession = Session & { readonly pending?: never }

export function isActive(session: Session | null): session is ActiveSession {
  return session !== null && session.pending === undefined
}

/** A session as it was read; `at` is the moment of the answer, in milliseconds on the monotonic clock, so that ages can grow. */
export interface Reading {
  readonly session: Session | null
  readonly at: number
}
