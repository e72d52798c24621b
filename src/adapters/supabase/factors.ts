import type { FactorOption } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import type { Json } from '../../core/json.js'
import { publicKeyJson } from '../../core/publicKeyJson.js'
import type { Channel, SecondStrategy } from '../../core/strategy.js'
import { verifiedFactors, type State } from './claims.js'
import { ask, type Connection } from './connection.js'
import type { User, UserFactor } from './supabaseAuth.js'

/** Theirs and ours. */
export const strategies = { totp: 'totp', phone: 'phone_code', webauthn: 'security_key' } as const
export type FactorType = keyof typeof strategies

/** A kind that the adapter knows; newer ones are left out. */
export const isKnown = ({ factor_type }: UserFactor) => factor_type in strategies

/** What people answer with; each strategy takes its own. */
export interface Proofs {
  readonly password?: string
  readonly code?: string
  readonly credential?: Json
  readonly signature?: string
}

/** A factor, as far as it matters for a challenge. */
export type Challenged = Pick<UserFactor, 'id' | 'factor_type'>

/** Codes are digits there; people type them in groups. */
export const digitsOf = (code = '') => code.replace(/\D/g, '')

/** `phone`: as in GET /user, which auth-js's types leave out. */
export function factorOf(factor: UserFactor & { readonly phone?: string | null }): Factor {
  const { id, factor_type, status, friendly_name, created_at, phone } = factor
  return {
    id,
    strategy: strategies[factor_type as FactorType],
    status: status as Factor['status'],
    removable: true,
    friendlyName: friendly_name,
    hint: phone?.replace(/\d(?=\d\d)/g, '•'),
    createdAt: created_at,
    changes: [],
  }
}

export function secondFactorsOf(user: User): FactorOption<SecondStrategy>[] {
  return verifiedFactors(user)
    .filter(isKnown)
    .map((factor) => {
      const { strategy, friendlyName: label, hint } = factorOf(factor)
      return { id: `${factor.factor_type}:${factor.id}`, strategy, label, hint }
    })
}

/** The factor that an option of `secondFactorsOf` stands for. */
export function challengedOf(optionId: string): Challenged {
  const [factor_type = '', id = ''] = optionId.split(':')
  return { id, factor_type }
}

export type Challenges = ReturnType<typeof createChallenges>

export function createChallenges({ auth: { mfa }, take, untilMs }: Connection) {
  /** The newest challenge of each factor, which is the only good one. */
  const newest = new Map<string, string>()
  // Newer servers go by their own configuration, but auth-js's types want it said.
  const { hostname = '', origin = '' } = globalThis.location ?? {}
  const rp = { rpId: hostname, rpOrigins: [origin] }

  /** Makes a new challenge; a phone is sent its code. */
  async function challenge({ id: factorId, factor_type }: Challenged, channel: Channel = 'sms') {
    const { id, expires_at, webauthn } = await ask(
      mfa.challenge(
        factor_type === 'phone' ? { factorId, channel } : factor_type === 'totp' ? { factorId } : { factorId, webauthn: rp },
      ),
    )
    newest.set(factorId, id)
    return { expiresInMs: untilMs(expires_at), publicKey: webauthn && publicKeyJson(webauthn.credential_options.publicKey) }
  }

  /** Answers a challenge; for an authenticator app it makes one first, as that needs no message. */
  async function prove(factor: Challenged, type: 'create' | 'request', { code, credential }: Proofs): Promise<State> {
    const { id: factorId, factor_type } = factor
    if (factor_type === 'totp') await challenge(factor)
    const challengeId = newest.get(factorId)
    if (!challengeId) throw new AuthError('code_expired', undefined, { field: 'code' })
    // auth-js takes a credential as the browser made it, and asks it for its JSON.
    const webauthn = { ...rp, type, credential_response: { toJSON: () => credential } }
    const session = await ask(
      mfa.verify({ factorId, challengeId, ...(factor_type === 'webauthn' ? { webauthn } : { code: digitsOf(code) }) }),
    )
    return take({ session, user: session.user })
  }

  return { challenge, prove }
}
