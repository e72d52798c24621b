import type { CallOptions } from '../../core/adapter.js'
import type { CreateParams, PrepareParams, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { siweMessage } from '../../core/siweMessage.js'
import { ask, sure } from './connection.js'
import { digitsOf, type Proofs } from './factors.js'
import type { Contact, Granted, OtpProof, SupabaseAuth } from './supabaseAuth.js'

/** What an attempt began with, and what waits to be answered. */
export interface Opening {
  readonly web3?: { readonly address: string; readonly chainId: number; readonly origin: string }
  message?: string
  challengeId?: string
}

const otpTypes: Readonly<Record<string, string>> = {
  email_code: 'email',
  phone_code: 'sms',
  reset_password_email_code: 'recovery',
  reset_password_phone_code: 'sms',
}

const contactOf = (identifier: string): Contact => (identifier.includes('@') ? { email: identifier } : { phone: identifier })

/** Answers with where to go. */
export async function redirect(
  auth: SupabaseAuth,
  params: Extract<CreateParams, { redirectUrl: string }>,
  captcha: CallOptions,
): Promise<string> {
  const options = { ...captcha, redirectTo: params.redirectUrl, skipBrowserRedirect: true }
  const asked =
    params.strategy !== 'enterprise_sso'
      ? auth.signInWithOAuth({ provider: params.strategy.slice(6), options })
      : auth.signInWithSSO(
          params.connection
            ? { providerId: params.connection, options }
            : { domain: `${params.identifier}`.replace(/.*@/, ''), options },
        )
  return sure((await ask(asked)).url)
}

/** Sends what the strategy needs sent, or fetches what has to be signed. */
export async function prepareFirst(
  auth: SupabaseAuth,
  opening: Opening,
  identifier: string,
  { factorId, channel, redirectUrl }: PrepareParams,
  options: CallOptions,
): Promise<Partial<Verification>> {
  if (opening.web3) return { message: (opening.message = siweMessage(opening.web3, new Date())) }
  if (factorId === 'password') throw new AuthError('not_supported')
  if (factorId === 'passkey') {
    const made = await ask(auth.passkey?.startAuthentication({ options }))
    opening.challengeId = made.challenge_id
    return { publicKey: made.options as Json }
  }
  await ask<object>(
    factorId === 'reset_password_email_code'
      ? auth.resetPasswordForEmail(identifier, { ...options, redirectTo: redirectUrl })
      : auth.signInWithOtp({
          ...contactOf(identifier),
          options: { ...options, shouldCreateUser: false, emailRedirectTo: redirectUrl, channel },
        }),
  ).catch((thrown: AuthError) => {
    // Nobody learns here who has an account: to somebody unknown every code is wrong, as it is to others.
    if (thrown.code !== 'no_account') throw thrown
  })
  return factorId === 'email_link' ? { pollEveryMs: 3_000 } : {}
}

export function attemptFirst(
  auth: SupabaseAuth,
  { message, challengeId = '' }: Opening,
  identifier: string,
  factorId: string,
  { password = '', code, credential, signature }: Proofs,
  { captchaToken }: CallOptions,
): Promise<Granted> {
  const answer = { ...contactOf(identifier), options: { captchaToken } }
  const type = otpTypes[factorId]
  return ask(
    type
      ? auth.verifyOtp({ ...answer, token: digitsOf(code), type } as OtpProof)
      : factorId === 'password'
        ? auth.signInWithPassword({ ...answer, password })
        : factorId === 'passkey'
          ? auth.passkey?.verifyAuthentication({ challengeId, credential: credential as object })
          : message
            ? auth.signInWithWeb3({ chain: 'ethereum', message, signature: signature as `0x${string}`, options: answer.options })
            : undefined,
  )
}
