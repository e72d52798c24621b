import type { CallOptions } from '../../core/adapter.js'
import type { CreateParams, PrepareParams, SignInAttempt, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { siweMessage } from '../../core/siweMessage.js'
import type { Answer, Connection } from './connection.js'
import { returnCodeOf } from './errorCodes.js'

/** What an attempt began with, and what waits to be answered. */
export interface Opening {
  readonly attempt: SignInAttempt
  readonly web3?: { readonly address: string; readonly chainId: number; readonly origin: string }
  message?: string
  /** Of a reset: the server wants it once more, with the new password. */
  code?: string | undefined
}

export interface Given {
  readonly password?: string
  readonly code?: string
  readonly credential?: Json
  readonly signature?: string
}

type Post = Connection['post']

/** Tells a way back from a visit, because Better Auth adds nothing to the address when all is well. */
const mark = 'latchkey_return'

/** Better Auth compares codes as text. */
export const digitsOf = (code = '') => code.replace(/\D/g, '')

const isPhone = (identifier: string) => /^\+?[\d\s().-]+$/.test(identifier)
export const phoneOf = (identifier: string) => identifier.replace(/[^\d+]/g, '')

export function contactOf({ attempt }: Opening): { email: string } | { phoneNumber: string } {
  const identifier = `${attempt.identifier}`
  return isPhone(identifier) ? { phoneNumber: phoneOf(identifier) } : { email: identifier }
}

const sends: Readonly<Record<string, string>> = {
  email_code: '/email-otp/send-verification-otp',
  email_link: '/sign-in/magic-link',
  phone_code: '/phone-number/send-otp',
  reset_password_email_code: '/email-otp/request-password-reset',
  reset_password_phone_code: '/phone-number/request-password-reset',
}

/** The strategies by which somebody can be found who is known by this. */
export const fits = (identifier: string, strategy: string) =>
  (isPhone(identifier) ? /^(pass|phone)/ : /^(pass|email)/).test(strategy)

/** Sends what the strategy needs sent, or fetches what has to be signed. */
export async function prepareFirst(
  post: Post,
  opening: Opening,
  { factorId, redirectUrl }: PrepareParams,
  options?: CallOptions,
): Promise<Partial<Verification>> {
  if (opening.web3) {
    const { nonce } = await post('/siwe/nonce', {}, options, 'nonce')
    return { message: (opening.message = siweMessage({ ...opening.web3, nonce }, new Date())) }
  }
  if (factorId === 'passkey') {
    return { publicKey: (await post('/passkey/generate-authenticate-options', undefined, options, 'challenge')) as Json }
  }
  const path = sends[factorId]
  if (!path) throw new AuthError('not_supported')
  const isLink = factorId === 'email_link'
  const more = isLink ? { callbackURL: redirectUrl } : factorId === 'email_code' ? { type: 'sign-in' } : {}
  await post(path, { ...contactOf(opening), ...more }, options, factorId === 'phone_code' ? 'message' : 'status')
  return isLink ? { pollEveryMs: 3_000 } : {}
}

export function attemptFirst(
  post: Post,
  opening: Opening,
  factorId: string,
  { password, code, credential, signature }: Given,
  options?: CallOptions,
): Promise<Answer> {
  const contact = contactOf(opening)
  const byPhone = 'phoneNumber' in contact
  const otp = digitsOf(code)
  const ask = (path: string, body: object) => post(path, { ...body }, options, 'user')
  if (opening.message) return ask('/siwe/verify', { message: opening.message, signature })
  switch (factorId) {
    case 'password':
      return ask(byPhone ? '/sign-in/phone-number' : '/sign-in/email', { ...contact, password })
    case 'email_code':
      return ask('/sign-in/email-otp', { ...contact, otp })
    case 'phone_code':
      return ask('/phone-number/verify', { ...contact, code: otp })
    case 'passkey':
      return ask('/passkey/verify-authentication', { response: credential })
    case 'reset_password_email_code':
      return ask('/email-otp/check-verification-otp', { ...contact, otp, type: 'forget-password' })
    case 'reset_password_phone_code':
      return ask('/latchkey/check-phone-reset', { ...contact, code: otp })
  }
  return Promise.reject(new AuthError('not_supported'))
}

/** Answers with where to go. */
export async function redirect(
  post: Post,
  params: Extract<CreateParams, { redirectUrl: string }>,
  options?: CallOptions,
): Promise<string> {
  const back = new URL(params.redirectUrl)
  back.searchParams.set(mark, '')
  const body = { callbackURL: back.href, errorCallbackURL: back.href, disableRedirect: true }
  const asked =
    params.strategy !== 'enterprise_sso'
      ? post('/sign-in/social', { ...body, provider: params.strategy.slice(6) }, options, 'url')
      : post('/sign-in/sso', { ...body, providerId: params.connection, email: params.identifier }, options, 'url')
  return `${(await asked).url}`
}

/** What a provider, or where there are any, a link brought back. Throws what went wrong there; what the address says of it is shown to nobody. */
export function returned(url: string, hasLinks: boolean): { readonly token: string | null; readonly cleanUrl?: string } {
  const clean = new URL(url)
  const { searchParams } = clean
  const theirs = searchParams.get('error')
  const isBack = searchParams.has(mark)
  if (theirs && isBack) throw new AuthError(returnCodeOf(theirs))
  const token = hasLinks ? searchParams.get('token') : null
  for (const name of token ? [mark, 'token'] : [mark]) searchParams.delete(name)
  return { token, ...((isBack || token) && { cleanUrl: clean.href }) }
}
