import type { GenericEndpointContext } from 'better-auth'
import { generateRandomString, makeSignature, symmetricEncrypt } from 'better-auth/crypto'
import { twoFactorOptions } from './enrolled.js'

const phoneMark = (key: string) => `latchkey-phone-code-${key}`
const rowOf = (key: string) => `2fa-otp-${key}`

/** As `twoFactor()` keeps the codes that it sends, so that it checks, counts and takes this one as its own. */
export async function keepCode(ctx: GenericEndpointContext, key: string, code: string): Promise<Date> {
  const { period = 3, storeOTP = 'plain' } = twoFactorOptions(ctx)?.otpOptions ?? {}
  const expiresAt = new Date(Date.now() + period * 60_000)
  await replace(ctx, rowOf(key), `${await stored(ctx, code, storeOTP)}:0`, expiresAt)
  return expiresAt
}

/** A new one that goes to a phone. That it does is remembered, without the code. */
export async function keepPhoneCode(ctx: GenericEndpointContext, key: string): Promise<string> {
  const code = generateRandomString(twoFactorOptions(ctx)?.otpOptions?.digits ?? 6, '0-9')
  const expiresAt = await keepCode(ctx, key, code)
  await replace(ctx, phoneMark(key), await makeSignature(`${key}:${code}`, ctx.context.secret), expiresAt)
  return code
}

/** Where did this code go? `wrong`: to a phone went another one. */
export async function sentByPhone(ctx: GenericEndpointContext, key: string, code: unknown): Promise<'yes' | 'no' | 'wrong'> {
  const mark = await ctx.context.internalAdapter.findVerificationValue(phoneMark(key))
  if (!mark || new Date(mark.expiresAt) <= new Date()) return 'no'
  return mark.value === (await makeSignature(`${key}:${String(code)}`, ctx.context.secret)) ? 'yes' : 'wrong'
}

type StoreOtp = NonNullable<NonNullable<NonNullable<ReturnType<typeof twoFactorOptions>>['otpOptions']>['storeOTP']>

async function stored(ctx: GenericEndpointContext, code: string, how: StoreOtp): Promise<string> {
  if (typeof how === 'object') return 'hash' in how ? how.hash(code) : how.encrypt(code)
  if (how === 'encrypted') return symmetricEncrypt({ key: ctx.context.secretConfig, data: code })
  return how === 'hashed' ? hashed(code) : code
}

async function hashed(code: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code))
  return Buffer.from(digest).toString('base64url')
}

async function replace({ context }: GenericEndpointContext, identifier: string, value: string, expiresAt: Date): Promise<void> {
  await context.internalAdapter.deleteVerificationByIdentifier(identifier)
  await context.internalAdapter.createVerificationValue({ identifier, value, expiresAt })
}
