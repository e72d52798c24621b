import type { CallOptions } from '../../core/adapter.js'
import type { PrepareParams, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { siweMessage } from '../../core/siweMessage.js'
import type { Given, Kept } from './attempts.js'
import type { Answer, Connection } from './connection.js'
import { contactOf, digitsOf } from './contact.js'

const sends: Readonly<Record<string, string>> = {
  email_link: '/sign-in/magic-link',
  reset_password_email_code: '/email-otp/request-password-reset',
  reset_password_phone_code: '/phone-number/request-password-reset',
}

/** First factors beside a password and a code: sends what is to be sent, or fetches what has to be signed. */
export async function prepareOther(
  post: Connection['post'],
  kept: Kept,
  { factorId, redirectUrl }: PrepareParams,
  options?: CallOptions,
): Promise<Partial<Verification>> {
  if (kept.web3) {
    const { nonce } = await post('/siwe/nonce', {}, options, 'nonce')
    return { message: (kept.message = siweMessage({ ...kept.web3, nonce }, new Date())) }
  }
  if (factorId === 'passkey') {
    return { publicKey: (await post('/passkey/generate-authenticate-options', undefined, options, 'challenge')) as Json }
  }
  const path = sends[factorId]
  if (!path) throw new AuthError('not_supported')
  const isLink = factorId === 'email_link'
  await post(path, { ...contactOf(kept.attempt), ...(isLink && { callbackURL: redirectUrl }) }, options)
  return isLink ? { pollEveryMs: 3_000 } : {}
}

export function attemptOther(
  post: Connection['post'],
  { message, attempt }: Kept,
  factorId: string,
  { code, credential, signature }: Given,
  options?: CallOptions,
): Promise<Answer> {
  const contact = contactOf(attempt)
  const otp = digitsOf(code)
  const ask = (path: string, body: object) => post(path, { ...body }, options, 'user')
  if (message) return ask('/siwe/verify', { message, signature })
  if (factorId === 'passkey') return ask('/passkey/verify-authentication', { response: credential })
  if (factorId === 'reset_password_email_code')
    return ask('/email-otp/check-verification-otp', { ...contact, otp, type: 'forget-password' })
  if (factorId === 'reset_password_phone_code') return ask('/latchkey/check-phone-reset', { ...contact, code: otp })
  return Promise.reject(new AuthError('not_supported'))
}
