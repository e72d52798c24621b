import type { SignInApi, StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, CreateParams, FactorOption, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError, isAuthError } from '../../core/AuthError.js'
import type { ActiveSession } from '../../core/session.js'
import type { EnrollType, FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import { ask, run } from './ask.js'
import type { ClerkAttempt, ClerkInstance, ClerkSession, ClerkSignIn } from './clerkInstance.js'
import { errorOf } from './errorCodes.js'
import { find as findFactor, optionOf, proofOf, strategyOf, targetOf, verificationOf } from './factorOption.js'
import { isYounger, living, sessionOf, taskOf, userOf, type Sessions } from './session.js'

export interface Kept extends KeptAttempt {
  /** Clerk's own record, as it was answered last. */
  on?: ClerkAttempt
  /** Of a sign-in: the newest answer, whose methods go on with it. */
  signIn?: ClerkSignIn
  /** Of a step-up: the session that it is for, and its ages when the step began. */
  session?: ClerkSession
  ages?: readonly number[] | null
  level?: StepUpLevel
  /** The session that the sign-in made, or that the step-up is for. */
  sessionId?: string
  /** The factors that were prepared last. */
  sent: { First?: string; Second?: string }
  /** Of a reset: the one way to go. */
  only?: string | undefined
  notice?: SignInAttempt['notice']
}

export interface SignInOptions {
  readonly passkey: boolean
  readonly enroll: readonly EnrollType[]
  readonly redirectUrl: string | undefined
}

const first = 'needs_first_factor'
const second = 'needs_second_factor'
const marker = 'firstFactorVerification'

export function createSignIn(clerk: ClerkInstance, sessions: Sessions, { passkey, enroll, redirectUrl: home }: SignInOptions) {
  const { open: write, find: findKept, giveUp, expect, move, finish } = createAttemptBook([])
  const { client, read } = sessions
  const find = (ref: AttemptRef) => findKept(ref) as Kept
  const open = (start: object, userId?: string) => Object.assign(write(start, userId), { sent: {} }) as Kept
  /** The newest `create` with a password, and what there was before it: `resume` looks for what it made, if its answer was lost. */
  let lost: { kept: Kept; signIn: string | undefined; sessions: readonly ClerkSession[] } | undefined
  /** The attempt that Clerk holds for this browser: it holds one. */
  let live: Kept | undefined

  /** Answers of others than the attempt's own verbs reach only the one that Clerk's client holds. */
  function signInOf({ signIn }: Kept): ClerkSignIn {
    const held = client().signIn
    if (!signIn?.id) throw new AuthError('attempt_lost')
    return held.id === signIn.id ? held : signIn
  }

  function back(url: string | undefined): string | undefined {
    const to = url ?? home
    return to && clerk.buildUrlWithAuth(to)
  }

  /** Takes an answer over. */
  async function settle(kept: Kept, on: ClerkAttempt): Promise<SignInAttempt> {
    kept.on = on
    kept.doubt = false
    if ('create' in on) kept.signIn = on as ClerkSignIn
    const firsts = (on.supportedFirstFactors ?? []).filter(({ strategy }) => strategy === (kept.only ?? strategy))
    const supportedFirstFactors = firsts.map((factor) => optionOf<FirstStrategy>(factor))
    const known = on.status !== 'needs_identifier' && on.status !== first
    const seconds = (known && on.supportedSecondFactors) || null
    const supportedSecondFactors = seconds?.map((factor) => optionOf<SecondStrategy>(factor)) ?? null
    const { firstFactorVerification, secondFactorVerification } = on
    return move(kept, {
      ...(kept.signIn?.identifier && { identifier: kept.signIn.identifier }),
      supportedFirstFactors,
      supportedSecondFactors,
      firstFactorVerification: verificationOf(firstFactorVerification, supportedFirstFactors, kept.sent.First),
      secondFactorVerification: verificationOf(secondFactorVerification, supportedSecondFactors ?? [], kept.sent.Second),
      ...(kept.notice && { notice: kept.notice }),
      ...(await place(kept, on)),
    })
  }

  async function place(kept: Kept, { status, firstFactorVerification: at }: ClerkAttempt): Promise<object> {
    const url = at.status === 'unverified' && at.externalVerificationRedirectURL
    if (status === 'complete') return kept.session ? { status } : reached(kept, kept.signIn?.createdSessionId)
    if (url && status !== second) return { status: 'needs_redirect', redirectUrl: url.href }
    if (status === 'needs_client_trust') return { status: second, notice: 'new_device' }
    if (status && /^needs_(identifier|(first|second)_factor|new_password)$/.test(status)) return { status }
    return { status: 'unsupported', detail: String(status) }
  }

  /** Where the session stands that a sign-in made. */
  async function reached(kept: Kept, sessionId: string | null | undefined): Promise<object> {
    const session = living(client().sessions, sessionId) ?? living((await read()).sessions, sessionId)
    const { id: userId } = userOf(session)
    Object.assign(kept, { sessionId, userId })
    const task = session && taskOf(session)
    const made = { cancelSignsOut: true }
    if (task === 'setup-mfa') return { ...made, status: 'needs_enrollment', enroll }
    return task ? { ...made, status: 'unsupported', detail: task } : { ...made, status: 'complete' }
  }

  /** Forgets an attempt that Clerk no longer holds. */
  async function held<T>(kept: Kept, answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (thrown) {
      if (isAuthError(thrown) && thrown.code === 'attempt_lost') {
        giveUp(kept.attempt)
        if (live === kept) live = undefined
      }
      throw thrown
    }
  }

  /** One of Clerk's four verbs, on the sign-in or on the session that is stepped up. */
  async function call(
    kept: Kept,
    verb: 'prepare' | 'attempt',
    level: 'First' | 'Second',
    params: object,
  ): Promise<SignInAttempt> {
    const { session } = kept
    if (session) {
      const on = await awaiting(
        kept,
        ask(() => session[`${verb}${level}FactorVerification`](params), 'status', undefined, params),
      )
      kept.ages = on.session.factorVerificationAge
      return settle(kept, on)
    }
    const on = signInOf(kept)
    const asked = ask<ClerkSignIn>(() => on[`${verb}${level}Factor`](params), marker, on, params)
    return settle(kept, await held(kept, verb === 'attempt' ? awaiting(kept, asked) : asked))
  }

  async function begin(kept: Kept, params: object): Promise<SignInAttempt> {
    live = kept
    const { signIn } = client()
    const answer = await awaiting(
      kept,
      ask(() => signIn.create(params), marker, signIn, params),
    )
    return settle(kept, answer)
  }

  /** Leaves for a provider. `connection` and the ways that ask for it are Clerk's enterprise SSO. */
  async function leave(kept: Kept, { strategy, identifier, connection, ...params }: Away): Promise<SignInAttempt> {
    const redirectUrl = back(params.redirectUrl)
    const to = { strategy, redirectUrl, actionCompleteRedirectUrl: redirectUrl }
    const begun = await begin(kept, { ...to, identifier })
    if (begun.status === 'needs_redirect' || strategy !== 'enterprise_sso') return begun
    return call(kept, 'prepare', 'First', { ...to, enterpriseConnectionId: connection })
  }

  function prepare(level: 'First' | 'Second'): SignInApi['prepareFirstFactor'] {
    return async (ref, { factorId, channel, redirectUrl }) => {
      const kept = expect(ref, level === 'First' ? first : second, factorId) as Kept
      const factor = findFactor(kept.on?.[`supported${level}Factors`] ?? null, factorId)
      const strategy = strategyOf(factor?.strategy ?? factorId)
      if (/^(password|totp|backup_code)$/.test(strategy)) throw new AuthError('not_supported', 'There is nothing to prepare.')
      if (strategy.startsWith('oauth_')) return leave(kept, { strategy, identifier: kept.attempt.identifier, redirectUrl })
      kept.sent[level] = factorId
      const url = /^(email_link|enterprise_sso)$/.test(strategy) ? back(redirectUrl) : undefined
      const to = { redirectUrl: url, actionCompleteRedirectUrl: strategy === 'email_link' ? undefined : url }
      return call(kept, 'prepare', level, { strategy, ...(factor && targetOf(factor)), channel, ...to })
    }
  }

  function attempt(level: 'First' | 'Second'): SignInApi['attemptFirstFactor'] {
    return async (ref, { factorId, ...proof }) => {
      const kept = expect(ref, level === 'First' ? first : second, factorId) as Kept
      const options: readonly FactorOption[] = kept.attempt[`supported${level}Factors`] ?? []
      const { strategy = '' } = options.find(({ id }) => id === factorId) ?? {}
      return call(kept, 'attempt', level, proofOf(strategy, proof))
    }
  }

  /** A reverification cannot be read; that a factor became younger tells that it was passed. */
  async function reloadStepUp(kept: Kept): Promise<SignInAttempt> {
    const { status, supportedSecondFactors } = kept.attempt
    const session = living((await read()).sessions, kept.sessionId)
    const ages = userOf(session) && session?.factorVerificationAge
    const factor = status === second ? 1 : 0
    if (status === 'complete' || !isYounger(ages?.[factor], kept.ages?.[factor])) return kept.attempt
    kept.ages = ages ?? null
    const more = factor === 0 && kept.level === 'multi_factor' && supportedSecondFactors?.length
    return move(kept, { status: more ? second : 'complete' })
  }

  /** What a provider or a link said. */
  function refuse({ firstFactorVerification: { status, strategy, error } }: ClerkAttempt): void {
    if (status === 'transferable') throw new AuthError('no_account', 'Clerk knows nobody by what the provider said.')
    if (error && /^(oauth_|enterprise_sso|saml)/.test(strategy ?? '')) throw errorOf(error)
  }

  async function reload(ref: AttemptRef): Promise<SignInAttempt> {
    const kept = find(ref)
    if (kept.session) return reloadStepUp(kept)
    if (kept.sessionId) return move(kept, (await read()) && (await reached(kept, kept.sessionId)))
    const on = signInOf(kept)
    await held(
      kept,
      ask(() => on.reload(), marker, on),
    )
    refuse(on)
    return settle(kept, on)
  }

  /** What a `create` made whose answer was lost. */
  async function recover(): Promise<SignInAttempt | null> {
    const before = lost
    lost = undefined
    if (!before) return null
    const { kept } = before
    const { signIn, sessions: now } = await read()
    if (signIn.id && signIn.id !== before.signIn) {
      const found = await settle(kept, signIn)
      return found.status === first || found.status === 'needs_identifier' ? null : found
    }
    const made = now.find(({ id }) => !before.sessions.some((old) => old.id === id))
    return made ? move(kept, await reached(kept, made.id)) : null
  }

  async function landed(url: string): Promise<{ attempt: SignInAttempt | null; cleanUrl?: string }> {
    const clean = new URL(url)
    const { searchParams } = clean
    const status = searchParams.get('__clerk_status')
    const sessionId = searchParams.get('__clerk_created_session')
    for (const name of [...searchParams.keys()]) if (/^__clerk_|^rotating_/.test(name)) searchParams.delete(name)
    const cleanUrl = clean.href
    if (!status) return { attempt: await pending(), ...(cleanUrl !== url && { cleanUrl }) }
    const refused = links[status as keyof typeof links] ?? 'code_incorrect_or_expired'
    if (status !== 'verified') throw new AuthError(refused, `The link is ${status}.`)
    const now = await read()
    const kept = open({})
    const here = living(now.sessions, sessionId) && (await reached(kept, sessionId))
    const attempt = here ? move(kept, here) : ((await pending()) ?? move(kept, { status: 'verified_elsewhere' }))
    return { attempt, cleanUrl }
  }

  /** The attempt that this browser holds, or a session that still wants something. */
  async function pending(): Promise<SignInAttempt | null> {
    const { session } = clerk
    if (session && taskOf(session)) {
      const kept = open({ identifier: null })
      return move(kept, await reached(kept, session.id))
    }
    const { signIn } = client()
    if (!signIn.id || !signIn.status || /complete|identifier/.test(signIn.status)) return null
    refuse(signIn)
    live = open({})
    const attempt = await settle(live, signIn)
    return attempt.status === 'needs_redirect' ? null : attempt
  }

  const api: SignInApi = {
    async create(params: CreateParams) {
      const { strategy, identifier = null, address } = params as Given
      const { password } = params as Given
      if (strategy && strategyOf(strategy) !== strategy) params = { ...params, strategy: strategyOf(strategy) } as CreateParams
      const resets = strategy?.startsWith('reset_')
      const kept = open({ identifier: identifier ?? address ?? null, ...(resets && { purpose: 'reset_password' }) })
      kept.only = resets ? strategy : undefined
      const { signIn, sessions: known } = client()
      lost = password === undefined ? undefined : { kept, signIn: signIn.id, sessions: known }
      if (password !== undefined) return begin(kept, { strategy: 'password', identifier, password })
      if ('redirectUrl' in params) return leave(kept, params)
      // Naming the strategy would send a code at once; a code is sent when its factor is prepared.
      return begin(kept, { identifier: identifier ?? address })
    },

    ...(passkey && {
      async passkeyOptions() {
        // Clerk would drop the sign-in that is under way for it.
        if (live && live.attempt.status !== 'complete') throw new AuthError('not_supported', 'A sign-in is under way.')
        const kept = open({ supportedFirstFactors: [{ id: 'passkey', strategy: 'passkey' }] })
        const { signIn } = client()
        kept.on = kept.signIn = await ask(() => signIn.create({ strategy: 'passkey' }), marker, signIn)
        const options = verificationOf(kept.on.firstFactorVerification, kept.attempt.supportedFirstFactors, undefined)
        return { id: kept.attempt.id, publicKey: options?.publicKey ?? null }
      },
    }),

    async resume({ url }) {
      if (lost?.kept.doubt) return { attempt: await recover() }
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
      const answer = await awaiting(
        kept,
        ask(() => on.resetPassword(params), marker, on, params),
      )
      kept.notice = 'password_changed'
      return settle(kept, answer)
    },

    async finish(ref): Promise<ActiveSession> {
      const kept = find(ref)
      const {
        session,
        sessionId = '',
        attempt: { status },
      } = kept
      if (status !== 'complete') throw new AuthError('not_supported', `The attempt is at ${status}.`)
      if (session) {
        // The token that the app's server sees tells the ages.
        await run(() => session.getToken({ skipCache: true }))
      } else if (!kept.finished) {
        // Clerk takes an id that it does not know for none, and signs out.
        if (!living(client().sessions, sessionId) && !living((await read()).sessions, sessionId))
          throw new AuthError('session_lost')
        await run(() => clerk.setActive({ session: sessionId }))
      }
      const now = await sessions.current()
      if (now && now.id !== sessionId) throw new AuthError('session_mismatch')
      return finish(kept, now && (sessionOf(now) as ActiveSession))
    },

    async cancel(ref) {
      const begun = live?.attempt.id === ref.id
      const kept = giveUp(ref) as Kept | undefined
      if (begun) live = undefined
      if (begun) client().resetSignIn()
      if (!kept) return
      if (kept.doubt && kept.signIn?.id) {
        const on = kept.signIn
        kept.sessionId ??= (await ask(() => on.reload(), marker, on).catch(() => on)).createdSessionId ?? ''
      }
      if (kept.sessionId && living((await read()).sessions, kept.sessionId)) await sessions.signOut(kept.sessionId)
    },
  }

  return { api, open, find, move, settle, reached }
}

/** What `__clerk_status` says of a link that did not do. */
const links = { expired: 'code_expired', client_mismatch: 'link_other_device', transferable: 'no_account' } as const

interface Away {
  readonly strategy: string
  readonly identifier?: string | null
  readonly connection?: string
  readonly redirectUrl?: string | undefined
}

/** Any of the ways to begin. */
interface Given {
  readonly strategy?: string
  readonly identifier?: string
  readonly password?: string
  readonly address?: string
}
