import type { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import { claimsOf, verifiedFactors, type State } from './claims.js'
import type { Answer, SupabaseAuth, Tokens, User } from './supabaseAuth.js'
import { vendorError } from './vendorError.js'

export type Connection = ReturnType<typeof connect>

/** Waits for auth-js. `secrets`: what was sent and must not come back in an error's cause. */
export async function ask<T>(asked: Promise<Answer<T>>, ...secrets: readonly unknown[]): Promise<T> {
  const { data, error } = await asked.catch((thrown: unknown) => ({ data: null, error: thrown ?? 'nothing' }))
  if (error) throw vendorError(error, secrets)
  if (!data) throw noAnswer()
  return data
}

/** The caller's client, and what this page has seen of its session. */
export function connect(auth: SupabaseAuth, hasReset: boolean) {
  const listeners = new Set<() => void>()
  /** The newest token that this page has seen made: seconds by the server's clock, milliseconds by the monotonic one. */
  let made: { token: string; iat: number; at: number } | undefined
  /** The session that a recovery code or link made; it is there to set a password. */
  let recovering: string | undefined
  /** A factor was removed, so the token may say too much. */
  let isStale = false
  let sessionId: string | undefined
  let seen = ''

  /** Of a session that the server has just made. */
  function take(tokens: Tokens, user: User = tokens.user): State {
    const claims = claimsOf(tokens)
    made = { token: tokens.access_token, iat: claims.iat, at: performance.now() }
    return { claims, user, madeAt: made.at }
  }

  // auth-js waits for its listeners, and while it waits its own methods may not answer: nothing is awaited in here.
  auth.onAuthStateChange((event, tokens) => {
    const claims = tokens && claimsOf(tokens)
    sessionId = claims?.session_id
    if (event === 'PASSWORD_RECOVERY' && hasReset) recovering = sessionId
    if (event === 'USER_UPDATED' || !claims) recovering = undefined
    if (tokens && (event === 'TOKEN_REFRESHED' || event === 'MFA_CHALLENGE_VERIFIED')) take(tokens)
    const before = seen
    seen = claims ? `${sessionId} ${claims.aal} ${JSON.stringify(claims.amr)}` : ''
    // It says SIGNED_IN each time a tab is looked at, and every tab hears when another has refreshed.
    const isEcho = seen === before && (event === 'SIGNED_IN' || event === 'TOKEN_REFRESHED')
    if (isEcho || event === 'INITIAL_SESSION') return
    for (const listener of listeners) setTimeout(listener)
  })

  async function refresh(): Promise<State> {
    const { session, user } = await ask(auth.refreshSession())
    if (!session || !user) throw noAnswer()
    isStale = false
    return take(session, user)
  }

  return {
    auth,
    take,
    refresh,

    /**
     * `null`: nobody. The person's factors come from the server. The token is made anew where it may be behind: `isSure` asks for that,
     * and so does a token that this page has not seen made, whose age would not be known. Rejects when the server does not answer.
     */
    async read({ isSure = false } = {}): Promise<State | null> {
      const { session } = await ask(auth.getSession())
      if (!session) return null
      let user: User | null
      try {
        ;({ user } = await ask(auth.getUser(session.access_token)))
        if (!user) throw noAnswer()
      } catch (thrown) {
        if ((thrown as AuthError).code !== 'session_lost') throw thrown
        // By this machine's clock the token may be good when by the server's it is not.
        return refresh().catch((again: AuthError) => {
          if (again.code === 'session_lost') return null
          throw again
        })
      }
      const claims = claimsOf(session)
      const isSeen = made?.token === session.access_token
      const isBehind = isStale || (claims.aal === 'aal2' && verifiedFactors(user).length === 0)
      const state = { claims, user, madeAt: isSeen ? made?.at : undefined }
      if (isSeen && !isBehind && !isSure) return state
      return refresh().catch((thrown: AuthError) => {
        if (isSure) throw thrown
        return state
      })
    },

    async signOut(scope: 'local' | 'others' | 'global'): Promise<void> {
      await ask(auth.signOut({ scope }).then(({ error }) => ({ data: true, error })))
    },

    subscribe(listener: () => void): () => void {
      const entry = () => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },

    /** A factor was removed: the session may have lost its level. */
    async downgrade(): Promise<void> {
      isStale = true
      await refresh().catch(() => undefined)
    },

    /** Milliseconds until an instant of the server's clock, in seconds. Absent as long as nothing has told the server's time. */
    untilMs: (seconds: number) => made && Math.max(0, (seconds - made.iat) * 1000 - (performance.now() - made.at)),

    sessionId: () => sessionId,
    isRecovering: (id: string) => recovering === id,
    recover: (id: string | undefined) => void (recovering = id),
  }
}
