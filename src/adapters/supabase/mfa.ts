import type { MfaApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Enrollment, Factor } from '../../core/enrollment.js'
import { ask, type Connection } from './connection.js'
import { createChallenges, factorOf, isFactorType, strategies, type Pending } from './factors.js'
import type { EnrollFactor, Enrolled, UserFactor } from './supabaseAuth.js'

interface Kept extends Pending {
  readonly factor: Factor
  isDone?: boolean
}

export function createMfa(connection: Connection): MfaApi {
  const { auth } = connection
  const { mfa } = auth
  const { challenge, prove } = createChallenges(connection)
  const begun = new Map<string, Kept>()

  /** From the server. Kinds that are new there are left out. */
  async function list(): Promise<readonly UserFactor[]> {
    const { user } = await ask(auth.getUser())
    if (!user) throw noAnswer()
    return (user.factors ?? []).filter(({ factor_type }) => isFactorType(factor_type))
  }

  function find(enrollmentId: string): Kept {
    const kept = begun.get(enrollmentId)
    if (!kept) throw new AuthError('attempt_lost', 'The adapter does not know this enrolment.')
    return kept
  }

  async function drop(id: string): Promise<void> {
    begun.delete(id)
    const factor = (await list()).find((one) => one.id === id)
    if (factor?.status === 'unverified') await ask(mfa.unenroll({ factorId: id }))
  }

  /** Names have to differ, the empty one too, and leftovers that nobody proved count: then those make room, and it is tried once more. */
  async function enroll(params: Omit<EnrollFactor, 'friendlyName'> & { factorType: Kept['type'] }, name?: string) {
    const attempt = (friendlyName: string): Promise<Enrolled & { friendlyName: string }> =>
      ask(mfa.enroll({ ...params, friendlyName } as EnrollFactor)).then((made) => ({ ...made, friendlyName }))
    const { factorType } = params
    try {
      return await attempt(name ?? factorType)
    } catch (thrown) {
      if (!['factor_name_taken', 'factor_limit'].includes((thrown as AuthError).code)) throw thrown
      const factors = await list()
      const stale = factors.filter((one) => one.status === 'unverified' && one.factor_type === factorType)
      for (const { id } of stale) await ask(mfa.unenroll({ factorId: id }))
      const taken = new Set(factors.filter((one) => !stale.includes(one)).map((one) => one.friendly_name))
      let count = 1
      while (taken.has(count > 1 ? `${factorType} ${count}` : factorType)) count++
      return attempt(name ?? (count > 1 ? `${factorType} ${count}` : factorType))
    }
  }

  async function open(kept: Kept, { totp }: Enrolled, channel?: 'sms' | 'whatsapp'): Promise<Enrollment> {
    const { id, type } = kept
    const base = { status: 'pending', id } as const
    if (type === 'totp') {
      if (!totp) throw noAnswer()
      // Authenticator apps show a `+` as it stands.
      return { ...base, type, secret: totp.secret, uri: totp.uri.replace(/\+/g, '%20') }
    }
    const { publicKey = null, ...facts } = await challenge(kept, channel)
    return type === 'phone' ? { ...base, ...facts, type, sent: true } : { ...base, ...facts, type, publicKey }
  }

  return {
    listFactors: async () => (await list()).map(factorOf),

    async enroll({ friendlyName, attempt, ...params }) {
      if (params.type === 'email' || attempt) throw new AuthError('not_supported')
      const { type } = params
      const wanted =
        params.type === 'totp'
          ? { factorType: 'totp' as const, issuer: params.issuer }
          : params.type === 'phone'
            ? { factorType: 'phone' as const, phone: params.phone }
            : { factorType: 'webauthn' as const }
      const made = await enroll(wanted, friendlyName).catch((thrown: AuthError) => {
        if (thrown.code !== 'identifier_invalid') throw thrown
        throw new AuthError(thrown.code, thrown.message, { field: 'phone', cause: thrown.cause })
      })
      const { id } = made
      const factor = {
        id,
        strategy: strategies[type],
        status: 'verified',
        removable: true,
        friendlyName: made.friendlyName,
      } as const
      const kept: Kept = { id, type, factor }
      begun.set(id, kept)
      try {
        return await open(kept, made, params.type === 'phone' ? params.channel : undefined)
      } catch (thrown) {
        await drop(id).catch(() => undefined)
        throw thrown
      }
    },

    async challenge({ enrollmentId, channel }) {
      const kept = find(enrollmentId)
      if (kept.type === 'totp') throw new AuthError('not_supported', 'An authenticator app needs no message.')
      return open(kept, { id: enrollmentId }, channel)
    },

    async verify({ enrollmentId, ...proof }) {
      const kept = find(enrollmentId)
      if (kept.doubt && !kept.isDone) {
        kept.isDone = (await list()).some(({ id, status }) => id === enrollmentId && status === 'verified')
        // The lost answer held the token that says so.
        if (kept.isDone) await connection.read({ isSure: true }).catch(() => null)
      }
      if (!kept.isDone) await prove(kept, 'create', proof)
      kept.isDone = true
      return { factor: kept.factor }
    },

    abandon: ({ enrollmentId }) => drop(enrollmentId),

    async unenroll({ factorId }) {
      await ask(mfa.unenroll({ factorId }))
      await connection.downgrade()
    },
  }
}
