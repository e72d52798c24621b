import type { SignInApi } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { awaiting, type AttemptBook } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { codeDigits } from '../../core/codeDigits.js'
import type { Factor } from '../../core/enrollment.js'
import { ask, askApp, authenticated, found, plainFactors, theirs, type Backend, type Kept } from './backend.js'
import type { Instants } from './workosClient.js'

interface Given {
  readonly factorId: string
  readonly password?: string
  readonly code?: string
}

const isApp = (factorId: string) => factorId.startsWith('totp')

/** By the same answer's own stamp, whatever this machine's clock says. */
const lifeOf = ({ createdAt, expiresAt = '' }: Instants) => ({
  expiresInMs: Date.parse(expiresAt) - Date.parse(createdAt) || undefined,
})

/** Sends the code where the factor is a phone. */
export async function challenge({ options: { smsTemplate }, mfa }: Backend, kept: Kept, factorId: string) {
  const made = await ask(
    mfa.challengeFactor({
      authenticationFactorId: theirs(factorId),
      ...(smsTemplate && !isApp(factorId) && { smsTemplate }),
    }),
  )
  kept.challenges[factorId] = made.id
  return lifeOf(made)
}

export async function toSecond(
  backend: Backend,
  kept: Kept,
  book: AttemptBook,
  factors: readonly Factor[],
): Promise<SignInAttempt> {
  const supportedSecondFactors = factors.map(({ id, strategy, hint }) => ({ id, strategy, hint }))
  // Made now, so that a replay of this step's code meets the challenge that it was used on.
  for (const { id } of factors) if (isApp(id)) await challenge(backend, kept, id).catch(() => {})
  return book.move(kept, { status: 'needs_second_factor', supportedSecondFactors })
}

async function settle(
  backend: Backend,
  kept: Kept,
  book: AttemptBook,
  asked: ReturnType<typeof authenticated>,
  method: string,
): Promise<SignInAttempt> {
  const { sid, user, code, pending_authentication_token: token, authentication_factors: factors } = await awaiting(kept, asked)
  const { proved } = kept
  proved.push({ method, at: Date.now() })
  kept.token = token
  if (sid && user) {
    kept.session = { id: sid, userId: user.id, label: user.email }
    const plain = proved[1] ? [] : await plainFactors(backend, user.id)
    return plain[0] ? toSecond(backend, kept, book, plain) : book.complete(kept, { user })
  }
  kept.userId ??= user?.id
  if (code === 'mfa_challenge' && factors?.[0]) return toSecond(backend, kept, book, factors.map(found))
  return book.move(
    kept,
    code === 'mfa_enrollment' ? { status: 'needs_enrollment', enroll: ['totp'] } : { status: 'unsupported', detail: code },
  )
}

function passFirst(backend: Backend, kept: Kept, book: AttemptBook, { factorId, password = '', code }: Given) {
  const { caller, users } = backend
  const who = { ...caller, email: kept.attempt.identifier ?? '' }
  const asked =
    factorId === 'password'
      ? users.authenticateWithPassword({ ...who, password })
      : users.authenticateWithMagicAuth({ ...who, code: codeDigits(code) })
  return settle(backend, kept, book, authenticated(asked), factorId)
}

/** Also how a factor that is being enrolled is proved. */
export async function passSecond(
  backend: Backend,
  kept: Kept,
  book: AttemptBook,
  factorId: string,
  typed: string | undefined,
): Promise<SignInAttempt> {
  const { users, mfa, caller } = backend
  const { challenges, token, session, proved } = kept
  const code = codeDigits(typed)
  const method = factorId.split(':')[0]!
  if (isApp(factorId) && !challenges[factorId]) await challenge(backend, kept, factorId)
  const authenticationChallengeId = challenges[factorId]
  if (!authenticationChallengeId) throw new AuthError('code_expired', undefined, { field: 'code' })
  const proof = { code, authenticationChallengeId }
  if (token) {
    const asked = users.authenticateWithTotp({ ...caller, ...proof, pendingAuthenticationToken: token })
    return settle(backend, kept, book, authenticated(asked), method)
  }
  const { valid } = await awaiting(kept, ask(mfa.verifyChallenge(proof))).catch((thrown: AuthError) => {
    // What is enrolled is proved as well by a challenge that was passed already.
    if (thrown.code !== 'already_used' || !kept.finished) throw thrown
    return { valid: true }
  })
  if (!valid) throw new AuthError('code_incorrect', undefined, { field: 'code' })
  proved[1] = { method, at: Date.now() }
  return book.complete(kept, { user: { id: session!.userId } })
}

export function signInApi(backend: Backend): SignInApi {
  const { users, options, attempts } = backend
  const { begin, write, at, signIn } = attempts

  async function send(kept: Kept, factorId: string) {
    // A new challenge for an app would let a code of before pass again.
    if (!/_code/.test(factorId)) throw new AuthError('not_supported')
    if (factorId !== 'email_code') return challenge(backend, kept, factorId)
    const email = kept.attempt.identifier ?? ''
    const made = await ask(users.createMagicAuth({ email }))
    const life = lifeOf(made)
    await askApp(() => options.deliver?.({ email, code: made.code, ...life })).catch(() => {
      throw new AuthError('send_failed')
    })
    return life
  }

  const prepare =
    (status: Parameters<AttemptBook['expect']>[1]): SignInApi['prepareFirstFactor'] =>
    (ref, { factorId }) =>
      at(status, ref, factorId, async (kept, book) => book.sent(kept, factorId, await send(kept, factorId)))

  return {
    ...signIn,

    async create(params) {
      if ('strategy' in params) throw new AuthError('not_supported')
      const { identifier, password } = params
      const { kept, book } = begin({ identifier })
      if (password !== undefined) await passFirst(backend, kept, book, { factorId: 'password', password })
      write(kept)
      return kept.attempt
    },

    prepareFirstFactor: prepare('needs_first_factor'),
    prepareSecondFactor: prepare('needs_second_factor'),

    attemptFirstFactor: (ref, given: Given) =>
      at('needs_first_factor', ref, given.factorId, (kept, book) => passFirst(backend, kept, book, given)),

    attemptSecondFactor: (ref, { factorId, code }: Given) =>
      at('needs_second_factor', ref, factorId, (kept, book) => {
        const pass = () => passSecond(backend, kept, book, factorId, code)
        return pass().catch((thrown: AuthError) => {
          const { code: why, outcome } = thrown
          if (outcome === 'unknown' || /used|expired/.test(why)) kept.challenges[factorId] = undefined
          if (!isApp(factorId)) throw thrown
          if (why === 'code_expired') return pass()
          // This step was passed before, by a replay or in an answer that was lost, and WorkOS holds nothing back.
          throw why === 'already_used' && !kept.token ? new AuthError('attempt_lost') : thrown
        })
      }),
  }
}
