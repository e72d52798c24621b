import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, PrepareParams, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, isTheirs } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { comesLater } from '../../core/comesLater.js'
import { isActive } from '../../core/session.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { first, newPassword, reset, second, type Kept } from './attempts.js'
import { isHalfDone, type State } from './claims.js'
import type { Connection } from './connection.js'
import { challengedOf, digitsOf, secondFactorsOf, type Challenges } from './factors.js'
import { isMessage, isTyped, proveTyped, sendMessage } from './firstFactor.js'

export function createSignIn(
  connection: Connection,
  { challenge, prove }: Challenges,
  firstFactors: readonly FirstStrategy[],
  resets: boolean,
  codeLength?: number,
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { auth, read, recover, sessionId, show, take } = connection
  const book = createAttemptBook<Kept>([])
  const { open, find, expect, giveUp, move, sent, complete, finish } = book
  /** The session that was there when a password was given: if the answer was lost, it is not what `resume` looks for. */
  let ignored: string | undefined

  const other = comesLater(async () => {
    const { createOtherWays } = await import('./later.js')
    return createOtherWays(connection, book, firstFactors, { start, startIn, prepare, pickUp })
  })

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
    const asked = isTyped(factorId)
      ? proveTyped(auth, kept, factorId, proof, options)
      : other('prove')(kept, factorId, proof, options)
    return advance(kept, take(await awaiting(kept, asked)))
  }

  async function prepare(kept: Kept, params: PrepareParams, options: CallOptions = {}): Promise<SignInAttempt> {
    const facts = await (isMessage(params.factorId)
      ? sendMessage(auth, kept, params, options)
      : other('prepare')(kept, params, options))
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

  /** What this browser holds. `isBack`: somebody has just come back, else whoever is signed in was so before, which makes no attempt. */
  function pickUp(state: State | null, isBack = false): SignInAttempt | null {
    const pending = state && state.claims.session_id !== ignored && show(state).pending
    if (!state || !(isBack || pending)) return null
    return advance(startIn(state, pending === 'new_password' ? { purpose: reset } : {}), state)
  }

  const signIn: SignInApi = {
    async create(params, options) {
      if ('strategy' in params) return other('create')(params, options)
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

    resume: async ({ url }) => (url ? other('land')(url) : { attempt: pickUp(await read()) }),

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

    ...(firstFactors.includes('passkey') && { passkeyOptions: other('passkeyOptions') }),
    ...(resets && { resetPassword: other('resetPassword') }),
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    create: other('stepUp'),
    detect(refused) {
      const { code, error } = Object(refused) as { code?: unknown; error?: { code?: unknown } }
      return (code ?? error?.code) === 'insufficient_aal' ? { level: 'second_factor' } : null
    },
  }

  return { signIn, stepUp }
}
