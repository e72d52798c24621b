import type { SignInApi, StepUpApi } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError, toAuthError } from '../../core/AuthError.js'
import { lifeOf, optionsOf, type Connection } from './connection.js'
import { prove, type Cell, type Kept, type KeptSession } from './record.js'
import type { Sessions } from './sessions.js'
import { digitsOf, type Steps } from './steps.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

const first = 'needs_first_factor'
const second = 'needs_second_factor'

interface Given {
  readonly factorId: string
  readonly password?: string
  readonly code?: string
}

export function createSignIn(
  { users, ask, verify }: Connection,
  { open, recall, step, drop, toSecond, challengeOf, passFirst, passTotp }: Steps,
  sessions: Sessions,
  attempts: Cell<Kept>,
  { deliver }: WorkOSAdapterOptions,
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { cell, look } = sessions

  async function sendMagicCode(email: string) {
    const made = await ask((o) => users.createMagicAuth(o), { email }).catch((thrown: AuthError) => {
      // Nobody has this address, which is not told apart.
      if (thrown.code !== 'factor_not_found') throw thrown
      return null
    })
    if (!made) return {}
    const life = lifeOf(made)
    try {
      await deliver?.({ email, code: made.code, ...life })
    } catch (cause) {
      throw new AuthError('send_failed', undefined, { cause: cause instanceof Error ? cause.name : undefined })
    }
    return life
  }

  /** What is still to come counts from now, so it is told and not kept. */
  const told = (attempt: SignInAttempt, key: 'firstFactorVerification' | 'secondFactorVerification', life: object) => ({
    ...attempt,
    [key]: { ...attempt[key], ...life },
  })

  async function passSecond(
    kept: Kept,
    factorId: string,
    code: string,
    book: ReturnType<Steps['recall']>,
  ): Promise<SignInAttempt> {
    const isApp = factorId.startsWith('totp')
    const challenge = kept.challenges[factorId] ?? (isApp ? (await challengeOf(kept, factorId)).id : undefined)
    if (!challenge) throw new AuthError('code_expired', 'No code was sent.', { field: 'code' })
    if (kept.token) return passTotp(book, kept, challenge, code)
    await verify(challenge, code)
    const session = kept.session as KeptSession
    session.proved = prove(session.proved, factorId.split(':')[0] ?? '', true)
    return book.complete(kept, { user: { id: session.userId } })
  }

  const signIn: SignInApi = {
    async create(params) {
      if ('strategy' in params) throw new AuthError('not_supported')
      const { identifier, password } = params
      // Should the answer be lost, `resume` must not take an older attempt for what came of this one.
      attempts.write(null)
      const { book, kept } = open({ identifier })
      if (password !== undefined) await passFirst(book, kept, 'password', { password })
      attempts.write(kept)
      return kept.attempt
    },

    async resume() {
      const kept = attempts.read()
      return { attempt: kept && !kept.finished ? kept.attempt : null }
    },

    reload: async (ref) => recall().find(ref).attempt,

    prepareFirstFactor: (ref, { factorId }) =>
      step(
        (book) => book.expect(ref, first, factorId),
        async (kept, book) => {
          if (factorId !== 'email_code') throw new AuthError('not_supported')
          const life = await sendMagicCode(kept.attempt.identifier ?? '')
          return told(book.sent(kept, factorId), 'firstFactorVerification', life)
        },
      ),

    prepareSecondFactor: (ref, { factorId }) =>
      step(
        (book) => book.expect(ref, second, factorId),
        async (kept, book) => {
          // A new challenge for an app would let a code of before pass again.
          if (!factorId.startsWith('phone')) throw new AuthError('not_supported')
          const life = lifeOf(await challengeOf(kept, factorId))
          return told(book.sent(kept, factorId), 'secondFactorVerification', life)
        },
      ),

    attemptFirstFactor: (ref, given: Given) =>
      step(
        (book) => book.expect(ref, first, given.factorId),
        (kept, book) => passFirst(book, kept, given.factorId, given),
      ),

    attemptSecondFactor: (ref, { factorId, code }: Given) =>
      step(
        (book) => book.expect(ref, second, factorId),
        async (kept, book) => {
          const digits = digitsOf(code)
          const pass = () => passSecond(kept, factorId, digits, book)
          const isApp = factorId.startsWith('totp')
          try {
            return await awaiting(kept, pass())
          } catch (thrown) {
            const error = toAuthError(thrown)
            const used = error.code === 'already_used'
            const expired = error.code === 'code_expired'
            if (used || expired || error.outcome === 'unknown') kept.challenges[factorId] = undefined
            if (expired && isApp) return pass()
            // This step was passed before, by a replay or in an answer that was lost; no pending sign-in of WorkOS's stands behind it.
            if (used && isApp && !kept.token) throw new AuthError('attempt_lost')
            throw error
          }
        },
      ),

    finish: (ref) =>
      step(
        (book) => book.find(ref),
        async (kept, book) => {
          const { finished, session: own, attempt } = kept
          const ready = attempt.status === 'complete' ? own : undefined
          const here = cell.read()
          const stepsUp = attempt.purpose === 'step_up'
          if (ready && (finished || stepsUp) && here?.id !== ready.id) {
            throw new AuthError(here ? 'session_mismatch' : 'session_lost')
          }
          const session = book.finish(kept, ready ? await look(ready) : null)
          if (ready && !finished) cell.write(stepsUp && here ? { ...here, proved: ready.proved } : ready)
          return session
        },
      ),

    async cancel(ref) {
      if (attempts.read()?.attempt.id !== ref.id) return
      const book = recall()
      attempts.write(null)
      await drop(book, ref)
    },
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    async create({ level }) {
      if (level !== 'second_factor') throw new AuthError('not_supported')
      const { record, factors } = await sessions.require()
      if (factors.length === 0) throw new AuthError('factor_not_found')
      const start = { purpose: 'step_up', identifier: record.email, supportedFirstFactors: [] }
      const { book, kept } = open(start, record.userId)
      kept.session = record
      await toSecond(book, kept, optionsOf(factors))
      attempts.write(kept)
      return kept.attempt
    },
  }

  return { signIn, stepUp }
}
