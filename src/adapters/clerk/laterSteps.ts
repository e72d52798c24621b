import type { StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, CreateParams, PrepareParams, SignInAttempt } from '../../core/attempt.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { addressKey } from '../../core/walletAddress.js'
import { ask } from './ask.js'
import { marker, second, type Attempts, type Kept, type Lost, type SignInOptions } from './attempts.js'
import type { ClerkInstance } from './clerkInstance.js'
import { strategyOf } from './factorOption.js'
import { passkeyCredential } from './passkeyCredential.js'
import { createResume, refuse } from './resume.js'
import { isYounger, labelOf, living, userOf, type Sessions } from './session.js'

/** Any of the ways to begin. */
interface Given {
  readonly strategy: string
  readonly identifier?: string | null | undefined
  readonly address?: string
  readonly connection?: string
  readonly redirectUrl?: string | undefined
}

/** What follows a first factor, and the ways in beside a password and a code. */
export function createLaterSteps(
  clerk: ClerkInstance,
  sessions: Sessions,
  attempts: Attempts,
  { firstFactors, redirectUrl: home }: SignInOptions,
  beginning: { lost?: Lost | undefined },
) {
  const { client, read } = sessions
  const { browser, find, open, begin, call, settle, reached, move, signInOf, held } = attempts
  const { pending, recover, landed } = createResume(clerk, sessions, attempts)

  function back(url: string | undefined): string | undefined {
    const to = url ?? home
    return to && clerk.buildUrlWithAuth(to)
  }

  /** Leaves for a provider. */
  async function leave(kept: Kept, { strategy, identifier, connection, redirectUrl: url }: Given): Promise<SignInAttempt> {
    const redirectUrl = back(url)
    const to = { strategy, redirectUrl, actionCompleteRedirectUrl: redirectUrl }
    const begun = await begin(kept, { ...to, identifier: identifier ?? undefined })
    if (!strategy.startsWith('enterprise')) return begun
    return call(kept, 'prepare', 'First', { ...to, enterpriseConnectionId: connection })
  }

  /** A reverification cannot be read; that a factor became younger tells that it was passed. */
  async function reloadStepUp(kept: Kept): Promise<SignInAttempt> {
    const { on, level, ages, attempt: now } = kept
    const session = living((await read()).sessions, kept.sessionId)
    const { twoFactorEnabled } = userOf(session)
    const factor = now.status === second ? 1 : 0
    const age = session?.factorVerificationAge
    if (!on || now.status === 'complete' || !isYounger(age?.[factor], ages?.[factor])) return now
    kept.ages = age ?? null
    const more = factor === 0 && level === 'multi_factor' && twoFactorEnabled
    if (more && !on.supportedSecondFactors?.length) throw new AuthError('attempt_lost')
    return settle(kept, { ...on, status: more ? second : 'complete' })
  }

  return {
    async create(params: Extract<CreateParams, { strategy: string }>): Promise<SignInAttempt> {
      const given: Given = params
      const strategy = strategyOf(given.strategy)
      if (!firstFactors.some((one) => one === strategy)) throw new AuthError('not_supported')
      // As wallets write it, which is how Clerk's own client sends it: Ethereum's in lower case.
      const identifier = given.identifier ?? (given.address ? addressKey(given.address) : null)
      const isReset = strategy.startsWith('reset_')
      const kept = open({ identifier, ...(isReset && { purpose: 'reset_password' }) })
      if (isReset) kept.only = strategy
      if (given.redirectUrl) return leave(kept, { ...given, strategy })
      return begin(kept, { identifier })
    },

    /** What leads elsewhere, or needs nothing sent. `to`: strategy and target. */
    async prepareOther(
      kept: Kept,
      level: 'First' | 'Second',
      to: { readonly strategy: string },
      { channel, redirectUrl }: PrepareParams,
    ): Promise<SignInAttempt> {
      const { strategy } = to
      if (/^(password|totp|backup_code)$/.test(strategy)) throw new AuthError('not_supported')
      if (strategy.startsWith('oauth_')) return leave(kept, { strategy, identifier: kept.attempt.identifier, redirectUrl })
      const url = back(redirectUrl)
      const onward = { redirectUrl: url, actionCompleteRedirectUrl: strategy === 'email_link' ? undefined : url }
      return call(kept, 'prepare', level, { ...to, channel, ...onward })
    },

    attemptPasskey: async (kept: Kept, level: 'First' | 'Second', strategy: string, credential: Json): Promise<SignInAttempt> =>
      call(kept, 'attempt', level, { strategy, publicKeyCredential: passkeyCredential(credential) }),

    async passkeyOptions() {
      // Clerk would drop the sign-in that is under way for it.
      if (browser.live && browser.live.attempt.status !== 'complete') throw new AuthError('not_supported')
      const kept = open({ supportedFirstFactors: [{ id: 'passkey', strategy: 'passkey' }] })
      const { signIn } = client()
      const on = await ask(() => signIn.create({ strategy: 'passkey' }), marker, signIn)
      Object.assign(kept, { on, signIn: on })
      const { nonce } = on.firstFactorVerification
      return { id: kept.attempt.id, publicKey: nonce ? (JSON.parse(nonce) as Json) : null }
    },

    async resume(url: string | undefined): Promise<{ attempt: SignInAttempt | null; cleanUrl?: string }> {
      const { lost } = beginning
      beginning.lost = undefined
      if (lost?.kept.doubt) return { attempt: await recover(lost) }
      return url ? landed(url) : { attempt: await pending() }
    },

    async reload(ref: AttemptRef): Promise<SignInAttempt> {
      const kept = find(ref)
      if (kept.session) return reloadStepUp(kept)
      if (kept.sessionId) {
        await read()
        return move(kept, await reached(kept, kept.sessionId))
      }
      const on = signInOf(kept)
      await held(
        kept,
        ask(() => on.reload(), marker, on),
      )
      refuse(on)
      return settle(kept, on)
    },

    async resetPassword(ref: AttemptRef, params: object): Promise<SignInAttempt> {
      const kept = find(ref)
      if (kept.attempt.status !== 'needs_new_password') throw new AuthError('not_supported')
      const on = signInOf(kept)
      const asked = ask(() => on.resetPassword(params), marker, on, params)
      const answer = await held(kept, awaiting(kept, asked))
      kept.notice = 'password_changed'
      return settle(kept, answer)
    },

    /** Clerk's reverification. */
    async stepUp({ level }: { level: StepUpLevel }): Promise<SignInAttempt> {
      const { session } = clerk
      if (!session) throw new AuthError('session_lost')
      const user = userOf(session)
      const on = await ask(() => session.startVerification({ level }), 'status')
      const kept = open({ purpose: 'step_up', identifier: labelOf(user) ?? null }, user.id)
      Object.assign(kept, { session, sessionId: session.id, level, ages: on.session.factorVerificationAge })
      return settle(kept, on)
    },

    async cancel(ref: AttemptRef): Promise<void> {
      const isLive = browser.live?.attempt.id === ref.id
      const kept = attempts.giveUp(ref)
      const { signIn, doubt } = kept ?? {}
      let sessionId = kept?.sessionId
      // What the lost answer said may have been that the person is signed in.
      if (doubt && signIn?.id) sessionId ??= (await ask(() => signIn.reload(), marker, signIn)).createdSessionId
      if (sessionId && living((await read()).sessions, sessionId)) await sessions.signOut(sessionId)
      // Clerk cannot drop a sign-in, but holds one only: an empty one takes its place, so that it does not come back.
      else if (isLive)
        await client()
          .signIn.create({})
          .catch(() => client().resetSignIn())
    },
  }
}
