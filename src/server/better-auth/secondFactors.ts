import type { GenericEndpointContext, User } from 'better-auth'
import { APIError } from 'better-auth/api'
import { makeSignature } from 'better-auth/crypto'
import type { FactorOption } from '../../core/attempt.js'
import type { Factor } from '../../core/enrollment.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { twoFactorOptions, type Enrolled, type TwoFactorRow } from './enrolled.js'
import { maskEmail } from './maskEmail.js'
import { maskPhone } from './maskPhone.js'
import { phoneOptions } from './phonePlugin.js'

/** Whoever reads the mailbox has passed with it; a second message there proves nothing more. */
export const isByMail = (method: string) => method.startsWith('email_')

const byId = (id: string) => ({ field: 'id', value: id })

/** What this person can pass the second factor with, after that first one; the first is the one to ask for. */
export function secondFactorsOf(
  ctx: GenericEndpointContext,
  user: User,
  { app, phone, byPasskey, any }: Enrolled,
  method: string,
  backupCodes: number | undefined,
): FactorOption<SecondStrategy>[] {
  if (!any) return []
  const options = twoFactorOptions(ctx)
  const strategies: SecondStrategy[] = []
  if (app && !options?.totpOptions?.disable) strategies.push('totp')
  // The same thing twice is one factor.
  if (byPasskey && method !== 'passkey') strategies.push('passkey')
  if (phone && method !== 'phone_code' && phoneOptions(ctx)) strategies.push('phone_code')
  if (options?.otpOptions?.sendOTP && !isByMail(method)) strategies.push('email_code')
  if (app || backupCodes) strategies.push('backup_code')
  return strategies.map((strategy, index) => ({
    id: strategy,
    strategy,
    ...(strategy === 'email_code' && { hint: maskEmail(user.email) }),
    ...(strategy === 'phone_code' && phone && { hint: maskPhone(phone) }),
    ...(index === 0 && { primary: true }),
  }))
}

/** What was enrolled, and passkeys whatever they count for. Beside another factor, mailed codes are one more way to pass, not a factor. */
export function factorsOf({ app, phone, passkeys, byMail }: Enrolled, user: User): Factor[] {
  const proved = { status: 'verified', removable: true } as const
  /** Better Auth keeps names of passkeys only. */
  const nameless = { changes: [] } as const
  const factors: Factor[] = []
  if (app) factors.push({ id: 'totp', strategy: 'totp', ...proved, ...nameless })
  if (phone) factors.push({ id: 'phone_code', strategy: 'phone_code', ...proved, ...nameless, hint: maskPhone(phone) })
  for (const { id, name, createdAt } of passkeys) {
    const known = { ...(name && { friendlyName: name }), ...(createdAt && { createdAt: new Date(createdAt).toISOString() }) }
    factors.push({ id: `passkey:${id}`, strategy: 'passkey', ...proved, ...known })
  }
  if (byMail) factors.push({ id: 'email_code', strategy: 'email_code', ...proved, ...nameless, hint: maskEmail(user.email) })
  return factors
}

/** How many are left. `undefined`: there is no row for them, or Better Auth cannot read it. */
export async function backupCodesLeft(ctx: GenericEndpointContext, { row }: Enrolled, userId: string) {
  if (!row) return undefined
  const { endpoints } = (ctx.context.getPlugin('two-factor') ?? {}) as { endpoints?: Partial<BackupCodes> }
  const { backupCodes } = (await endpoints?.viewBackupCodes?.({ body: { userId }, context: ctx.context }).catch(() => null)) ?? {}
  return backupCodes?.length
}

interface BackupCodes {
  viewBackupCodes(call: object): Promise<{ backupCodes: readonly string[] }>
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
