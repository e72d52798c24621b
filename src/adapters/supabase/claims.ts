import type { Session } from '../../core/session.js'
import type { Tokens, User, UserFactor } from './supabaseAuth.js'

/** What is read of an access token. The server made it; only the server's own check of it counts. */
export interface Claims {
  readonly sub: string
  readonly session_id: string
  readonly aal: 'aal1' | 'aal2'
  /** Seconds, by the server's clock. */
  readonly iat: number
  readonly email?: string
  readonly phone?: string
  /** `timestamp` in seconds. A hook of the project may write plain names. */
  readonly amr?: readonly (string | { readonly method: string; readonly timestamp: number })[]
}

/** Who is signed in, and how far, by the server's newest word. */
export interface State {
  readonly claims: Claims
  readonly user: User
  /** When the token was made, in monotonic milliseconds. Absent: not seen by this page. */
  readonly madeAt?: number | undefined
}

/** Text beyond ASCII comes out garbled; none of what is read has any. */
export function claimsOf({ access_token }: Tokens): Claims {
  const payload = access_token.split('.')[1] ?? ''
  return JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as Claims
}

export function verifiedFactors({ factors = [] }: User): readonly UserFactor[] {
  return factors.filter(({ status }) => status === 'verified')
}

/** The session of somebody who has a second factor and has not passed it: made, and usable, but nobody is signed in. */
export function isHalfDone({ claims, user }: State): boolean {
  return claims.aal !== 'aal2' && verifiedFactors(user).length > 0
}

const isSecond = (method: string) => /^(totp$|mfa\/)/.test(method)

/** When a second factor was last passed. Seconds by the server's clock, good for comparing only. */
export function secondPassedAt({ amr = [] }: Claims): number {
  return Math.max(0, ...amr.map((entry) => (typeof entry === 'object' && isSecond(entry.method) ? entry.timestamp : 0)))
}

export function sessionOf(state: State, isRecovering: boolean): Session {
  const { claims, user, madeAt } = state
  const hasSecond = verifiedFactors(user).length > 0
  // Both instants are the server's, so their difference is right on any clock.
  const sinceMade = madeAt === undefined ? NaN : performance.now() - madeAt
  const methods = (claims.amr ?? []).map((entry) => {
    if (typeof entry === 'string') return { method: entry }
    const ageMs = (claims.iat - entry.timestamp) * 1000 + sinceMade
    return { method: entry.method, ...(ageMs >= 0 && { ageMs }) }
  })
  const newest = (second: boolean) =>
    methods.reduce<number | undefined>(
      (found, { method, ageMs }) => (isSecond(method) === second && ageMs! < (found ?? Infinity) ? ageMs : found),
      undefined,
    )
  const [firstFactorAgeMs, secondFactorAgeMs] = [newest(false), newest(true)]
  const pending = isHalfDone(state) ? 'second_factor' : isRecovering ? 'new_password' : undefined
  // Without factors, what raised the session is gone, and the next token says so.
  const currentLevel = hasSecond && claims.aal === 'aal2' ? 'aal2' : 'aal1'
  return {
    id: claims.session_id,
    user: { id: user.id, label: user.email || user.phone },
    currentLevel,
    nextLevel: hasSecond ? 'aal2' : 'aal1',
    methods,
    ...(pending && { pending }),
    ...(firstFactorAgeMs !== undefined && { firstFactorAgeMs }),
    ...(secondFactorAgeMs !== undefined && { secondFactorAgeMs }),
  }
}
