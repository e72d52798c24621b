import type { SignInAttempt } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { first, type Attempts, type Lost } from './attempts.js'
import type { ClerkAttempt, ClerkInstance } from './clerkInstance.js'
import { errorCodeOf } from './errorCodes.js'
import { living, taskOf, type Sessions } from './session.js'

/** What `__clerk_status` says of a link that did not do. */
const links = { expired: 'code_expired', client_mismatch: 'link_other_device', transferable: 'no_account' } as const

/** Rejects with what a provider or a link said. */
export function refuse({ firstFactorVerification: { status, strategy, error } }: ClerkAttempt): void {
  if (status === 'transferable') throw new AuthError('no_account')
  if (error && /^(oauth_|enterprise_sso|saml)/.test(strategy ?? ''))
    throw new AuthError(errorCodeOf(error.code) ?? 'unknown', undefined, { cause: error.code })
}

/** Finds attempts that this page did not begin, or does not know of. */
export function createResume(
  clerk: ClerkInstance,
  { client, read }: Sessions,
  { browser, open, move, settle, reached }: Attempts,
) {
  /**
   * The attempt that this browser holds, or a session that still wants something. `back`: somebody has just come back, so that an attempt which is
   * complete by now is theirs; else whoever is signed in was so before.
   */
  async function pending(back = false): Promise<SignInAttempt | null> {
    const { session } = clerk
    if (session && taskOf(session)) {
      const kept = open({})
      return move(kept, await reached(kept, session.id))
    }
    const { signIn } = client()
    if (!signIn.id) return null
    if (back) refuse(signIn)
    if (signIn.status === 'needs_identifier' || (signIn.status === 'complete' && !back)) return null
    const kept = (browser.live = open({}))
    const attempt = await settle(kept, signIn)
    return attempt.status === 'needs_redirect' ? null : attempt
  }

  return {
    pending,

    async recover({ kept, before }: Lost): Promise<SignInAttempt | null> {
      const { signIn, sessions } = await read()
      if (signIn.id && signIn.id !== before.signInId) {
        const found = await settle(kept, signIn)
        return found.status === first || found.status === 'needs_identifier' ? null : found
      }
      const made = sessions.find(({ id }) => !before.sessions.some((one) => one.id === id))
      return made ? move(kept, await reached(kept, made.id)) : null
    },

    /** A page to which a link or a provider has led. */
    async landed(url: string): Promise<{ attempt: SignInAttempt | null; cleanUrl?: string }> {
      const clean = new URL(url)
      const { searchParams } = clean
      const status = searchParams.get('__clerk_status')
      const sessionId = searchParams.get('__clerk_created_session')
      for (const name of [...searchParams.keys()]) if (/^(__clerk|rotating)_/.test(name)) searchParams.delete(name)
      const cleanUrl = clean.href
      if (!status) return { attempt: await pending(true), ...(cleanUrl !== new URL(url).href && { cleanUrl }) }
      const refused = links[status as keyof typeof links] ?? 'code_incorrect_or_expired'
      if (status !== 'verified') throw new AuthError(refused)
      const { sessions } = await read()
      const kept = open({})
      const here = living(sessions, sessionId) && (await reached(kept, sessionId))
      const attempt = here ? move(kept, here) : ((await pending()) ?? move(kept, { status: 'verified_elsewhere' }))
      return { attempt, cleanUrl }
    },
  }
}
