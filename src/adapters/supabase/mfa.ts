import type { MfaApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { Enrollment, EnrollParams } from '../../core/enrollment.js'
import type { Channel } from '../../core/strategy.js'
import { ask, sure, type Connection } from './connection.js'
import { factorOf, isKnown, type Challenged, type Challenges, type FactorType } from './factors.js'
import { withPasskeys } from './passkeys.js'
import type { SupabaseAdapterOptions } from './supabaseOptions.js'
import type { EnrollFactor, Enrolled, SupabasePasskey, UserFactor } from './supabaseAuth.js'

type Wanted = Pick<EnrollParams, 'friendlyName'> & { type: FactorType; issuer?: string; phone?: string; channel?: Channel }

/** An enrolment is the factor that it made: the server holds it, so it can be proved after a reload too. */
export function createMfa(
  connection: Connection,
  { challenge, prove }: Challenges,
  passkey: SupabasePasskey | undefined,
  options: SupabaseAdapterOptions,
): MfaApi {
  const { auth, downgrade } = connection
  const { mfa } = auth

  /** From the server. */
  const list = async (): Promise<readonly UserFactor[]> => (sure((await ask(auth.getUser())).user).factors ?? []).filter(isKnown)

  const remove = (factorId: string) => ask(mfa.unenroll({ factorId }))

  async function find(enrollmentId: string): Promise<UserFactor> {
    const factor = (await list()).find(({ id }) => id === enrollmentId)
    if (!factor) throw new AuthError('factor_not_found')
    return factor
  }

  async function removeUnproved(is: (factor: UserFactor) => boolean): Promise<void> {
    for (const factor of await list()) if (factor.status !== 'verified' && is(factor)) await remove(factor.id)
  }

  const abandon: MfaApi['abandon'] = ({ enrollmentId }) => removeUnproved(({ id }) => id === enrollmentId)

  async function open(factor: Challenged, { totp }: Partial<Enrolled>, channel?: Channel): Promise<Enrollment> {
    const { id, factor_type: type } = factor
    // Authenticator apps show a `+` as it stands.
    const facts = totp ? { secret: totp.secret, uri: totp.uri.replace(/\+/g, '%20') } : await challenge(factor, channel)
    return { status: 'pending', id, type, sent: type === 'phone', ...facts } as Enrollment
  }

  const api: MfaApi = {
    listFactors: async () => (await list()).map(factorOf),

    async enroll(params) {
      if (params.type === 'email' || params.attempt) throw new AuthError('not_supported')
      const { type, friendlyName, issuer, phone, channel }: Wanted = params
      const name = friendlyName ?? `${type} ${new Date().toISOString().slice(0, 19)}`
      const make = () => ask(mfa.enroll({ factorType: type, friendlyName: name, issuer, phone } as EnrollFactor))
      const made = await make().catch(async (thrown: AuthError) => {
        if (thrown.field === 'identifier') Object.assign(thrown, { field: 'phone' })
        // Names have to differ, and what nobody proved counts: then that makes room, and it is tried once more.
        if (!/^factor_(name|limit)/.test(thrown.code)) throw thrown
        await removeUnproved(({ factor_type }) => factor_type === type)
        return make()
      })
      return open({ id: made.id, factor_type: type }, made, channel).catch(async (thrown: unknown) => {
        await abandon({ enrollmentId: made.id }).catch(() => null)
        throw thrown
      })
    },

    async challenge({ enrollmentId, channel }) {
      const factor = await find(enrollmentId)
      if (factor.factor_type === 'totp') throw new AuthError('not_supported')
      return open(factor, {}, channel)
    },

    async verify({ enrollmentId, ...proof }) {
      const factor = await find(enrollmentId)
      await prove(factor, 'create', proof).catch((thrown: unknown) => {
        // Proved before. The token that says so may have been lost with its answer; a code that is still good gets another.
        if (factor.status !== 'verified') throw thrown
      })
      // GoTrue ends every session of the person below aal2 in the same transaction.
      return { factor: factorOf({ ...factor, status: 'verified' }), otherSessions: 'ended' }
    },

    abandon,

    async unenroll({ factorId }) {
      await remove(factorId)
      await downgrade()
    },
  }
  return passkey ? withPasskeys(api, connection, passkey, options) : api
}
