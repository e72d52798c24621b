import type { SignInApi } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { awaiting, type AttemptBook } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { createChallengedFactors, strategyOf } from '../../core/challengedFactors.js'
import { codeDigits } from '../../core/codeDigits.js'
import { lifeOf } from '../../core/lifeOf.js'
import { ask, askApp, authenticated, found, plainFactors, theirs, type Answer, type Backend, type Kept } from './backend.js'

interface Given {
  readonly factorId: string
  readonly password?: string
  readonly code?: string
}

export function createSignIn(backend: Backend) {
  const { users, mfa, caller, options, attempts } = backend
  const { begin, write, at } = attempts
  const { smsTemplate, deliver, organizationId } = options

  const second = createChallengedFactors<Kept>({
    at,
    holds: ({ token }) => token !== undefined,

    async challenge(factorId) {
      const template = smsTemplate && strategyOf(factorId) !== 'totp' && { smsTemplate }
      const made = await ask(mfa.challengeFactor({ authenticationFactorId: theirs(factorId), ...template }))
      return { id: made.id, ...lifeOf(made) }
    },

    async pass(kept, book, factorId, authenticationChallengeId, code) {
      const { token, session, proved } = kept
      const method = strategyOf(factorId)
      const proof = { code, authenticationChallengeId }
      if (token) {
        const asked = users.authenticateWithTotp({ ...caller, ...proof, pendingAuthenticationToken: token })
        return settle(kept, book, authenticated(asked), method, 1)
      }
      const { valid } = await awaiting(kept, ask(mfa.verifyChallenge(proof))).catch((thrown: AuthError) => {
        // What is enrolled is proved as well by a challenge that was passed already.
        if (thrown.code !== 'already_used' || !kept.finished) throw thrown
        return { valid: true }
      })
      if (!valid) throw new AuthError('code_incorrect', undefined, { field: 'code' })
      proved[1] = { method, at: Date.now() }
      const { userId: id, label } = session!
      return book.complete(kept, { user: { id, label } })
    },
  })
  const { toSecond } = second

  /** `step`: of the first factor or the second. One that is tried again takes its own place, since two are what aal2 is read from. */
  async function settle(kept: Kept, book: AttemptBook, asked: Promise<Answer>, method: string, step = 0): Promise<SignInAttempt> {
    let answer = await awaiting(kept, asked)
    const { organizations, pending_authentication_token: pendingAuthenticationToken = '' } = answer
    if (organizationId && organizations?.some(({ id }) => id === organizationId)) {
      const chosen = users.authenticateWithOrganizationSelection({ ...caller, organizationId, pendingAuthenticationToken })
      answer = await awaiting(kept, authenticated(chosen))
    }
    const { sid, user, code, pending_authentication_token: token, authentication_factors: factors } = answer
    const { proved } = kept
    proved[step] = { method, at: Date.now() }
    kept.token = token
    if (sid && user) {
      kept.session = { id: sid, userId: user.id, label: user.email }
      const plain = step ? [] : await plainFactors(backend, user.id)
      return plain[0] ? toSecond(kept, book, plain) : book.complete(kept, { user })
    }
    kept.userId ??= user?.id
    // Who came from a provider has typed nothing, and an app's entry is called by somebody's name.
    if (user) book.move(kept, { identifier: kept.attempt.identifier ?? user.email })
    if (code === 'mfa_challenge' && factors?.[0]) return toSecond(kept, book, factors.map(found))
    return book.move(
      kept,
      code === 'mfa_enrollment' ? { status: 'needs_enrollment', enroll: ['totp'] } : { status: 'unsupported', detail: code },
    )
  }

  function passFirst(kept: Kept, book: AttemptBook, { factorId, password = '', code }: Given) {
    const who = { ...caller, email: kept.attempt.identifier ?? '' }
    const isPassword = factorId === 'password'
    if (isPassword && !password) throw new AuthError('invalid_credentials', undefined, { field: 'password' })
    const asked = isPassword
      ? users.authenticateWithPassword({ ...who, password })
      : users.authenticateWithMagicAuth({ ...who, code: codeDigits(code) })
    return settle(kept, book, authenticated(asked), factorId)
  }

  const signIn = {
    ...attempts.signIn,
    ...second.verbs,

    async create({ identifier, password }: { identifier: string; password?: string }) {
      const { kept, book } = begin({ identifier })
      if (password !== undefined) await passFirst(kept, book, { factorId: 'password', password })
      write(kept)
      return kept.attempt
    },

    prepareFirstFactor: (ref, { factorId }) =>
      at('needs_first_factor', ref, factorId, async (kept, book) => {
        if (factorId !== 'email_code') throw new AuthError('not_supported')
        const email = kept.attempt.identifier ?? ''
        const made = await ask(users.createMagicAuth({ email }))
        const life = lifeOf(made)
        await askApp(() => deliver?.({ email, code: made.code, ...life })).catch(() => {
          throw new AuthError('send_failed')
        })
        return book.sent(kept, factorId, life)
      }),

    attemptFirstFactor: (ref, given: Given) =>
      at('needs_first_factor', ref, given.factorId, (kept, book) => passFirst(kept, book, given)),
  } satisfies Partial<SignInApi>

  return { signIn, second, settle }
}
