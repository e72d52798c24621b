import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, PrepareParams, Proof, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, isTheirs, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { ActiveSession } from '../../core/session.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { isHalfDone, secondPassedAt, sessionOf, claimsOf, type State } from './claims.js'
import { ask, type Connection } from './connection.js'
import { createChallenges, pendingOf, secondFactorsOf, type Pending } from './factors.js'
import { createFirstFactor, type Opening } from './firstFactor.js'
import { returnFrom } from './returnFrom.js'
import type { Granted } from './supabaseAuth.js'

interface Kept extends KeptAttempt, Opening {
  /** The session that was there before; it is not this attempt's. */
  before?: string | undefined
  /** Another tab may sign in for this one. */
  isWatched?: boolean
  /** Of a step-up: when a second factor had been passed before. */
  passedAt?: number
  isPasswordSet?: boolean
  readonly challenges: Map<string, Pending>
}

const first = 'needs_first_factor'
const second = 'needs_second_factor'

export function createSignIn(
  connection: Connection,
  firstFactors: readonly FirstStrategy[],
  codeLength?: number,
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { auth, read, take, sessionId } = connection
  const book = createAttemptBook([])
  const { find, giveUp, expect, move } = book
  const factor = createFirstFactor(auth, codeLength)
  const { challenge, prove } = createChallenges(connection)
  /** The newest `create` with password: `resume` looks for what it made, if its answer was lost. */
  let newest: Kept | undefined

  function start(strategies: readonly FirstStrategy[], opening: Opening & { identifier?: string }, more: object = {}): Kept {
    const { identifier = null, ...rest } = opening
    const supportedFirstFactors = strategies.map((strategy) => ({ id: strategy, strategy }))
    const kept: Kept = Object.assign(book.open({ identifier, supportedFirstFactors, ...more }), rest, { challenges: new Map() })
    kept.before = sessionId()
    return kept
  }

  /** Where the attempt stands, now that the server has named its person. */
  function advance(kept: Kept, state: State): SignInAttempt {
    const { user, claims } = state
    const { purpose } = kept.attempt
    kept.userId = user.id
    kept.doubt = false
    move(kept, { supportedSecondFactors: secondFactorsOf(user), cancelSignsOut: purpose !== 'step_up' })
    if (isHalfDone(state)) return move(kept, { status: second })
    if (purpose === 'reset_password' && !kept.isPasswordSet) {
      connection.recover(claims.session_id)
      return move(kept, { status: 'needs_new_password' })
    }
    return book.complete(kept, { user: { id: user.id } })
  }

  async function passFirst(kept: Kept, factorId: string, proof: object, options: CallOptions = {}): Promise<SignInAttempt> {
    const message = kept.attempt.firstFactorVerification?.message ?? ''
    const { session, user } = await awaiting(kept, granted(factor.attempt(kept, factorId, proof, message, options)))
    return advance(kept, take(session, user))
  }

  async function prepareFirst(kept: Kept, params: PrepareParams, options: CallOptions = {}): Promise<SignInAttempt> {
    const { factorId } = params
    const facts = await factor.prepare(kept, params, options)
    kept.isWatched = factorId === 'email_link'
    return move(kept, { firstFactorVerification: { status: 'unverified', factorId, ...facts } })
  }

  /** Is this the person of the attempt, in a session that is not from before? */
  function isOurs(kept: Kept, { claims, user }: State): boolean {
    const { identifier } = kept.attempt
    const isPhone = identifier && !identifier.includes('@') && digits(identifier) === digits(user.phone)
    return (
      claims.session_id !== kept.before && isTheirs({ user: { id: user.id, label: isPhone ? identifier : user.email } }, kept)
    )
  }

  async function reload(ref: AttemptRef): Promise<SignInAttempt> {
    const kept = find(ref) as Kept
    const { status, purpose } = kept.attempt
    const isEarly = status === first || status === 'needs_redirect'
    if (isEarly && !kept.doubt && !kept.isWatched) return kept.attempt
    const state = await read({ isSure: kept.doubt && !isEarly })
    if (!state || !isOurs(kept, state)) {
      if (isEarly) return kept.attempt
      throw new AuthError('attempt_lost')
    }
    const isUnraised = purpose === 'step_up' && status === second && secondPassedAt(state.claims) === kept.passedAt
    return isUnraised ? kept.attempt : advance(kept, state)
  }

  const signIn: SignInApi = {
    async create(params, options = {}) {
      if (!('strategy' in params)) {
        const { identifier, identifierType, password } = params
        const isPhone = identifierType === 'phone' || !identifier.includes('@')
        const fits = new RegExp(`^(password|passkey|${isPhone ? 'phone' : 'email'}_(code|link))$`)
        const contact = isPhone ? { phone: identifier } : { email: identifier }
        const kept = start(
          firstFactors.filter((strategy) => fits.test(strategy)),
          { identifier, ...contact },
        )
        if (password === undefined) return kept.attempt
        newest = kept
        return passFirst(expect(kept.attempt, first, 'password') as Kept, 'password', { password }, options)
      }
      const { strategy } = params
      if (!firstFactors.includes(strategy)) throw new AuthError('not_supported', `${strategy} is not offered.`)
      if ('redirectUrl' in params) {
        const redirectUrl = await factor.redirect(params, options)
        const kept = start([], {})
        kept.isWatched = true
        return move(kept, { status: 'needs_redirect', redirectUrl })
      }
      if ('address' in params) return start([strategy], { web3: params }).attempt
      const { identifier } = params
      const contact = strategy === 'reset_password_phone_code' ? { phone: identifier } : { email: identifier }
      return start([strategy], { identifier, ...contact }, { purpose: 'reset_password' }).attempt
    },

    async resume({ url }) {
      const lost = newest?.doubt ? newest : undefined
      newest = undefined
      if (lost) {
        const attempt = await reload(lost.attempt)
        return { attempt: attempt.status === first ? null : attempt }
      }
      const returned = url ? await returnFrom(url, connection) : undefined
      const state = await read()
      const cleanUrl = returned && { cleanUrl: returned.cleanUrl }
      if (!state) return { attempt: null, ...cleanUrl }
      const isReset = connection.isRecovering(state.claims.session_id)
      // Whoever is signed in was so before, which makes no attempt.
      if (!returned && !isHalfDone(state) && !isReset) return { attempt: null }
      const kept = start([], { identifier: state.user.email || state.user.phone }, isReset ? { purpose: 'reset_password' } : {})
      kept.before = undefined
      return { attempt: advance(kept, state), ...cleanUrl }
    },

    reload,

    prepareFirstFactor: async (ref, params, options) =>
      prepareFirst(expect(ref, first, params.factorId) as Kept, params, options),
    attemptFirstFactor: async (ref, { factorId, ...proof }, options) =>
      passFirst(expect(ref, first, factorId) as Kept, factorId, proof, options),

    async prepareSecondFactor(ref, { factorId, channel }) {
      const kept = expect(ref, second, factorId) as Kept
      const pending = pendingOf(factorId)
      if (pending.type === 'totp') throw new AuthError('not_supported', 'An authenticator app needs no preparation.')
      const facts = await challenge(pending, channel)
      kept.challenges.set(factorId, pending)
      const known = pending.type === 'phone' && codeLength ? { codeLength } : {}
      return move(kept, { secondFactorVerification: { status: 'unverified', factorId, ...facts, ...known } })
    },

    async attemptSecondFactor(ref, { factorId, ...proof }: { factorId: string } & Proof) {
      const kept = expect(ref, second, factorId) as Kept
      const pending = kept.challenges.get(factorId) ?? pendingOf(factorId)
      return advance(kept, await awaiting(kept, prove(pending, 'request', proof)))
    },

    async finish(ref) {
      const kept = find(ref)
      const state = kept.attempt.status === 'complete' ? await read() : null
      if (state && isHalfDone(state)) throw new AuthError('session_lost')
      return book.finish(kept, state && (sessionOf(state, false) as ActiveSession))
    },

    async cancel(ref) {
      const kept = giveUp(ref) as Kept | undefined
      if (!kept) return
      const { session } = await ask(auth.getSession())
      const claims = session && claimsOf(session)
      if (claims && isOurs(kept, { claims, user: { ...claims, id: claims.sub } })) await connection.signOut('local')
    },
  }

  if (firstFactors.includes('passkey')) {
    signIn.passkeyOptions = async (options) => {
      const { id, firstFactorVerification } = await prepareFirst(start(['passkey'], {}), { factorId: 'passkey' }, options)
      return { id, publicKey: firstFactorVerification?.publicKey ?? null }
    }
  }

  if (firstFactors.some((strategy) => strategy.startsWith('reset_'))) {
    // The server itself ends the person's other sessions.
    signIn.resetPassword = async (ref, { password }) => {
      const kept = find(ref) as Kept
      if (kept.attempt.status !== 'needs_new_password')
        throw new AuthError('not_supported', `The attempt is at ${kept.attempt.status}.`)
      const isAgain = kept.doubt
      await awaiting(kept, ask(auth.updateUser({ password }), password)).catch((thrown: AuthError) => {
        // Then the answer that was lost said yes.
        if (!isAgain || thrown.code !== 'password_same') throw thrown
      })
      kept.isPasswordSet = true
      connection.recover(undefined)
      return book.complete(kept, { user: { id: kept.userId ?? '' } })
    }
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    async create({ level }) {
      const state = await read()
      if (!state) throw new AuthError('session_lost')
      const supportedSecondFactors = secondFactorsOf(state.user)
      if (level !== 'second_factor' || supportedSecondFactors.length === 0) throw new AuthError('not_supported')
      const more = { purpose: 'step_up', status: second, supportedSecondFactors }
      const kept = start([], { identifier: state.user.email || state.user.phone }, more)
      return Object.assign(kept, { before: undefined, userId: state.user.id, passedAt: secondPassedAt(state.claims) }).attempt
    },
    detect(refused) {
      const { code, error } = Object(refused) as { code?: unknown; error?: { code?: unknown } }
      return (code ?? error?.code) === 'insufficient_aal' ? { level: 'second_factor' } : null
    },
  }

  return { signIn, stepUp }
}

/** GET /user writes phone numbers without the `+`. */
const digits = (phone = '') => phone.replace(/\D/g, '')

async function granted(asked: Promise<Granted>) {
  const { session, user } = await asked
  if (!session || !user) throw noAnswer()
  return { session, user }
}
