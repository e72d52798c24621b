import type { Session } from '../../core/session.js'
import type { Tokens, User, UserFactor } from './supabaseAuth.js'

/** What is read of an access token. The server made it; only the server's own check of it counts. */
export interface Claims {
  readonly sub: string
  readonly session_id: string
  readonly aal?: string
  /** Seconds, by the server's clock. */
  readonly iat: number
  /** `timestamp` in seconds. A hook of the project may write plain names. */
  readonly amr?: readonly (string | { readonly method: string; readonly timestamp: number })[]
}

/** Who is signed in, and how far. */
export interface State {
  readonly claims: Claims
  readonly user: User
  /** When the token was made, in monotonic milliseconds. Absent: this page has not seen it made. */
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

export function sessionOf({ claims, user, madeAt = NaN }: State, pending?: Session['pending']): Session {
  const nextLevel = verifiedFactors(user).length > 0 ? 'aal2' : 'aal1'
  // Both instants are the server's, so their difference is right on any clock.
  const methods = (claims.amr ?? []).map((entry) => {
    if (typeof entry === 'string') return { method: entry }
    const ageMs = (claims.iat - entry.timestamp) * 1000 + performance.now() - madeAt
    return ageMs >= 0 ? { method: entry.method, ageMs } : { method: entry.method }
  })
  const age = (isSecond: boolean) => {
    const ages = methods.map(({ method, ageMs = Infinity }) => (/^(totp$|mfa\/)/.test(method) === isSecond ? ageMs : Infinity))
    const newest = Math.min(...ages)
    return newest < Infinity ? newest : undefined
  }
  return {
    id: claims.session_id,
    user: { id: user.id, label: user.email || user.phone },
    pending,
    // Without factors, what raised the session is gone, and the next token says so.
    currentLevel: claims.aal === 'aal2' ? nextLevel : 'aal1',
    nextLevel,
    methods,
    firstFactorAgeMs: age(false),
    secondFactorAgeMs: age(true),
  }
}
