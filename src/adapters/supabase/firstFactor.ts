import type { CallOptions } from '../../core/adapter.js'
import type { CreateParams, PrepareParams, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Json } from '../../core/json.js'
import { ask } from './connection.js'
import { digitsOf, type Proofs } from './factors.js'
import type { Granted, SupabaseAuth } from './supabaseAuth.js'

/** What an attempt needs to know of its beginning. */
export interface Opening {
  readonly email?: string
  readonly phone?: string
  readonly web3?: { readonly address: string; readonly chainId: number; readonly origin: string }
  passkeyChallenge?: string
}

type Facts = Omit<Verification, 'status' | 'factorId'>
type Redirect = Extract<CreateParams, { redirectUrl: string }>

export function createFirstFactor(auth: SupabaseAuth, codeLength?: number) {
  const contactOf = ({ email = '', phone }: Opening) => (phone ? { phone } : { email })
  const facts = codeLength ? { codeLength } : {}

  function passkeys() {
    if (!auth.passkey) throw new AuthError('not_supported', 'This auth-js has no passkeys.')
    return auth.passkey
  }

  return {
    /** Answers with where to go. */
    async redirect(params: Redirect, { captchaToken }: CallOptions): Promise<string> {
      const { strategy, redirectUrl: redirectTo } = params
      const options = { redirectTo, skipBrowserRedirect: true, captchaToken } as const
      const asked =
        strategy !== 'enterprise_sso'
          ? auth.signInWithOAuth({ provider: strategy.slice('oauth_'.length), options })
          : auth.signInWithSSO(
              params.connection
                ? { providerId: params.connection, options }
                : { domain: (params.identifier ?? '').replace(/^.*@/, ''), options },
            )
      const { url } = await ask(asked)
      if (!url) throw noAnswer()
      return url
    },

    /** Sends what the strategy needs sent, or fetches what has to be signed. */
    async prepare(
      opening: Opening,
      { factorId, channel, redirectUrl }: PrepareParams,
      { captchaToken }: CallOptions,
    ): Promise<Facts> {
      if (factorId === 'passkey') {
        const { challenge_id, options } = await ask(passkeys().startAuthentication({ options: { captchaToken } }))
        opening.passkeyChallenge = challenge_id
        return { publicKey: options as Json }
      }
      if (opening.web3) return { message: siweMessage(opening.web3) }
      if (factorId === 'password') throw new AuthError('not_supported', 'A password needs no preparation.')
      const { email = '' } = opening
      const asked: Promise<unknown> =
        factorId === 'reset_password_email_code'
          ? ask(auth.resetPasswordForEmail(email, { redirectTo: redirectUrl, captchaToken }))
          : ask(
              auth.signInWithOtp({
                ...contactOf(opening),
                options: { shouldCreateUser: false, emailRedirectTo: redirectUrl, channel, captchaToken },
              }),
            )
      await asked.catch((thrown: AuthError) => {
        // Nobody learns here who has an account: to somebody unknown every code is wrong, as it is to others.
        if (thrown.code !== 'no_account') throw thrown
      })
      return factorId === 'email_link' ? { pollEveryMs: 3_000 } : facts
    },

    attempt(opening: Opening, factorId: string, proof: Proofs, message: string, { captchaToken }: CallOptions): Promise<Granted> {
      const { password = '', credential, signature } = proof
      const options = { captchaToken }
      const token = digitsOf(proof.code)
      const { email = '', phone = '' } = opening
      switch (factorId) {
        case 'password':
          return ask(auth.signInWithPassword({ ...contactOf(opening), password, options }), password)
        case 'email_code':
        case 'reset_password_email_code':
          return ask(auth.verifyOtp({ email, token, type: factorId === 'email_code' ? 'email' : 'recovery', options }), token)
        case 'phone_code':
        case 'reset_password_phone_code':
          return ask(auth.verifyOtp({ phone, token, type: 'sms', options }), token)
        case 'passkey': {
          const challengeId = opening.passkeyChallenge ?? ''
          return ask(passkeys().verifyAuthentication({ challengeId, credential: credential as object }))
        }
        default:
          if (!message) throw new AuthError('not_supported', `${factorId} is not answered with a proof.`)
          return ask(
            auth.signInWithWeb3({ chain: 'ethereum', message, signature: signature as `0x${string}`, options }),
            signature,
          )
      }
    },
  }
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
