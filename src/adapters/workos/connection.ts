import type { FactorOption } from '../../core/attempt.js'
import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { before, refusal, type Before } from './refusal.js'
import type { Enrolling, KeptSession } from './record.js'
import type { Authenticated, Challenge, Listed, PlainFactor, WorkOSClient, WorkOSUser } from './workosClient.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

/** A factor of a person, be it WorkOS's or the app's to know whose it is. */
export interface Found {
  readonly id: string
  readonly strategy: SecondStrategy
  readonly createdAt: string
  readonly hint?: string
}

export type Answer = Before | { readonly user: WorkOSUser; readonly sid: string }

export type Connection = ReturnType<typeof connect>

/** Asks through the caller's client. Never twice. */
export function connect(workos: WorkOSClient, { factors: store, smsTemplate }: WorkOSAdapterOptions) {
  const { userManagement: users, multiFactorAuth: v11 } = workos
  const factors = v11 ?? workos.mfa
  if (!factors) throw new TypeError('The WorkOS client has neither `mfa` nor `multiFactorAuth`.')
  const mfa = factors

  async function ask<O extends object, T>(
    verb: (options: O) => Promise<T>,
    options: O,
    missing: AuthErrorCode = 'factor_not_found',
  ): Promise<T> {
    try {
      return await verb(options)
    } catch (thrown) {
      throw refusal(thrown, options, missing)
    }
  }

  const userFactors = ({ userId }: { userId: string }) =>
    (v11 ? v11.listUserAuthFactors({ userId }) : users.listAuthFactors!({ userId })).then(whole)

  async function plainFactors(userId: string) {
    const ids = store ? await ask(async () => store.list(userId), {}) : []
    // One that WorkOS no longer has is none.
    const all = await Promise.all(ids.map((id) => ask(() => mfa.getFactor(id), {}).catch(unlessGone)))
    return foundAmong(all)
  }

  const remove = (id: string) => ask(() => mfa.deleteFactor(id), {})

  return {
    users,
    mfa,
    store,
    ask,

    /** A session, or what stands before one. */
    async authenticate<O extends object>(
      verb: (options: O) => Promise<Authenticated>,
      options: O,
      missing: AuthErrorCode,
    ): Promise<Answer> {
      try {
        const { user, accessToken } = await verb(options)
        return { user, sid: sessionIdIn(accessToken) }
      } catch (thrown) {
        const waits = before(thrown)
        if (waits) return waits
        throw refusal(thrown, options, missing)
      }
    },

    plainFactors,

    async factors(userId: string): Promise<readonly Found[]> {
      const [own, plain] = await Promise.all([ask(userFactors, { userId }), plainFactors(userId)])
      return [...foundAmong(own), ...plain]
    },

    enrollForUser: (userId: string, totpIssuer: string, totpUser: string) =>
      ask((o) => (v11 ? v11.createUserAuthFactor(o) : users.enrollAuthFactor!(o)), {
        userId,
        type: 'totp' as const,
        totpIssuer,
        totpUser,
      }),

    /** Sends the code where the factor is a phone. */
    challenge: (authenticationFactorId: string, sends: boolean): Promise<Challenge> =>
      ask((o) => mfa.challengeFactor(o), { authenticationFactorId, ...(sends && smsTemplate && { smsTemplate }) }),

    async verify(authenticationChallengeId: string, code: string): Promise<void> {
      const { valid } = await ask((o) => mfa.verifyChallenge(o), { authenticationChallengeId, code }, 'code_expired')
      if (valid === false) throw new AuthError('code_incorrect', undefined, { field: 'code' })
      if (valid !== true) throw noAnswer()
    },

    remove,

    /** One that is proved, or may be, stays. One that is gone already is as good. */
    removeUnproved: async ({ id, done, doubt }: Enrolling) => {
      if (!done && !doubt) await remove(id).catch(unlessGone)
    },

    async activeSessions({ userId }: KeptSession): Promise<readonly string[]> {
      const all = await ask(() => users.listSessions(userId).then(whole), {}, 'session_lost')
      return all.filter(({ status }) => status === 'active').map(({ id }) => id)
    },

    /** One that is over already is as good. */
    revoke: (sessionId: string) => ask((o) => users.revokeSession(o), { sessionId }).catch(unlessGone),
  }
}

export function unlessGone(thrown: AuthError): undefined {
  if (thrown.code !== 'factor_not_found') throw thrown
}

const strategies: Readonly<Record<string, SecondStrategy>> = { totp: 'totp', sms: 'phone_code' }

/** WorkOS has a third type, for codes that the app sends itself. */
function foundAmong(all: readonly (PlainFactor | undefined)[]): readonly Found[] {
  return all.flatMap((factor) => {
    const strategy = factor && strategies[factor.type]
    if (!strategy) return []
    const hint = factor.sms?.phoneNumber.replace(/\d(?=\d\d)/g, '•')
    return { id: factor.id, strategy, createdAt: factor.createdAt, ...(hint && { hint }) }
  })
}

/** The SDK's own walk asks for the first page again. */
const whole = async <T>(list: Listed<T>): Promise<readonly T[]> => (list.listMetadata.after ? list.autoPagination() : list.data)

export function optionsOf(all: readonly Found[]): readonly FactorOption<SecondStrategy>[] {
  return all.map(({ id, strategy, hint }) => ({ id: `${strategy}:${id}`, strategy, ...(hint && { hint }) }))
}

/** By the same answer's own stamp, whatever this machine's clock says. */
export function lifeOf({ createdAt, expiresAt = '' }: { createdAt: string; expiresAt?: string }): { expiresInMs?: number } {
  const ms = Date.parse(expiresAt) - Date.parse(createdAt)
  return ms > 0 ? { expiresInMs: ms } : {}
}

/** The token comes straight from WorkOS, so its signature proves nothing more. */
function sessionIdIn(accessToken: string): string {
  const [, payload = ''] = accessToken.split('.')
  const { sid } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { sid?: unknown }
  if (typeof sid !== 'string') throw noAnswer()
  return sid
}
