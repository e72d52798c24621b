import type { FactorOption } from '../../core/attempt.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import type { Json } from '../../core/json.js'
import type { Channel, SecondStrategy } from '../../core/strategy.js'
import { ask, type Connection } from './connection.js'
import { verifiedFactors, type State } from './claims.js'
import { credentialOf, publicKeyJson, relyingParty } from './publicKey.js'
import type { User, UserFactor } from './supabaseAuth.js'

/** Theirs and ours. */
export const strategies = { totp: 'totp', phone: 'phone_code', webauthn: 'security_key' } as const
export type FactorType = keyof typeof strategies
type Strategy = (typeof strategies)[FactorType]

export const isFactorType = (type: string): type is FactorType => Object.hasOwn(strategies, type)

/** What people answer with; each strategy takes its own. */
export interface Proofs {
  readonly password?: string
  readonly code?: string
  readonly credential?: Json
  readonly signature?: string
}

/** A challenge that waits for its answer. */
export interface Pending {
  readonly id: string
  readonly type: FactorType
  challengeId?: string | undefined
  /** An answer was lost. */
  doubt?: boolean
}

/** Auth codes are digits; people type them in groups. */
export const digitsOf = (code = '') => code.replace(/\D/g, '')

/** `phone`: as in GET /user, which auth-js's types leave out. */
const hintOf = ({ phone }: UserFactor & { phone?: string | null }) => phone?.replace(/\d(?=\d\d)/g, '•')

export function factorOf(factor: UserFactor): Factor {
  const { id, factor_type, status, friendly_name, created_at } = factor
  const hint = hintOf(factor)
  return {
    id,
    strategy: strategies[factor_type as FactorType],
    status: status === 'verified' ? 'verified' : 'unverified',
    removable: true,
    ...(friendly_name && { friendlyName: friendly_name }),
    ...(hint && { hint }),
    ...(created_at && { createdAt: created_at }),
  }
}

export function secondFactorsOf(user: User): FactorOption<SecondStrategy>[] {
  return verifiedFactors(user)
    .filter(({ factor_type }) => isFactorType(factor_type))
    .map((factor) => {
      const { strategy, friendlyName, hint } = factorOf(factor)
      return { id: `${strategy}:${factor.id}`, strategy, ...(friendlyName && { label: friendlyName }), ...(hint && { hint }) }
    })
}

/** The factor that an option of `secondFactorsOf` stands for. */
export function pendingOf(optionId: string): Pending {
  const [strategy, id = ''] = optionId.split(':')
  const type = (Object.keys(strategies) as FactorType[]).find((one) => strategies[one] === (strategy as Strategy)) ?? 'totp'
  return { id, type }
}

export function createChallenges({ auth: { mfa }, take, untilMs }: Connection) {
  /** Makes a new challenge; a phone is sent its code. The newest is the only good one. */
  async function challenge(pending: Pending, channel?: Channel) {
    const { id, expires_at, webauthn } = await ask(
      mfa.challenge({
        factorId: pending.id,
        ...(pending.type === 'phone' && { channel: channel ?? 'sms' }),
        ...(pending.type === 'webauthn' && { webauthn: relyingParty() }),
      }),
    )
    pending.challengeId = id
    const expiresInMs = untilMs(expires_at)
    return {
      ...(expiresInMs !== undefined && { expiresInMs }),
      ...(webauthn && { publicKey: publicKeyJson(webauthn.credential_options.publicKey) }),
    }
  }

  /** Answers a challenge; for an authenticator app it makes one first, as that needs no message. */
  async function prove(pending: Pending, type: 'create' | 'request', { code, credential }: Proofs): Promise<State> {
    if (pending.type === 'totp') await challenge(pending)
    const { challengeId } = pending
    if (!challengeId) throw new AuthError('code_expired', 'There is no challenge to answer.', { field: 'code' })
    const ref = { factorId: pending.id, challengeId }
    const digits = digitsOf(code)
    const answer =
      pending.type === 'webauthn'
        ? { ...ref, webauthn: { ...relyingParty(), type, credential_response: credentialOf(credential as object) } }
        : { ...ref, code: digits }
    return take(await awaiting(pending, ask(mfa.verify(answer), digits)))
  }

  return { challenge, prove }
}
