import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, PrepareParams, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, isTheirs, type KeptAttempt, type Named } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { FirstStrategy } from '../../core/strategy.js'
import type { Answer, Connection, State } from './connection.js'
import {
  attemptFirst,
  contactOf,
  digitsOf,
  fits,
  phoneOf,
  prepareFirst,
  redirect,
  returned,
  type Given,
  type Opening,
} from './firstFactor.js'
import { attemptSecond, prepareSecond, strategies } from './secondFactor.js'
import { createStepUp, type Stepping } from './stepUp.js'

interface Kept extends KeptAttempt, Opening, Stepping {
  attempt: SignInAttempt
  /** The server's id of the half-done sign-in. */
  challenge?: string | undefined
  /** The session or half-done sign-in from before, which is not this attempt's. */
  before?: string | null | undefined
  /** Once signed in, the person's other sessions end. */
  isAlone?: boolean | undefined
}

const first = 'needs_first_factor'
const second = 'needs_second_factor'
const newPassword = 'needs_new_password'

export function createSignIn(
  { post, read, changed }: Connection,
  firstFactors: readonly FirstStrategy[],
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { open, giveUp, move, sent, complete, finish, ...book } = createAttemptBook(firstFactors)
  const find = (ref: AttemptRef): Kept => book.find(ref)
  const expect = (...args: Parameters<typeof book.expect>): Kept => book.expect(...args)
  /** The newest attempt that `resume` looks for, if the answer to what began it was lost. */
  let lost: Kept | undefined

  /** `kept`: what waits for somebody whom nobody knows yet, so that it takes only a session that was not there before. */
  async function begin(strategies: readonly FirstStrategy[], kept: object = {}, options?: CallOptions): Promise<Kept> {
    return Object.assign(open({}, undefined, strategies), kept, { before: await standing(options) })
  }

  async function standing(options?: CallOptions) {
    const { session, attempt } = await read(options)
    return session?.id ?? attempt?.id
  }

  function toSecond(kept: Kept, { attempt, secondFactors }: State): SignInAttempt {
    kept.challenge = attempt?.id
    return move(kept, { status: second, supportedSecondFactors: secondFactors })
  }

  /** Somebody as the attempt knows them: by the number, where it began with one. */
  function named({ attempt: { identifier } }: Kept, { id, email, phoneNumber }: NonNullable<Answer['user']>) {
    const isNumber = identifier && phoneNumber === phoneOf(identifier)
    return { user: { id: `${id ?? ''}`, label: isNumber ? identifier : email } }
  }

  /** The session, if it is the attempt's person's and was not there before. */
  function theirs(kept: Kept, { session, phone }: State): Named | undefined {
    if (!session || (session.id && session.id === kept.before)) return undefined
    const { id, label: email } = session.user
    const person = named(kept, { id, ...(email && { email }), ...(phone && { phoneNumber: phone }) })
    return isTheirs(person, kept) ? person : undefined
  }

  async function prepare(kept: Kept, params: PrepareParams, options?: CallOptions): Promise<SignInAttempt> {
    if (params.factorId === 'email_link') kept.before = await standing(options)
    return sent(kept, params.factorId, await prepareFirst(post, kept, params, options))
  }

  /** Where the attempt stands, after an answer to its first factor. */
  async function advance(kept: Kept, answer: Answer, options?: CallOptions): Promise<SignInAttempt> {
    if (!answer.twoFactorRedirect) return complete(kept, named(kept, answer.user ?? {}))
    // Backup codes come with the authenticator app and are not named.
    const secondFactors = strategies
      .filter((strategy) => answer.twoFactorMethods?.includes(strategy === 'email_code' ? 'otp' : 'totp'))
      .map((strategy) => ({ id: strategy, strategy }))
    const state = await read(options).catch(() => null)
    return toSecond(kept, state?.attempt ? state : { session: null, secondFactors })
  }

  async function passFirst(kept: Kept, factorId: string, given: Given, options?: CallOptions): Promise<SignInAttempt> {
    const answer = await awaiting(kept, attemptFirst(post, kept, factorId, given, options))
    if (!factorId.startsWith('reset')) return advance(kept, answer, options)
    kept.code = digitsOf(given.code)
    return move(kept, { status: newPassword })
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
    if (attempt && attempt.id !== kept.before && attempt.id === (kept.challenge ?? attempt.id)) return toSecond(kept, state)
    // Plain Better Auth does not tell of an attempt, so as far as is known it stands where it stood.
    if (isEarly || (attempt === undefined && purpose !== 'step_up')) return kept.attempt
    giveUp(ref)
    throw new AuthError('attempt_lost')
  }

  const signIn: SignInApi = {
    async create(params, options) {
      if ('strategy' in params) {
        const { strategy } = params
        if (!firstFactors.includes(strategy)) throw new AuthError('not_supported')
        if ('address' in params) return (await begin([strategy], { web3: params }, options)).attempt
        if (!('redirectUrl' in params)) {
          return open({ identifier: params.identifier, purpose: 'reset_password' }, undefined, [strategy]).attempt
        }
        const kept = await begin([], {}, options)
        return move(kept, { status: 'needs_redirect', redirectUrl: await redirect(post, params, options) })
      }
      const { identifier, password } = params
      const kept: Kept = open(
        { identifier },
        undefined,
        firstFactors.filter((strategy) => fits(identifier, strategy)),
      )
      if (password === undefined) return kept.attempt
      lost = kept
      return passFirst(kept, 'password', { password }, options)
    },

    async resume({ url }, options) {
      const kept = lost
      lost = undefined
      const { token, ...back } = url ? returned(url, firstFactors.includes('email_link')) : { token: null }
      if (kept?.doubt) {
        const attempt = await reload(kept.attempt, options)
        if (attempt.status !== first) return { attempt, ...back }
        if (!token) return { attempt: null, ...back }
      }
      if (token) {
        const link = (lost = await begin([], {}, options))
        const path = `/magic-link/verify?token=${encodeURIComponent(token)}`
        return { attempt: await advance(link, await awaiting(link, post(path, undefined, options, 'user')), options), ...back }
      }
      const state = await read(options)
      if (state.attempt) return { attempt: toSecond(open({}), state), ...back }
      // Whoever is signed in was so before, which makes no attempt.
      return { attempt: 'cleanUrl' in back && state.session ? complete(open({}), state.session) : null, ...back }
    },

    reload,

    prepareFirstFactor: async (ref, params, options) => prepare(expect(ref, first, params.factorId), params, options),

    async prepareSecondFactor(ref, { factorId }, options) {
      const kept = expect(ref, second, factorId)
      return sent(kept, factorId, await prepareSecond(post, factorId, options))
    },

    attemptFirstFactor: async (ref, { factorId, ...given }, options) =>
      passFirst(expect(ref, first, factorId), factorId, given, options),

    async attemptSecondFactor(ref, { factorId, ...given }: Given & { factorId: string; trustDevice?: boolean }, options) {
      const kept = expect(ref, second, factorId)
      const { user = {} } = await awaiting(kept, attemptSecond(post, factorId, given, options))
      return complete(kept, named(kept, user))
    },

    async finish(ref, options) {
      const kept = find(ref)
      const session = finish(kept, (await read(options)).session)
      if (kept.isAlone) await post('/revoke-other-sessions', {}, options)
      kept.isAlone = false
      changed()
      return session
    },

    async cancel(ref) {
      const kept: Kept | undefined = giveUp(ref)
      // The code of a reset makes no session.
      if (!kept || (kept.attempt.status === newPassword && !kept.doubt)) return
      const state = await read()
      const { attempt } = state
      // The plugin makes signing out end a half-done sign-in too.
      if ((attempt && attempt.id !== kept.before) || theirs(kept, state)) {
        await post('/sign-out', {})
        changed()
      }
    },
  }

  if (firstFactors.includes('passkey')) {
    signIn.passkeyOptions = async (options) => {
      const kept = await begin(['passkey'], {}, options)
      const { id, firstFactorVerification } = await prepare(kept, { factorId: 'passkey' }, options)
      return { id, publicKey: firstFactorVerification?.publicKey ?? null }
    }
  }

  if (firstFactors.some((strategy) => strategy.startsWith('reset'))) {
    signIn.resetPassword = async (ref, { password, signOutOfOtherSessions }, options) => {
      const kept = find(ref)
      const { code, doubt, attempt } = kept
      if (attempt.status !== newPassword) throw new AuthError('not_supported')
      const contact = contactOf(kept)
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
      return passFirst(kept, 'password', { password }, options)
    }
  }

  return { signIn, stepUp: createStepUp(read, open) }
}
