import type { GenericEndpointContext } from 'better-auth'
import { generateRandomString, symmetricEncrypt } from 'better-auth/crypto'
import type { twoFactor } from 'better-auth/plugins/two-factor'

/** What the plugin adds to Better Auth's user row. Neither is told to clients, and neither can be written by them. */
export const userFields = {
  /** The number that is the second factor. Not `phoneNumber`, by which somebody is found: a change of the one leaves the other alone. */
  secondFactorPhone: { type: 'string', required: false, input: false, returned: false },
  /** Mailed codes were turned on, and stay when a phone or a passkey goes. */
  secondFactorByMail: { type: 'boolean', required: false, input: false, returned: false },
} as const

/** Better Auth's own row of a person's authenticator app, which counts wrong codes too. */
export interface TwoFactorRow {
  readonly id: string
  readonly verified?: boolean | null
  readonly lockedUntil?: Date | string | null
}

export interface Passkey {
  readonly id: string
  readonly name?: string | null
  readonly credentialID: string
  readonly transports?: string | null
  readonly createdAt?: Date | string | null
}

interface UserRow {
  readonly twoFactorEnabled?: boolean | null
  readonly secondFactorPhone?: string | null
  readonly secondFactorByMail?: boolean | null
}

/** What somebody can pass a second factor with, whatever Better Auth's `twoFactorEnabled` says. */
export interface Enrolled {
  readonly row: TwoFactorRow | null
  readonly app: boolean
  readonly phone: string | null
  readonly passkeys: readonly Passkey[]
  /** Passkeys count as a second factor. */
  readonly byPasskey: boolean
  /** Mailed codes are what was turned on. */
  readonly byMail: boolean
  /** There is one that has to be asked for. */
  readonly any: boolean
}

export function twoFactorOptions(ctx: GenericEndpointContext): Parameters<typeof twoFactor>[0] {
  return ctx.context.getPlugin('two-factor')?.options
}

const ofUser = (value: string) => [{ field: 'userId', value }]

export function findTwoFactor(ctx: GenericEndpointContext, userId: string): Promise<TwoFactorRow | null> {
  return ctx.context.adapter.findOne<TwoFactorRow>({ model: 'twoFactor', where: ofUser(userId) })
}

export async function enrolledOf(ctx: GenericEndpointContext, userId: string): Promise<Enrolled> {
  const { adapter, getPlugin } = ctx.context
  const [user, row, passkeys] = await Promise.all([
    adapter.findOne<UserRow>({ model: 'user', where: [{ field: 'id', value: userId }] }),
    findTwoFactor(ctx, userId),
    getPlugin('passkey') ? adapter.findMany<Passkey>({ model: 'passkey', where: ofUser(userId) }) : [],
  ])
  const app = row !== null && row.verified !== false
  const phone = user?.secondFactorPhone ?? null
  const options = getPlugin('latchkey')?.options as { passkeyAsSecondFactor?: boolean } | undefined
  const byPasskey = Boolean(options?.passkeyAsSecondFactor) && passkeys.length > 0
  const isOn = Boolean(user?.twoFactorEnabled)
  // `false` was written by this plugin; with nothing written, Better Auth has turned it on by itself, for an app or for mailed codes.
  const byMail = isOn && !app && user?.secondFactorByMail !== false && Boolean(twoFactorOptions(ctx)?.otpOptions?.sendOTP)
  return { row, app, phone, passkeys, byPasskey, byMail, any: isOn || app || phone !== null || byPasskey }
}

/** A second factor counts from now on. `fields`: what else changes with it. */
export async function turnOn(ctx: GenericEndpointContext, userId: string, fields: object = {}): Promise<void> {
  const { row, byMail } = await enrolledOf(ctx, userId)
  await ctx.context.internalAdapter.updateUser(userId, { twoFactorEnabled: true, secondFactorByMail: byMail, ...fields })
  if (!row) await createRow(ctx, userId)
}

/** A row for somebody without an app, because in it Better Auth counts wrong codes, and keeps backup codes. Nobody knows its secret. */
export async function createRow(ctx: GenericEndpointContext, userId: string): Promise<TwoFactorRow> {
  const { secretConfig: key, adapter } = ctx.context
  const how = twoFactorOptions(ctx)?.backupCodeOptions?.storeBackupCodes ?? 'encrypted'
  const none = '[]'
  const sealed = typeof how === 'object' ? how.encrypt(none) : how === 'plain' ? none : symmetricEncrypt({ key, data: none })
  const secret = await symmetricEncrypt({ key, data: generateRandomString(32) })
  return adapter.create<Record<string, unknown>, TwoFactorRow>({
    model: 'twoFactor',
    data: { userId, verified: false, secret, backupCodes: await sealed },
  })
}
