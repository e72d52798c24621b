import { APIError, createAuthEndpoint } from 'better-auth/api'

const refusals = {
  OTP_NOT_FOUND: 'BAD_REQUEST',
  OTP_EXPIRED: 'BAD_REQUEST',
  INVALID_OTP: 'BAD_REQUEST',
  TOO_MANY_ATTEMPTS: 'FORBIDDEN',
} as const

function refuse(code: keyof typeof refusals): never {
  throw new APIError(refusals[code], { code, message: 'The code of the reset was refused.' })
}

/**
 * Is this the code that was sent to reset a password? Better Auth asks so for codes by mail only; by phone, a wrong code would be told after
 * the new password was typed. Tries are counted where `phoneNumber()` itself counts them, and a right code stays good for the reset.
 */
export const checkPhoneReset = createAuthEndpoint('/latchkey/check-phone-reset', { method: 'POST' }, async (ctx) => {
  const { phoneNumber, code } = Object(ctx.body) as { phoneNumber?: unknown; code?: unknown }
  const options = ctx.context.getPlugin('phone-number')?.options as { verifyOTP?: unknown; allowedAttempts?: number } | undefined
  // Codes that somebody else checks may be good once only.
  if (!ctx.context.getPlugin('phone-number') || options?.verifyOTP) throw new APIError('NOT_FOUND')
  if (typeof phoneNumber !== 'string' || typeof code !== 'string') refuse('INVALID_OTP')
  const { internalAdapter } = ctx.context
  const identifier = `phone-number-reset-${phoneNumber}`
  // Taken out first, so that of two guesses at once one is counted and the other finds nothing.
  const row = await internalAdapter.consumeVerificationValue(identifier)
  if (!row) refuse('OTP_NOT_FOUND')
  const expiresAt = new Date(row.expiresAt)
  if (expiresAt < new Date()) refuse('OTP_EXPIRED')
  const [right = '', tries] = row.value.split(':')
  const failed = Number(tries) || 0
  if (failed >= (options?.allowedAttempts ?? 3)) refuse('TOO_MANY_ATTEMPTS')
  const isRight = right === code
  const value = `${right}:${isRight ? failed : failed + 1}`
  await internalAdapter.createVerificationValue({ identifier, value, expiresAt })
  if (!isRight) refuse('INVALID_OTP')
  return ctx.json({ success: true })
})
