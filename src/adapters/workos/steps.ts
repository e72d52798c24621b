import type { AttemptRef, FactorOption, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, type AttemptBook } from '../../core/attemptBook.js'
import { AuthError, toAuthError } from '../../core/AuthError.js'
import type { RequestContext } from '../../core/serverAdapter.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { optionsOf, type Answer, type Connection } from './connection.js'
import { prove, type Cell, type Kept } from './record.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

export type Steps = ReturnType<typeof createSteps>

/** What every verb of an attempt does: takes the browser's record, works on it, and puts it back. */
export function createSteps(
  { users, authenticate, plainFactors, challenge, revoke, removeUnproved }: Connection,
  request: RequestContext,
  cell: Cell<Kept>,
  firstFactors: NonNullable<WorkOSAdapterOptions['firstFactors']>,
) {
  const caller = { ipAddress: request.ip, userAgent: request.header('user-agent') ?? undefined }

  function open(start: object, userId?: string): { book: AttemptBook; kept: Kept } {
    const book = createAttemptBook(firstFactors)
    const kept = book.open({ id: crypto.randomUUID(), ...start }, userId)
    return { book, kept: Object.assign(kept, { proved: [], challenges: {} }) }
  }

  /** Of all attempts the browser holds the newest, so any other is lost. */
  function recall(): AttemptBook {
    const kept = cell.read()
    const book = createAttemptBook(firstFactors)
    if (kept) Object.assign(book.open(kept.attempt), kept)
    return book
  }

  /** `find` answers with the browser's own record, which the book was filled from. */
  async function step<T>(find: (book: AttemptBook) => object, work: (kept: Kept, book: AttemptBook) => Promise<T>): Promise<T> {
    const book = recall()
    const kept = find(book) as Kept
    try {
      const answer = await work(kept, book)
      cell.write(kept)
      return answer
    } catch (thrown) {
      const lost = toAuthError(thrown).code === 'attempt_lost'
      if (lost) await drop(book, kept.attempt).catch(() => undefined)
      cell.write(lost ? null : kept)
      throw thrown
    }
  }

  /** Gives back what the attempt made at WorkOS. */
  async function drop(book: AttemptBook, ref: AttemptRef) {
    const kept = book.giveUp(ref) as Kept | undefined
    await Promise.all([kept?.session && revoke(kept.session.id), kept?.enrolling && removeUnproved(kept.enrolling)])
  }

  async function toSecond(
    book: AttemptBook,
    kept: Kept,
    options: readonly FactorOption<SecondStrategy>[],
  ): Promise<SignInAttempt> {
    const all = options.map((option, index) => (index === 0 ? { ...option, primary: true } : option))
    // Made now, so that a replay of this step's code meets the challenge that it was used on.
    for (const { id, strategy } of all) if (strategy === 'totp') await challengeOf(kept, id).catch(() => undefined)
    return book.move(kept, { status: 'needs_second_factor', supportedSecondFactors: all })
  }

  async function challengeOf(kept: Kept, option: string) {
    const [strategy, id = ''] = option.split(/:(.*)/)
    const made = await challenge(id, strategy === 'phone_code')
    kept.challenges[option] = made.id
    return made
  }

  async function settle(
    book: AttemptBook,
    kept: Kept,
    answer: Answer,
    method: string,
    isSecond: boolean,
  ): Promise<SignInAttempt> {
    kept.proved = prove(kept.proved, method, isSecond)
    kept.userId ??= answer.user?.id
    if ('sid' in answer) {
      const { sid, user } = answer
      const { id: userId, email } = user
      kept.session = { id: sid, userId, email, proved: kept.proved }
      kept.token = undefined
      try {
        const options = isSecond ? [] : optionsOf(await plainFactors(userId))
        return options.length > 0 ? await toSecond(book, kept, options) : book.complete(kept, { user })
      } catch (thrown) {
        await revoke(sid).catch(() => undefined)
        throw thrown
      }
    }
    const { code, token, factors } = answer
    kept.token = token
    const apps = factors.filter(({ type }) => type === 'totp').map(({ id }) => ({ id: `totp:${id}`, strategy: 'totp' as const }))
    if (code === 'mfa_challenge' && apps.length > 0) return toSecond(book, kept, apps)
    return book.move(
      kept,
      code === 'mfa_enrollment'
        ? { status: 'needs_enrollment', enroll: ['totp'], supportedSecondFactors: [] }
        : { status: 'unsupported', detail: code },
    )
  }

  return {
    open,
    recall,
    step,
    drop,
    toSecond,
    challengeOf,

    async passFirst(book: AttemptBook, kept: Kept, method: string, proof: { password?: string; code?: string }) {
      const email = kept.attempt.identifier ?? ''
      const { password, code } = proof
      let answer: Promise<Answer>
      if (method !== 'password') {
        const options = { ...caller, email, code: digitsOf(code) }
        answer = authenticate((o) => users.authenticateWithMagicAuth(o), options, 'code_incorrect')
      } else if (password === undefined) throw new AuthError('not_supported')
      else answer = authenticate((o) => users.authenticateWithPassword(o), { ...caller, email, password }, 'invalid_credentials')
      return settle(book, kept, await awaiting(kept, answer), method, false)
    },

    async passTotp(book: AttemptBook, kept: Kept, authenticationChallengeId: string, code: string): Promise<SignInAttempt> {
      const options = { ...caller, code, pendingAuthenticationToken: kept.token ?? '', authenticationChallengeId }
      return settle(book, kept, await authenticate((o) => users.authenticateWithTotp(o), options, 'attempt_lost'), 'totp', true)
    },
  }
}

/** WorkOS compares codes as text. One without a digit is wrong by itself. */
export function digitsOf(code: string | undefined): string {
  if (code === undefined) throw new AuthError('not_supported')
  const digits = code.replace(/\D/g, '')
  if (!digits) throw new AuthError('code_incorrect', undefined, { field: 'code' })
  return digits
}
