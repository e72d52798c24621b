import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, PrepareParams, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, isTheirs, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { isHalfDone, type State } from './claims.js'
import { ask, type Connection } from './connection.js'
import { challengedOf, digitsOf, secondFactorsOf, type Challenges } from './factors.js'
import { attemptFirst, prepareFirst, redirect, type Opening } from './firstFactor.js'
import { returnFrom } from './returnFrom.js'

interface Kept extends KeptAttempt, Opening {
  /** The session that was there before; it is not this attempt's. */
  before?: string | undefined
  /** Another tab may sign in for this one. */
  isWatched?: boolean
  isPasswordSet?: boolean
}

const first = 'needs_first_factor'
const second = 'needs_second_factor'
const newPassword = 'needs_new_password'
const reset = 'reset_password'

export function createSignIn(
  connection: Connection,
  { challenge, prove }: Challenges,
  firstFactors: readonly FirstStrategy[],
  resets: boolean,
  codeLength?: number,
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { auth, read, recover, sessionId, show, take } = connection
  const { open, giveUp, move, sent, complete, finish, ...book } = createAttemptBook([])
  const find = (ref: AttemptRef): Kept => book.find(ref)
  const expect = (...args: Parameters<typeof book.expect>): Kept => book.expect(...args)
  /** The session that was there when a password was given: if the answer was lost, it is not what `resume` looks for. */
  let ignored: string | undefined

  const start = (strategies: readonly FirstStrategy[], attempt: object, kept: object = {}): Kept =>
    Object.assign(open(attempt, undefined, strategies), { before: sessionId() }, kept)

  /** In the session that there is. */
  const startIn = ({ user }: State, attempt: object) =>
    start([], { identifier: user.email || user.phone, ...attempt }, { before: '', userId: user.id })

  /** Where the attempt stands, now that the server has named its person. */
  function advance(kept: Kept, state: State): SignInAttempt {
    const { purpose } = kept.attempt
    const user = { id: (kept.userId = state.user.id) }
    move(kept, { supportedSecondFactors: secondFactorsOf(state.user), cancelSignsOut: purpose !== 'step_up' })
    if (isHalfDone(state)) return move(kept, { status: second })
    if (purpose !== reset || kept.isPasswordSet) return complete(kept, { user })
    recover(state.claims.session_id)
    return move(kept, { status: newPassword })
  }

  async function passFirst(kept: Kept, factorId: string, proof: object, options: CallOptions = {}): Promise<SignInAttempt> {
    const asked = attemptFirst(auth, kept, `${kept.attempt.identifier}`, factorId, proof, options)
    return advance(kept, take(await awaiting(kept, asked)))
  }

  async function prepare(kept: Kept, params: PrepareParams, options: CallOptions = {}): Promise<SignInAttempt> {
    const facts = await prepareFirst(auth, kept, `${kept.attempt.identifier}`, params, options)
    kept.isWatched = params.factorId === 'email_link'
    return sent(kept, params.factorId, { codeLength, ...facts })
  }

  /** Is this the person of the attempt, in a session that is not from before? */
  function isOurs(kept: Kept, { claims, user: { id, email, phone } }: State): boolean {
    const { identifier } = kept.attempt
    // GET /user writes phone numbers without the `+`.
    const label = phone && identifier && digitsOf(identifier) === digitsOf(phone) ? identifier : email
    return claims.session_id !== kept.before && isTheirs({ user: { id, label } }, kept)
  }

  async function reload(ref: AttemptRef): Promise<SignInAttempt> {
    const kept = find(ref)
    const { status, purpose } = kept.attempt
    const isEarly = status === first || status === 'needs_redirect'
    if (isEarly && !kept.isWatched) return kept.attempt
    const state = await read()
    if (state && isOurs(kept, state)) return purpose === 'step_up' ? kept.attempt : advance(kept, state)
    if (isEarly) return kept.attempt
    throw new AuthError('attempt_lost')
  }

  const signIn: SignInApi = {
    async create(params, options = {}) {
      if ('strategy' in params) {
        const { strategy } = params
        if (!firstFactors.includes(strategy)) throw new AuthError('not_supported')
        if ('address' in params) return start([strategy], {}, { web3: params }).attempt
        if ('identifier' in params && !('redirectUrl' in params))
          return start([strategy], { identifier: params.identifier, purpose: reset }).attempt
        const redirectUrl = await redirect(auth, params, options)
        return move(start([], {}, { isWatched: true }), { status: 'needs_redirect', redirectUrl })
      }
      const { identifier, password } = params
      const fits = identifier.includes('@') ? /^(pass|email)/ : /^(pass|phone)/
      const kept = start(
        firstFactors.filter((strategy) => fits.test(strategy)),
        { identifier },
      )
      if (password === undefined) return kept.attempt
      ignored = sessionId()
      return passFirst(expect(kept.attempt, first, 'password'), 'password', { password }, options)
    },

    async resume({ url }) {
      const cleanUrl = url && (await returnFrom(url, connection))
      const state = await read()
      const pending = state && state.claims.session_id !== ignored && show(state).pending
      // Whoever is signed in was so before, which makes no attempt.
      if (!state || !(cleanUrl || pending)) return { attempt: null, cleanUrl }
      return { attempt: advance(startIn(state, pending === 'new_password' ? { purpose: reset } : {}), state), cleanUrl }
    },

    reload,

    prepareFirstFactor: async (ref, params, options) => prepare(expect(ref, first, params.factorId), params, options),
    attemptFirstFactor: async (ref, { factorId, ...proof }, options) =>
      passFirst(expect(ref, first, factorId), factorId, proof, options),

    async prepareSecondFactor(ref, { factorId, channel }) {
      const kept = expect(ref, second, factorId)
      const factor = challengedOf(factorId)
      if (factor.factor_type === 'totp') throw new AuthError('not_supported')
      return sent(kept, factorId, { codeLength, ...(await challenge(factor, channel)) })
    },

    async attemptSecondFactor(ref, { factorId, ...proof }) {
      const kept = expect(ref, second, factorId)
      return advance(kept, await prove(challengedOf(factorId), 'request', proof))
    },

    async finish(ref) {
      const kept = find(ref)
      const state = await read()
      const session = state && show(state)
      return finish(kept, isActive(session) ? session : null)
    },

    async cancel(ref) {
      const kept = giveUp(ref)
      const state = kept && (await read())
      if (state && isOurs(kept, state)) await connection.signOut('local')
    },
  }

  if (firstFactors.includes('passkey')) {
    signIn.passkeyOptions = async (options) => {
      const { id, firstFactorVerification } = await prepare(start(['passkey'], {}), { factorId: 'passkey' }, options)
      return { id, publicKey: firstFactorVerification?.publicKey ?? null }
    }
  }

  if (resets) {
    // The server itself ends the person's other sessions.
    signIn.resetPassword = async (ref, { password }) => {
      const kept = find(ref)
      const { doubt, attempt, userId: id = '' } = kept
      if (attempt.status !== newPassword) throw new AuthError('not_supported')
      await awaiting(kept, ask(auth.updateUser({ password }))).catch((thrown: AuthError) => {
        // If it is the same, then the answer that was lost said yes.
        if (!doubt || thrown.code !== 'password_same') throw thrown
      })
      kept.isPasswordSet = true
      recover()
      return complete(kept, { user: { id } })
    }
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    async create({ level }) {
      const state = await read()
      if (!state) throw new AuthError('session_lost')
      const supportedSecondFactors = secondFactorsOf(state.user)
      if (level !== 'second_factor' || !supportedSecondFactors[0]) throw new AuthError('not_supported')
      return startIn(state, { purpose: 'step_up', status: second, supportedSecondFactors }).attempt
    },
    detect(refused) {
      const { code, error } = Object(refused) as { code?: unknown; error?: { code?: unknown } }
      return (code ?? error?.code) === 'insufficient_aal' ? { level: 'second_factor' } : null
    },
  }

  return { signIn, stepUp }
}
