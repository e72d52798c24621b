import type { Session } from '../../core/session.js'
import type { Tokens, User, UserFactor } from './supabaseAuth.js'

/** What is read of an access token. The server made it; only the server's own check of it counts. */
export interface Claims {
  readonly session_id: string
  readonly aal?: string
  /** Seconds, by the server's clock. */
  readonly iat: number
  /** Newest first; `timestamp` in seconds. A hook of the project may write plain names. */
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
  const [, payload = ''] = access_token.split('.')
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
  const methods = (claims.amr ?? []).map((entry) => {
    const { method, timestamp } = typeof entry === 'string' ? { method: entry, timestamp: NaN } : entry
    // Both instants are the server's, so their difference is right on any clock.
    const ageMs = (claims.iat - timestamp) * 1000 + performance.now() - madeAt
    return { method, ageMs: ageMs >= 0 ? ageMs : undefined }
  })
  const age = (isSecond: boolean) => methods.find(({ method }) => /^(totp|mfa)/.test(method) === isSecond)?.ageMs
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
