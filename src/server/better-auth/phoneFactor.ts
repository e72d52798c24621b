import type { GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { enrolledOf, turnOn, twoFactorOptions } from './enrolled.js'
import { phoneEndpoints, phoneOptions } from './phonePlugin.js'
import { requireManager, requireProver } from './prover.js'
import { backupCodesLeft, refuseWhileLocked, secondFactorsOf } from './secondFactors.js'
import { keepPhoneCode } from './sentCode.js'
import { raise } from './sessionRecord.js'
import { settle } from './settle.js'

const lifeMs = 10 * 60_000
const enrolmentOf = (userId: string) => `latchkey-phone-${userId}`

const refusal = (code: string, message: string) => new APIError('BAD_REQUEST', { code, message })

/** Where `phoneNumber()` sends codes, and Better Auth checks them itself. */
function requirePhones(ctx: GenericEndpointContext) {
  const endpoints = phoneEndpoints(ctx)
  if (!endpoints || !phoneOptions(ctx)) throw new APIError('NOT_FOUND')
  return endpoints
}

/** As Better Auth asks for it before it turns two-factor on or off. */
async function requirePassword(ctx: GenericEndpointContext, userId: string): Promise<void> {
  const { internalAdapter, password } = ctx.context
  const isOptional = twoFactorOptions(ctx)?.allowPasswordless
  if (isOptional && !(await internalAdapter.findCredentialAccount(userId))?.password) return
  await password.checkPassword(userId, ctx)
}

/** Sends a code to a number that is to be the second factor. Without a number, sends another one to the number of before. */
export const enrollPhone = createAuthEndpoint('/latchkey/enroll-phone', { method: 'POST' }, async (ctx) => {
  const { internalAdapter } = ctx.context
  const { user } = await requireManager(ctx)
  const { sendPhoneNumberOTP } = requirePhones(ctx)
  const identifier = enrolmentOf(user.id)
  const { phoneNumber: given } = Object(ctx.body) as { phoneNumber?: unknown }
  let phoneNumber = given
  if (given === undefined) phoneNumber = await pendingNumber(ctx, user.id)
  else {
    await requirePassword(ctx, user.id)
    if (typeof given !== 'string' || !/^\+?\d{5,20}$/.test(given))
      throw refusal('INVALID_PHONE_NUMBER', 'This is no phone number.')
    if ((await enrolledOf(ctx, user.id)).phone === given) throw refusal('PHONE_ALREADY_ENABLED', 'This number is enrolled.')
    await internalAdapter.deleteVerificationByIdentifier(identifier)
    const expiresAt = new Date(Date.now() + lifeMs)
    await internalAdapter.createVerificationValue({ identifier, value: given, expiresAt })
  }
  await sendPhoneNumberOTP({ ...ctx, body: { phoneNumber } })
  return ctx.json({ status: true })
})

/** Takes the code, and the number for the second factor. Counted, and good once, by `phoneNumber()` itself. */
export const verifyPhone = createAuthEndpoint('/latchkey/verify-phone', { method: 'POST' }, async (ctx) => {
  const signedIn = await requireManager(ctx)
  const { user } = signedIn
  const { consumePhoneNumberOTP } = requirePhones(ctx)
  const phoneNumber = await pendingNumber(ctx, user.id)
  const { code } = Object(ctx.body) as { code?: unknown }
  await consumePhoneNumberOTP({ ...ctx, body: { phoneNumber, code: String(code) } })
  await ctx.context.internalAdapter.deleteVerificationByIdentifier(enrolmentOf(user.id))
  await turnOn(ctx, user.id, { secondFactorPhone: phoneNumber })
  await raise(ctx, signedIn, 'phone_code')
  return ctx.json({ status: true })
})

export const removePhone = createAuthEndpoint('/latchkey/remove-phone', { method: 'POST' }, async (ctx) => {
  const { user } = await requireManager(ctx)
  await requirePassword(ctx, user.id)
  if (!(await enrolledOf(ctx, user.id)).phone) throw refusal('PHONE_NOT_ENABLED', 'No phone is enrolled.')
  await ctx.context.internalAdapter.updateUser(user.id, { secondFactorPhone: null })
  await settle(ctx, user.id)
  return ctx.json({ status: true })
})

/** Sends a code as the second factor to the number that is enrolled; `POST /two-factor/verify-otp` takes it. */
export const sendPhoneCode = createAuthEndpoint('/latchkey/send-phone-code', { method: 'POST' }, async (ctx) => {
  const { user, method, key } = await requireProver(ctx)
  const enrolled = await enrolledOf(ctx, user.id)
  const offered = secondFactorsOf(ctx, user, enrolled, method, await backupCodesLeft(ctx, enrolled, user.id))
  const sendOTP = phoneOptions(ctx)?.sendOTP
  if (!enrolled.phone || !sendOTP || !offered.some(({ strategy }) => strategy === 'phone_code')) {
    throw refusal('PHONE_NOT_ENABLED', 'No phone can be the second factor here.')
  }
  refuseWhileLocked(enrolled.row)
  await sendOTP({ phoneNumber: enrolled.phone, code: await keepPhoneCode(ctx, key) }, ctx)
  return ctx.json({ status: true })
})

async function pendingNumber(ctx: GenericEndpointContext, userId: string): Promise<string> {
  const row = await ctx.context.internalAdapter.findVerificationValue(enrolmentOf(userId))
  if (!row || new Date(row.expiresAt) <= new Date()) throw refusal('PHONE_NOT_ENABLED', 'Begin the enrolment again.')
  return row.value
}
