import type { GenericEndpointContext, User } from 'better-auth'
import { APIError } from 'better-auth/api'
import { makeSignature } from 'better-auth/crypto'
import type { twoFactor } from 'better-auth/plugins/two-factor'
import type { FactorOption } from '../../core/attempt.js'
import type { Factor } from '../../core/enrollment.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { maskEmail } from './maskEmail.js'

/** Better Auth's own row of a person's authenticator app. */
interface TwoFactorRow {
  readonly id: string
  readonly verified?: boolean | null
  readonly lockedUntil?: Date | string | null
}

export function twoFactorOptions(ctx: GenericEndpointContext): Parameters<typeof twoFactor>[0] {
  return ctx.context.getPlugin('two-factor')?.options
}

/** Whoever reads the mailbox has passed with it; a second message there proves nothing more. */
export const isByMail = (method: string) => method.startsWith('email_')

const byId = (id: string) => ({ field: 'id', value: id })

export function findTwoFactor(ctx: GenericEndpointContext, userId: string): Promise<TwoFactorRow | null> {
  return ctx.context.adapter.findOne<TwoFactorRow>({ model: 'twoFactor', where: [{ field: 'userId', value: userId }] })
}

/** What this person can pass the second factor with, after that first one; the first is the one to ask for. */
export async function secondFactorsOf(
  ctx: GenericEndpointContext,
  user: User,
  method = '',
): Promise<FactorOption<SecondStrategy>[]> {
  const options = twoFactorOptions(ctx)
  const row = await findTwoFactor(ctx, user.id)
  const app = row && row.verified !== false
  const strategies: SecondStrategy[] = []
  if (app && !options?.totpOptions?.disable) strategies.push('totp')
  if (options?.otpOptions?.sendOTP && !isByMail(method)) strategies.push('email_code')
  if (app) strategies.push('backup_code')
  return strategies.map((strategy, index) => ({
    id: strategy,
    strategy,
    ...(strategy === 'email_code' && { hint: maskEmail(user.email) }),
    ...(index === 0 && { primary: true }),
  }))
}

/** What was enrolled. Beside an authenticator app, mailed codes are one more way to pass, not a factor that could be removed alone. */
export function factorsOf(options: readonly FactorOption<SecondStrategy>[]): Factor[] {
  const enrolled = options.find(({ primary }) => primary)
  return enrolled
    ? [{ id: enrolled.id, strategy: enrolled.strategy, status: 'verified', removable: true, hint: enrolled.hint }]
    : []
}

/** Refuses with the wait, which Better Auth's own refusal does not tell. */
export function refuseWhileLocked(row: TwoFactorRow | null): void {
  const waitMs = row?.lockedUntil ? new Date(row.lockedUntil).getTime() - Date.now() : 0
  if (waitMs <= 0) return
  const headers = { 'X-Retry-After': String(Math.ceil(waitMs / 1000)) }
  throw new APIError('TOO_MANY_REQUESTS', { code: 'ACCOUNT_TEMPORARILY_LOCKED', message: 'Too many wrong codes.' }, headers)
}

/** Better Auth counts wrong codes at sign-in only; while somebody is signed in, they are counted here, to the same lock. */
export async function countFailure(ctx: GenericEndpointContext, row: TwoFactorRow): Promise<void> {
  const { enabled = true, maxFailedAttempts = 10, durationSeconds = 900 } = twoFactorOptions(ctx)?.accountLockout ?? {}
  if (!enabled) return
  const [model, { adapter }] = ['twoFactor', ctx.context]
  await adapter.incrementOne({ model, where: [byId(row.id)], increment: { failedVerificationCount: 1 } })
  await adapter.incrementOne({
    model,
    where: [byId(row.id), { field: 'failedVerificationCount', operator: 'gte', value: maxFailedAttempts }],
    increment: {},
    set: { lockedUntil: new Date(Date.now() + durationSeconds * 1000), failedVerificationCount: 0 },
  })
}

export async function forgetFailures(ctx: GenericEndpointContext, row: TwoFactorRow): Promise<void> {
  const update = { failedVerificationCount: 0, lockedUntil: null }
  await ctx.context.adapter.update({ model: 'twoFactor', where: [byId(row.id)], update })
}

/**
 * Takes a code for this person, so that no second request can pass with it (RFC 6238 §5.2). The row's key is made from person and code:
 * of two requests at once, the database lets one insert it. The code itself is not stored. Answers with the row's name.
 */
export async function takeCode(ctx: GenericEndpointContext, userId: string, code: string): Promise<string> {
  const { internalAdapter, secret } = ctx.context
  const identifier = `latchkey-totp-${await makeSignature(`${userId}:${code}`, secret)}`
  const known = await internalAdapter.findVerificationValue(identifier)
  const periodMs = (twoFactorOptions(ctx)?.totpOptions?.period ?? 30) * 1000
  // Better Auth accepts a code one period early and one late.
  const expiresAt = new Date(Date.now() + 3 * periodMs)
  if (known && new Date(known.expiresAt) <= new Date()) await internalAdapter.deleteVerificationByIdentifier(identifier)
  else if (known) refuseUsed()
  if (!(await internalAdapter.reserveVerificationValue({ identifier, value: 'taken', expiresAt }))) refuseUsed()
  return identifier
}

function refuseUsed(): never {
  throw new APIError('UNAUTHORIZED', { code: 'TOTP_ALREADY_USED', message: 'This code was used already. Wait for the next one.' })
}
