import type { CallOptions, SignInApi, StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, CreateParams, PrepareParams, SignInAttempt } from '../../core/attempt.js'
import { awaiting, isTheirs, type AttemptBook, type Named } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { first, named, type FirstStep, type Given, type Kept } from './attempts.js'
import type { Answer, Connection, State } from './connection.js'
import { contactOf, digitsOf } from './contact.js'
import { attemptOther, prepareOther } from './otherWays.js'
import { redirectFor, returned } from './provider.js'
import { attemptSecond, prepareSecond } from './secondFactor.js'

const second = 'needs_second_factor'
const newPassword = 'needs_new_password'

/** What follows a first factor, and the ways in beside a password and a code. */
export function createLaterSteps(
  { post, read, changed }: Connection,
  { open, find, expect, giveUp, move, sent, complete }: AttemptBook<Kept>,
  firstFactors: readonly FirstStrategy[],
  step: FirstStep,
) {
  async function standing(options?: CallOptions) {
    const { session, attempt } = await read(options)
    return session?.id ?? attempt?.id
  }

  /** `kept`: what waits for somebody whom nobody knows yet, so that it takes only a session that was not there before. */
  async function begin(strategies: readonly FirstStrategy[], kept: object = {}, options?: CallOptions): Promise<Kept> {
    return Object.assign(open({}, undefined, strategies), kept, { before: await standing(options) })
  }

  function atSecond(kept: Kept, { attempt, secondFactors }: State): SignInAttempt {
    kept.challenge = attempt?.id
    return move(kept, { status: second, supportedSecondFactors: secondFactors })
  }

  /** The session, if it is the attempt's person's and was not there before. */
  function theirs(kept: Kept, { session, phone }: State): Named | undefined {
    if (!session || (session.id && session.id === kept.before)) return undefined
    const { id, label: email } = session.user
    const person = named(kept, { id, ...(email && { email }), ...(phone && { phoneNumber: phone }) })
    return isTheirs(person, kept) ? person : undefined
  }

  async function prepareFirst(kept: Kept, params: PrepareParams, options?: CallOptions): Promise<SignInAttempt> {
    if (params.factorId === 'email_link') kept.before = await standing(options)
    return sent(kept, params.factorId, await prepareOther(post, kept, params, options))
  }

  async function reload(ref: AttemptRef, options?: CallOptions): Promise<SignInAttempt> {
    const kept = find(ref)
    const { purpose, status, firstFactorVerification } = kept.attempt
    const isEarly = status === first || status === 'needs_redirect' || status === newPassword
    const isWatched = status === 'needs_redirect' || firstFactorVerification?.pollEveryMs
    const state = await read(options)
    const { session, attempt } = state
    if (isEarly && !kept.doubt && !isWatched) return kept.attempt
    const person = theirs(kept, state)
    if (person) {
      const raised = (session?.secondFactorAgeMs ?? Infinity) <= performance.now() - (kept.since ?? Infinity)
      return raised || purpose !== 'step_up' ? complete(kept, person) : kept.attempt
    }
    if (attempt && attempt.id !== kept.before && attempt.id === (kept.challenge ?? attempt.id)) return atSecond(kept, state)
    // Plain Better Auth does not tell of an attempt, so as far as is known it stands where it stood.
    if (isEarly || (attempt === undefined && purpose !== 'step_up')) return kept.attempt
    giveUp(ref)
    throw new AuthError('attempt_lost')
  }

  const pickUp = async (state: State): Promise<SignInAttempt> => atSecond(open({}), state)

  return {
    /** `answer`: what asks for a second factor. */
    async toSecond(kept: Kept, { twoFactorMethods }: Answer, options?: CallOptions): Promise<SignInAttempt> {
      const state = await read(options).catch(() => null)
      if (state?.attempt) return atSecond(kept, state)
      // Backup codes come with the authenticator app and are not named.
      const secondFactors = (['totp', 'email_code', 'backup_code'] as const)
        .filter((strategy) => twoFactorMethods?.includes(strategy === 'email_code' ? 'otp' : 'totp'))
        .map((strategy) => ({ id: strategy, strategy }))
      return atSecond(kept, { session: null, secondFactors })
    },

    pickUp,

    async create(params: Extract<CreateParams, { strategy: string }>, options?: CallOptions): Promise<SignInAttempt> {
      const { strategy } = params
      if (!firstFactors.includes(strategy)) throw new AuthError('not_supported')
      if ('address' in params) return (await begin([strategy], { web3: params }, options)).attempt
      if (!('redirectUrl' in params)) {
        return open({ identifier: params.identifier, purpose: 'reset_password' }, undefined, [strategy]).attempt
      }
      const kept = await begin([], {}, options)
      return move(kept, { status: 'needs_redirect', redirectUrl: await redirectFor(post, params, options) })
    },

    /** After an answer that was lost, or on a page to which a provider or a link has led. */
    async resume(url: string | undefined, options?: CallOptions): ReturnType<SignInApi['resume']> {
      const { lost } = step
      step.lost = undefined
      const { token, ...back } = url ? returned(url, firstFactors.includes('email_link')) : { token: null }
      if (lost?.doubt) {
        const attempt = await reload(lost.attempt, options)
        if (attempt.status !== first) return { attempt, ...back }
        if (!token) return { attempt: null, ...back }
      }
      if (token) {
        const link = (step.lost = await begin([], {}, options))
        const path = `/magic-link/verify?token=${encodeURIComponent(token)}`
        const answer = await awaiting(link, post(path, undefined, options, 'user'))
        return { attempt: await step.advance(link, answer, options), ...back }
      }
      const state = await read(options)
      if (state.attempt) return { attempt: await pickUp(state), ...back }
      // Whoever is signed in was so before, which makes no attempt.
      return { attempt: 'cleanUrl' in back && state.session ? complete(open({}), state.session) : null, ...back }
    },

    reload,
    prepareFirst,

    async passFirst(kept: Kept, factorId: string, given: Given, options?: CallOptions): Promise<SignInAttempt> {
      const answer = await awaiting(kept, attemptOther(post, kept, factorId, given, options))
      if (!factorId.startsWith('reset')) return step.advance(kept, answer, options)
      kept.code = digitsOf(given.code)
      return move(kept, { status: newPassword })
    },

    async prepareSecondFactor(ref: AttemptRef, { factorId }: PrepareParams, options?: CallOptions): Promise<SignInAttempt> {
      const kept = expect(ref, second, factorId)
      return sent(kept, factorId, await prepareSecond(post, factorId, options))
    },

    async attemptSecondFactor(
      ref: AttemptRef,
      { factorId, ...given }: Given & { factorId: string },
      options?: CallOptions,
    ): Promise<SignInAttempt> {
      const kept = expect(ref, second, factorId)
      const { user = {} } = await awaiting(kept, attemptSecond(post, factorId, given, options))
      return complete(kept, named(kept, user))
    },

    /** Of an attempt that was given up: what it made. */
    async undo(kept: Kept): Promise<void> {
      // The code of a reset makes no session.
      if (kept.attempt.status === newPassword && !kept.doubt) return
      const state = await read()
      const { attempt } = state
      // The plugin makes signing out end a half-done sign-in too.
      if ((attempt && attempt.id !== kept.before) || theirs(kept, state)) {
        await post('/sign-out', {})
        changed()
      }
    },

    async passkeyOptions(options?: CallOptions) {
      const kept = await begin(['passkey'], {}, options)
      const { id, firstFactorVerification } = await prepareFirst(kept, { factorId: 'passkey' }, options)
      return { id, publicKey: firstFactorVerification?.publicKey ?? null }
    },

    async resetPassword(
      ref: AttemptRef,
      { password, signOutOfOtherSessions }: { password: string; signOutOfOtherSessions?: boolean },
      options?: CallOptions,
    ): Promise<SignInAttempt> {
      const kept = find(ref)
      const { code, doubt, attempt } = kept
      if (attempt.status !== newPassword) throw new AuthError('not_supported')
      const contact = contactOf(attempt)
      if (code) {
        const asked =
          'email' in contact
            ? post('/email-otp/reset-password', { ...contact, otp: code, password }, options)
            : post('/phone-number/reset-password', { ...contact, otp: code, newPassword: password }, options)
        await awaiting(kept, asked).catch((thrown: AuthError) => {
          // If the code is used up, then the answer that was lost said yes.
          if (!doubt || !thrown.code.startsWith('code')) throw thrown
        })
      }
      kept.code = undefined
      kept.isAlone = signOutOfOtherSessions
      move(kept, { notice: 'password_changed' })
      // Better Auth's reset signs nobody in. The password is at hand, and what else is asked of the person still is.
      return step.passFirst(kept, 'password', { password }, options)
    },

    async stepUp({ level }: { level: StepUpLevel }, options?: CallOptions): Promise<SignInAttempt> {
      const { session, secondFactors } = await read(options)
      if (!session || !secondFactors || level !== 'second_factor') throw new AuthError(session ? 'not_supported' : 'session_lost')
      // The first factor once more proves nothing.
      if (secondFactors.length === 0) throw new AuthError('factor_not_found')
      const { id, label } = session.user
      const start = { purpose: 'step_up', identifier: label, status: second, supportedFirstFactors: [] }
      return Object.assign(open({ ...start, supportedSecondFactors: secondFactors }, id), { since: performance.now() }).attempt
    },
  }
}
