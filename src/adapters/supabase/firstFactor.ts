import type { CallOptions } from '../../core/adapter.js'
import type { CreateParams, PrepareParams, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Json } from '../../core/json.js'
import { ask } from './connection.js'
import { digitsOf, type Proofs } from './factors.js'
import type { Contact, Granted, OtpProof, SupabaseAuth } from './supabaseAuth.js'

/** What an attempt began with, and what waits to be answered. */
export interface Opening {
  readonly contact?: Contact
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

/** Answers with where to go. */
export async function redirect(
  auth: SupabaseAuth,
  params: Extract<CreateParams, { redirectUrl: string }>,
  { captchaToken }: CallOptions,
): Promise<string> {
  const options = { redirectTo: params.redirectUrl, skipBrowserRedirect: true, captchaToken }
  const { url } = await ask(
    params.strategy !== 'enterprise_sso'
      ? auth.signInWithOAuth({ provider: params.strategy.slice(6), options })
      : auth.signInWithSSO(
          params.connection
            ? { providerId: params.connection, options }
            : { domain: (params.identifier ?? '').replace(/^.*@/, ''), options },
        ),
  )
  if (!url) throw noAnswer()
  return url
}

/** Sends what the strategy needs sent, or fetches what has to be signed. */
export async function prepareFirst(
  auth: SupabaseAuth,
  opening: Opening,
  { factorId, channel, redirectUrl: redirectTo }: PrepareParams,
  { captchaToken }: CallOptions,
): Promise<Partial<Verification>> {
  const { web3, contact } = opening
  if (web3) return { message: (opening.message = siweMessage(web3)) }
  if (factorId === 'passkey') {
    const { challenge_id, options } = await ask(auth.passkey?.startAuthentication({ options: { captchaToken } }))
    opening.challengeId = challenge_id
    return { publicKey: options as Json }
  }
  if (!contact || factorId === 'password') throw new AuthError('not_supported')
  const asked: Promise<unknown> =
    factorId === 'reset_password_email_code' && 'email' in contact
      ? ask(auth.resetPasswordForEmail(contact.email, { redirectTo, captchaToken }))
      : ask(
          auth.signInWithOtp({
            ...contact,
            options: { shouldCreateUser: false, emailRedirectTo: redirectTo, channel, captchaToken },
          }),
        )
  await asked.catch((thrown: AuthError) => {
    // Nobody learns here who has an account: to somebody unknown every code is wrong, as it is to others.
    if (thrown.code !== 'no_account') throw thrown
  })
  return factorId === 'email_link' ? { pollEveryMs: 3_000 } : {}
}

export function attemptFirst(
  auth: SupabaseAuth,
  { contact, message, challengeId = '' }: Opening,
  factorId: string,
  { password = '', code, credential, signature }: Proofs,
  { captchaToken }: CallOptions,
): Promise<Granted> {
  const options = { captchaToken }
  const [type, token] = [otpTypes[factorId], digitsOf(code)]
  if (type) return ask(auth.verifyOtp({ ...contact, token, type, options } as OtpProof), token)
  if (factorId === 'password' && contact) return ask(auth.signInWithPassword({ ...contact, password, options }), password)
  if (factorId === 'passkey') {
    return ask(auth.passkey?.verifyAuthentication({ challengeId, credential: credential as object }))
  }
  return ask(
    message === undefined
      ? undefined
      : auth.signInWithWeb3({ chain: 'ethereum', message, signature: signature as `0x${string}`, options }),
    signature,
  )
}

/** ERC-4361. Supabase makes no nonce: it takes a message of the last ten minutes, for an origin that it allows. */
function siweMessage({ address, chainId, origin }: { address: string; chainId: number; origin: string }): string {
  return `${new URL(origin).host} wants you to sign in with your Ethereum account:
${address}


URI: ${origin}
Version: 1
Chain ID: ${chainId}
Nonce: ${crypto.randomUUID().replace(/-/g, '')}
Issued At: ${new Date().toISOString()}`
}
