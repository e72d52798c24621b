import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import { claimsOf, isHalfDone, sessionOf, type State } from './claims.js'
import type { Answer, Granted, SupabaseAuth } from './supabaseAuth.js'
import { vendorError } from './vendorError.js'

export type Connection = ReturnType<typeof connect>

/** What an answer has to hold to be one. */
export function sure<T>(value: T | null | undefined): T {
  if (!value) throw noAnswer()
  return value
}

/** Waits for auth-js. */
export async function ask<T>(asked: Promise<Answer<T>> | undefined): Promise<T> {
  if (!asked) throw new AuthError('not_supported')
  const { data, error } = await asked.catch((thrown: unknown) => ({ data: null, error: thrown }))
  if (error) throw vendorError(error)
  return sure(data)
}

/** The caller's client, and what this page has seen of its session. */
export function connect(auth: SupabaseAuth, resets: boolean) {
  const listeners = new Set<() => void>()
  /** The newest token that this page has seen made: seconds by the server's clock, milliseconds by the monotonic one. */
  let made: { token: string; iat: number; at: number } | undefined
  /** The session that a recovery code or link made; it is there to set a password. */
  let recovering: string | undefined
  let sessionId: string | undefined
  let seen = ''

  /** Of a session that the server has just made. */
  function take({ session, user }: Granted): State {
    const tokens = sure(session)
    const claims = claimsOf(tokens)
    const madeAt = performance.now()
    made = { token: tokens.access_token, iat: claims.iat, at: madeAt }
    return { claims, user: sure(user), madeAt }
  }

  const refresh = async () => take(await ask(auth.refreshSession()))

  // auth-js waits for its listeners, and while it waits its own methods may not answer: nothing is awaited in here.
  auth.onAuthStateChange((event, session) => {
    const claims = session && claimsOf(session)
    sessionId = claims?.session_id
    if (event === 'PASSWORD_RECOVERY' && resets) recovering = sessionId
    if (event === 'USER_UPDATED') recovering = undefined
    if (session && /^TOKEN|^MFA/.test(event)) take({ session, user: session.user })
    const before = seen
    seen = JSON.stringify([sessionId, claims?.aal, claims?.amr])
    // It says SIGNED_IN each time a tab is looked at, and every tab hears when another has refreshed.
    if (event === 'INITIAL_SESSION' || (seen === before && /^SIGNED_IN|^TOKEN/.test(event))) return
    for (const listener of listeners) setTimeout(listener)
  })

  return {
    auth,
    take,

    /**
     * `null`: nobody. The person's factors come from the server. A token that this page has not seen made is made anew, because nothing else
     * tells its age. Rejects when the server does not answer.
     */
    async read(): Promise<State | null> {
      const { session } = await ask(auth.getSession())
      if (!session) return null
      try {
        const user = sure((await ask(auth.getUser(session.access_token))).user)
        const isSeen = made?.token === session.access_token
        const state = { claims: claimsOf(session), user, madeAt: isSeen ? made?.at : undefined }
        return isSeen ? state : await refresh().catch(() => state)
      } catch (thrown) {
        nullIfLost(thrown)
      }
      // By this machine's clock the token may be good when by the server's it is not.
      return refresh().catch(nullIfLost)
    },

    /** A factor was removed: what is known of the token does not hold any more. */
    async downgrade(): Promise<void> {
      made = undefined
      await refresh().catch(() => null)
    },

    show: (state: State) =>
      sessionOf(state, isHalfDone(state) ? 'second_factor' : state.claims.session_id === recovering ? 'new_password' : undefined),

    async signOut(scope: 'local' | 'others' | 'global'): Promise<void> {
      await ask(auth.signOut({ scope }).then(({ error }) => ({ data: true, error })))
    },

    subscribe(listener: () => void): () => void {
      const entry = () => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },

    /** Milliseconds until an instant of the server's clock, in seconds. Absent as long as nothing has told the server's time. */
    untilMs: (seconds: number) => made && Math.max(0, (seconds - made.iat) * 1000 - performance.now() + made.at),

    sessionId: () => sessionId,
    recover: (id?: string) => void (recovering = resets ? id : undefined),
  }
}

function nullIfLost(thrown: unknown): null {
  if ((thrown as AuthError).code !== 'session_lost') throw thrown
  return null
}
