import type { MfaApi } from '../../core/adapter.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Enrollment, EnrollParams, Factor } from '../../core/enrollment.js'
import type { Channel } from '../../core/strategy.js'
import { ask, sure, type Connection } from './connection.js'
import { factorOf, isKnown, type Challenges, type Pending } from './factors.js'
import type { EnrollFactor, Enrolled, UserFactor } from './supabaseAuth.js'

interface Kept extends Pending {
  readonly factor: Factor
  /** An answer was lost. */
  doubt?: boolean
  isDone?: boolean
}

type Wanted = Pick<EnrollParams, 'friendlyName'> & { type: Kept['type']; issuer?: string; phone?: string; channel?: Channel }

export function createMfa({ auth, downgrade }: Connection, { challenge, prove }: Challenges): MfaApi {
  const { mfa } = auth
  const begun = new Map<string, Kept>()

  /** From the server. */
  async function list(): Promise<readonly UserFactor[]> {
    return (sure((await ask(auth.getUser())).user).factors ?? []).filter(isKnown)
  }

  const remove = (factorId: string) => ask(mfa.unenroll({ factorId }))

  function find(enrollmentId: string): Kept {
    const kept = begun.get(enrollmentId)
    if (!kept) throw new AuthError('attempt_lost')
    return kept
  }

  async function drop(enrollmentId: string): Promise<void> {
    begun.delete(enrollmentId)
    if ((await list()).some(({ id, status }) => id === enrollmentId && status !== 'verified')) await remove(enrollmentId)
  }

  /** Names have to differ, and what nobody proved counts: then that makes room, and it is tried once more. */
  async function make({ type, friendlyName, issuer, phone }: Wanted): Promise<Enrolled> {
    const name = friendlyName ?? `${type} ${new Date().toISOString().slice(0, 19)}`
    const enroll = () => ask(mfa.enroll({ factorType: type, friendlyName: name, issuer, phone } as EnrollFactor))
    try {
      return await enroll()
    } catch (thrown) {
      if (!/^factor_(name|limit)/.test((thrown as AuthError).code)) throw thrown
      for (const { id, status, factor_type } of await list()) if (status !== 'verified' && factor_type === type) await remove(id)
      return enroll()
    }
  }

  async function open(kept: Kept, { totp }: Partial<Enrolled>, channel?: Channel): Promise<Enrollment> {
    const { id, type } = kept
    // Authenticator apps show a `+` as it stands.
    const facts = totp ? { secret: totp.secret, uri: totp.uri.replace(/\+/g, '%20') } : await challenge(kept, channel)
    return { status: 'pending', id, type, ...facts, ...(type === 'phone' && { sent: true }) } as Enrollment
  }

  return {
    listFactors: async () => (await list()).map(factorOf),

    async enroll(params) {
      if (params.type === 'email' || params.attempt) throw new AuthError('not_supported')
      const wanted: Wanted = params
      const { id, totp, friendly_name } = await make(wanted).catch((thrown: AuthError) => {
        throw thrown.field === 'identifier' ? Object.assign(thrown, { field: 'phone' }) : thrown
      })
      const { type } = params
      const kept: Kept = { id, type, factor: factorOf({ id, factor_type: type, status: 'verified', friendly_name }) }
      begun.set(id, kept)
      return open(kept, { totp }, wanted.channel).catch(async (thrown: unknown) => {
        await drop(id).catch(() => null)
        throw thrown
      })
    },

    async challenge({ enrollmentId, channel }) {
      const kept = find(enrollmentId)
      if (kept.type === 'totp') throw new AuthError('not_supported')
      return open(kept, {}, channel)
    },

    async verify({ enrollmentId, ...proof }) {
      const kept = find(enrollmentId)
      const wasDone =
        kept.isDone || (kept.doubt && (await list()).some(({ id, status }) => id === enrollmentId && status === 'verified'))
      try {
        if (!kept.isDone) await awaiting(kept, prove(kept, 'create', proof))
      } catch (thrown) {
        // The token that says so was lost with its answer; a code that is still good gets another.
        if (!wasDone) throw thrown
      }
      kept.isDone = true
      return { factor: kept.factor }
    },

    abandon: ({ enrollmentId }) => drop(enrollmentId),

    async unenroll({ factorId }) {
      await remove(factorId)
      await downgrade()
    },
  }
}
