import type { ActiveSession, Level } from './session.js'

/** A factor that an adapter saw passed; `at` in milliseconds since 1970, by the server's clock. */
export interface Proof {
  readonly method: string
  readonly at: number
}

/** A session as a server's adapter keeps it, of a backend that does not tell how its sessions came about. */
export interface ProvedSession {
  /** The backend's. */
  readonly id: string
  readonly userId: string
  readonly label: string
  /** The first factor, and the second where there was one. */
  readonly proved: readonly Proof[]
}

/** `has`: the person has a second factor; without one no session is at aal2. The levels say what was seen, and nothing else. */
export function showProved({ id, userId, label, proved }: ProvedSession, has: boolean, now: number): ActiveSession {
  const methods = proved.map(({ method, at }) => ({ method, ageMs: Math.max(0, now - at) }))
  const [first, second] = methods
  const level = (raised: boolean): Level => (raised ? 'aal2' : 'aal1')
  return {
    id,
    user: { id: userId, label },
    currentLevel: level(has && second !== undefined),
    nextLevel: level(has),
    methods,
    ...(first && { firstFactorAgeMs: first.ageMs }),
    ...(has && second && { secondFactorAgeMs: second.ageMs }),
  }
}
