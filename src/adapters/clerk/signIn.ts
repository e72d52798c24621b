import type { SignInApi } from '../../core/adapter.js'
import type { AttemptRef, FactorOption, SignInAttempt } from '../../core/attempt.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import type { ActiveSession } from '../../core/session.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { ask, run } from './ask.js'
import { first, marker, second, type Attempts, type Kept } from './attempts.js'
import type { ClerkInstance } from './clerkInstance.js'
import { find as findFactor, proofOf, strategyOf, targetOf } from './factorOption.js'
import { createResume, refuse, type Lost } from './resume.js'
import { isYounger, living, sessionOf, userOf, type Sessions } from './session.js'

export interface SignInOptions {
  readonly firstFactors: readonly FirstStrategy[]
  /** Where links and providers lead back to, unless the call says. */
  readonly redirectUrl: string | undefined
}

/** Any of the ways to begin. */
interface Given {
  readonly strategy?: string
  readonly identifier?: string | null
  readonly password?: string
  readonly address?: string
  readonly connection?: string
  readonly redirectUrl?: string | undefined
}

export function createSignIn(
  clerk: ClerkInstance,
  sessions: Sessions,
  attempts: Attempts,
  { firstFactors, redirectUrl: home }: SignInOptions,
): SignInApi {
  const { client, read } = sessions
  const { find, expect, open, hold, call, settle, reached, move, signInOf, held } = attempts
  const { pending, recover, landed } = createResume(clerk, sessions, attempts)
  /** The newest `create` with a password: `resume` looks for what it made, if its answer was lost. */
  let lost: Lost | undefined

  function back(url: string | undefined): string | undefined {
    const to = url ?? home
    return to && clerk.buildUrlWithAuth(to)
  }

  async function begin(kept: Kept, params: object): Promise<SignInAttempt> {
    hold(kept)
    const { signIn } = client()
    const asked = ask(() => signIn.create(params), marker, signIn, params)
    return settle(kept, await awaiting(kept, asked))
  }

  /** Leaves for a provider. */
  async function leave(kept: Kept, { strategy = '', identifier, connection, redirectUrl: url }: Given): Promise<SignInAttempt> {
    const redirectUrl = back(url)
    const to = { strategy, redirectUrl, actionCompleteRedirectUrl: redirectUrl }
    const begun = await begin(kept, { ...to, identifier: identifier ?? undefined })
    if (!strategy.startsWith('enterprise')) return begun
    return call(kept, 'prepare', 'First', { ...to, enterpriseConnectionId: connection })
  }

  function prepare(level: 'First' | 'Second'): SignInApi['prepareFirstFactor'] {
    return async (ref, { factorId, channel, redirectUrl }) => {
      const kept = expect(ref, level === 'First' ? first : second, factorId)
      const factor = findFactor(kept.on?.[`supported${level}Factors`], factorId)
      const strategy = strategyOf(factor?.strategy ?? factorId)
      if (/^(password|totp|backup_code)$/.test(strategy)) throw new AuthError('not_supported')
      if (strategy.startsWith('oauth_')) return leave(kept, { strategy, identifier: kept.attempt.identifier, redirectUrl })
      kept.sent[level] = factorId
      const url = /^(email_link|enterprise_sso)$/.test(strategy) ? back(redirectUrl) : undefined
      const to = { redirectUrl: url, actionCompleteRedirectUrl: strategy === 'email_link' ? undefined : url }
      return call(kept, 'prepare', level, { strategy, ...(factor && targetOf(factor)), channel, ...to })
    }
  }

  function attempt(level: 'First' | 'Second'): SignInApi['attemptFirstFactor'] {
    return async (ref, { factorId, ...proof }) => {
      const kept = expect(ref, level === 'First' ? first : second, factorId)
      const options: readonly FactorOption[] = kept.attempt[`supported${level}Factors`] ?? []
      const strategy = options.find(({ id }) => id === factorId)?.strategy ?? ''
      return call(kept, 'attempt', level, proofOf(strategy, proof))
    }
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

  async function reload(ref: AttemptRef): Promise<SignInAttempt> {
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
  }

  return {
    async create(params) {
      const given: Given = params
      const { identifier = given.address ?? null, password } = given
      const strategy = given.strategy && strategyOf(given.strategy)
      if (strategy && !firstFactors.some((one) => one === strategy)) throw new AuthError('not_supported')
      const only = strategy?.startsWith('reset_') ? strategy : undefined
      const kept = open({ identifier, ...(only && { purpose: 'reset_password' }) })
      kept.only = only
      const { signIn, sessions: known } = client()
      lost = password === undefined ? undefined : { kept, signIn: signIn.id, sessions: known }
      if (lost) return begin(kept, { strategy: 'password', identifier, password })
      if (given.redirectUrl) return leave(kept, { ...given, ...(strategy && { strategy }) })
      // Naming the strategy would send a code at once; a code is sent when its factor is prepared.
      return begin(kept, { identifier })
    },

    ...(firstFactors.includes('passkey') && {
      async passkeyOptions() {
        // Clerk would drop the sign-in that is under way for it.
        if (attempts.isBusy()) throw new AuthError('not_supported')
        const kept = open({ supportedFirstFactors: [{ id: 'passkey', strategy: 'passkey' }] })
        const { signIn } = client()
        const on = await ask(() => signIn.create({ strategy: 'passkey' }), marker, signIn)
        Object.assign(kept, { on, signIn: on })
        const { nonce } = on.firstFactorVerification
        return { id: kept.attempt.id, publicKey: nonce ? (JSON.parse(nonce) as Json) : null }
      },
    }),

    async resume({ url }) {
      const before = lost
      lost = undefined
      if (before?.kept.doubt) return { attempt: await recover(before) }
      return url ? landed(url) : { attempt: await pending() }
    },

    reload,
    prepareFirstFactor: prepare('First'),
    prepareSecondFactor: prepare('Second'),
    attemptFirstFactor: attempt('First'),
    attemptSecondFactor: attempt('Second'),

    async resetPassword(ref, params) {
      const kept = find(ref)
      if (kept.attempt.status !== 'needs_new_password') throw new AuthError('not_supported')
      const on = signInOf(kept)
      const asked = ask(() => on.resetPassword(params), marker, on, params)
      const answer = await held(kept, awaiting(kept, asked))
      kept.notice = 'password_changed'
      return settle(kept, answer)
    },

    async finish(ref): Promise<ActiveSession> {
      const kept = find(ref)
      const { session, sessionId = '', finished, attempt: now } = kept
      if (now.status !== 'complete') throw new AuthError('not_supported')
      if (session) {
        // The token that the app's server sees tells the ages.
        await run(() => session.getToken({ skipCache: true }))
      } else if (!finished) {
        // Clerk takes an id that it does not know for none, and signs out.
        const known = living(client().sessions, sessionId) ?? living((await read()).sessions, sessionId)
        if (known) await run(() => clerk.setActive({ session: sessionId }))
      }
      const current = await sessions.current()
      if (current && current.id !== sessionId) throw new AuthError('session_mismatch')
      const said = current && sessionOf(current)
      if (said?.pending) throw new AuthError('not_supported')
      return attempts.finish(kept, said as ActiveSession | null)
    },

    async cancel(ref) {
      const held = attempts.isLive(ref)
      const kept = attempts.forget(ref)
      const { signIn, doubt } = kept ?? {}
      let sessionId = kept?.sessionId
      // What the lost answer said may have been that the person is signed in.
      if (doubt && signIn?.id) sessionId ??= (await ask(() => signIn.reload(), marker, signIn)).createdSessionId ?? undefined
      if (sessionId && living((await read()).sessions, sessionId)) await sessions.signOut(sessionId)
      // Clerk cannot drop a sign-in, but holds one only: an empty one takes its place, so that it does not come back.
      else if (held)
        await client()
          .signIn.create({})
          .catch(() => client().resetSignIn())
    },
  }
}
