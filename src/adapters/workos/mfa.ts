import type { MfaApi } from '../../core/adapter.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { EnrollParams, Enrollment, Factor, Verified } from '../../core/enrollment.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { lifeOf, unlessGone, type Connection } from './connection.js'
import { isElevated, prove, type Cell, type Enrolling, type Kept, type KeptSession } from './record.js'
import type { Sessions } from './sessions.js'
import { digitsOf, type Steps } from './steps.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

export function createMfa(
  { mfa, store, ask, enrollForUser, challenge, verify, remove, removeUnproved }: Connection,
  { step, passTotp }: Steps,
  sessions: Sessions,
  attempts: Cell<Kept>,
  { issuer: app = 'Latchkey' }: WorkOSAdapterOptions,
): MfaApi {
  const { cell } = sessions

  /** Whoever has a second factor has to have proved it before they change what it is. */
  async function manage() {
    const { record, factors } = await sessions.require()
    if (factors.length > 0 && !isElevated(record)) {
      throw new AuthError('step_up_required', undefined, { stepUp: { level: 'second_factor' } })
    }
    return { record, factors }
  }

  function pending(enrollmentId: string): { record: KeptSession; mine: Enrolling } {
    const record = cell.read()
    const mine = record?.enrolling
    if (!record || mine?.id !== enrollmentId) throw new AuthError('attempt_lost')
    return { record, mine }
  }

  /** `plain`: a factor that is the app's to know whose it is. */
  async function begin(userId: string, email: string, plain: boolean, params: EnrollParams): Promise<[Enrolling, Enrollment]> {
    if (params.type === 'phone' && plain) {
      const { id } = await ask((o) => mfa.enrollFactor(o), { type: 'sms' as const, phoneNumber: params.phone })
      return [
        { id, type: 'phone' },
        { status: 'pending', type: 'phone', id, sent: false },
      ]
    }
    if (params.type !== 'totp') throw new AuthError('not_supported')
    const { issuer = app, user = email } = params
    const own = plain ? null : await enrollForUser(userId, issuer, user)
    const factor = own?.authenticationFactor ?? (await ask((o) => mfa.enrollFactor(o), { type: 'totp' as const, issuer, user }))
    const { id, totp } = factor
    const made = own?.authenticationChallenge ?? (await challenge(id, false))
    if (!totp?.secret || !totp.uri) throw noAnswer()
    const { secret, uri } = totp
    return [
      { id, type: 'totp', challenge: made.id },
      { status: 'pending', type: 'totp', id, secret, uri },
    ]
  }

  /** A challenge that was passed already proves the factor as well as one that is passed now. */
  async function proveFactor(mine: Enrolling, code: string) {
    if (!mine.challenge) throw new AuthError('code_expired', 'No code was sent.', { field: 'code' })
    await awaiting(mine, verify(mine.challenge, code)).catch((thrown: AuthError) => {
      if (thrown.code !== 'already_used') throw thrown
    })
  }

  return {
    async listFactors() {
      const { record, factors } = await sessions.require()
      const { enrolling } = record
      const unproved = enrolling && !enrolling.done ? [{ ...factorOf(enrolling), status: 'unverified' as const }] : []
      return [
        ...factors.map(({ id, strategy, createdAt, hint }) => ({ ...verified(id, strategy), createdAt, ...(hint && { hint }) })),
        ...unproved,
      ]
    },

    async enroll(params) {
      const { attempt } = params
      if (attempt) {
        return step(
          (book) => book.find(attempt),
          async (kept) => {
            if (kept.attempt.status !== 'needs_enrollment') throw new AuthError('not_supported')
            if (kept.enrolling) await removeUnproved(kept.enrolling)
            const [enrolling, answer] = await begin(kept.userId ?? '', kept.attempt.identifier ?? '', false, params)
            kept.enrolling = enrolling
            return answer
          },
        )
      }
      const { record } = await manage()
      if (record.enrolling) await removeUnproved(record.enrolling)
      const [enrolling, answer] = await begin(record.userId, record.email, store !== undefined, params)
      cell.write({ ...record, enrolling })
      return answer
    },

    async challenge({ enrollmentId }) {
      const { record, mine } = pending(enrollmentId)
      if (mine.type !== 'phone') throw new AuthError('not_supported')
      const made = await challenge(mine.id, true)
      cell.write({ ...record, enrolling: { ...mine, challenge: made.id } })
      return { status: 'pending', type: 'phone', id: mine.id, sent: true, ...lifeOf(made) }
    },

    async verify({ enrollmentId, code }: { enrollmentId: string; code?: string }): Promise<Verified> {
      const inside = attempts.read()
      if (inside?.enrolling?.id === enrollmentId) {
        return step(
          (book) => book.find(inside.attempt),
          async (kept, book) => {
            const mine = kept.enrolling as Enrolling
            if (!mine.done) await awaiting(mine, passTotp(book, kept, mine.challenge ?? '', digitsOf(code)))
            mine.done = true
            return { factor: factorOf(mine), attempt: kept.attempt }
          },
        )
      }
      const { record, mine } = pending(enrollmentId)
      const factor = factorOf(mine)
      if (mine.done) return { factor }
      await sessions.require()
      try {
        await proveFactor(mine, digitsOf(code))
        await ask(async () => store?.add(record.userId, mine.id), {})
        mine.done = true
        record.proved = prove(record.proved, factor.strategy, true)
      } finally {
        cell.write(record)
      }
      return { factor }
    },

    async abandon({ enrollmentId }) {
      for (const at of [attempts, cell] as readonly Cell<{ enrolling?: Enrolling | undefined }>[]) {
        const held = at.read()
        if (held?.enrolling?.id !== enrollmentId || held.enrolling.done) continue
        await removeUnproved(held.enrolling)
        at.write({ ...held, enrolling: undefined })
      }
    },

    async unenroll({ factorId }) {
      const { record, factors } = await manage()
      const { enrolling } = record
      const isUnproved = enrolling?.id === factorId && !enrolling.done
      if (!isUnproved && !factors.some(({ id }) => id === factorId)) throw new AuthError('factor_not_found')
      await ask(async () => store?.remove(record.userId, factorId), {})
      await remove(factorId).catch(unlessGone)
      if (isUnproved) cell.write({ ...record, enrolling: undefined })
    },
  }
}

const verified = (id: string, strategy: SecondStrategy): Factor => ({ id, strategy, status: 'verified', removable: true })
const factorOf = ({ id, type }: Enrolling) => verified(id, type === 'totp' ? 'totp' : 'phone_code')
