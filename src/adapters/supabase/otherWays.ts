import type { CallOptions, SignInApi, StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, CreateParams, PrepareParams, SignInAttempt, Verification } from '../../core/attempt.js'
import { awaiting, type AttemptBook } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { siweMessage } from '../../core/siweMessage.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { contactOf, newPassword, reset, second, type Kept, type Steps } from './attempts.js'
import { ask, sure, type Connection } from './connection.js'
import { secondFactorsOf, type Proofs } from './factors.js'
import { withoutTelling } from './firstFactor.js'
import { returnFrom } from './returnFrom.js'
import type { Granted } from './supabaseAuth.js'

/** Of base64. What is none is no signature: the server says so. */
const bytesOf = (signature: string) =>
  Uint8Array.from(/^[\w+/]{86}==$/.test(signature) ? atob(signature) : '', (letter) => letter.charCodeAt(0))

/** The ways in beside a password and a code: providers, links, passkeys and wallets. And what is rarer: a reset, a step-up. */
export function createOtherWays(
  connection: Connection,
  { find, move, complete }: AttemptBook<Kept>,
  firstFactors: readonly FirstStrategy[],
  { start, startIn, prepare, pickUp }: Steps,
) {
  const { auth, read, recover } = connection

  /** Answers with where to go. */
  async function redirect(params: Extract<CreateParams, { redirectUrl: string }>, captcha: CallOptions): Promise<string> {
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

  return {
    async create(params: Extract<CreateParams, { strategy: string }>, options: CallOptions = {}): Promise<SignInAttempt> {
      const { strategy } = params
      if (!firstFactors.includes(strategy)) throw new AuthError('not_supported')
      if ('address' in params) return start([strategy], {}, { web3: params }).attempt
      if (!('redirectUrl' in params)) return start([strategy], { identifier: params.identifier, purpose: reset }).attempt
      const redirectUrl = await redirect(params, options)
      return move(start([], {}, { isWatched: true }), { status: 'needs_redirect', redirectUrl })
    },

    /** A page to which a provider or a link has led. */
    async land(url: string): ReturnType<SignInApi['resume']> {
      const cleanUrl = await returnFrom(url, connection)
      return { attempt: pickUp(await read(), cleanUrl !== undefined), ...(cleanUrl && { cleanUrl }) }
    },

    /** Fetches what has to be signed, or sends what a reset needs sent. */
    async prepare(kept: Kept, { factorId, redirectUrl }: PrepareParams, options: CallOptions): Promise<Partial<Verification>> {
      if (kept.web3) return { message: (kept.message = siweMessage(kept.web3, new Date())) }
      if (factorId === 'passkey') {
        const made = await ask(auth.passkey?.startAuthentication({ options }))
        kept.challengeId = made.challenge_id
        return { publicKey: made.options as Json }
      }
      const contact = contactOf(kept.attempt)
      if (factorId !== 'reset_password_email_code' || !('email' in contact)) throw new AuthError('not_supported')
      await withoutTelling(ask(auth.resetPasswordForEmail(contact.email, { ...options, redirectTo: redirectUrl })))
      return {}
    },

    async prove(
      { message, web3, challengeId = '' }: Kept,
      factorId: string,
      { credential, signature }: Proofs,
      { captchaToken }: CallOptions,
    ): Promise<Granted> {
      return ask(
        factorId === 'passkey'
          ? auth.passkey?.verifyAuthentication({ challengeId, credential: credential as object })
          : message
            ? auth.signInWithWeb3({
                ...(web3?.chainId === undefined
                  ? { chain: 'solana', signature: bytesOf(`${signature}`) }
                  : { chain: 'ethereum', signature: signature as `0x${string}` }),
                message,
                options: { captchaToken },
              })
            : undefined,
      )
    },

    async passkeyOptions(options?: CallOptions) {
      const { id, firstFactorVerification } = await prepare(start(['passkey'], {}), { factorId: 'passkey' }, options)
      return { id, publicKey: firstFactorVerification?.publicKey ?? null }
    },

    /** The server itself ends the person's other sessions. */
    async resetPassword(ref: AttemptRef, { password }: { password: string }): Promise<SignInAttempt> {
      const kept = find(ref)
      const { doubt, attempt, userId: id = '' } = kept
      if (attempt.status !== newPassword) throw new AuthError('not_supported')
      await awaiting(kept, ask(auth.updateUser({ password }))).catch((thrown: AuthError) => {
        // If it is the same, then the answer that was lost said yes.
        if (!doubt || thrown.code !== 'password_same') throw thrown
      })
      kept.isPasswordSet = true
      recover()
      return complete(kept, { user: { id } })
    },

    async stepUp({ level }: { level: StepUpLevel }): Promise<SignInAttempt> {
      const state = await read()
      if (!state) throw new AuthError('session_lost')
      const supportedSecondFactors = secondFactorsOf(state.user)
      if (level !== 'second_factor' || !supportedSecondFactors[0]) throw new AuthError('not_supported')
      return startIn(state, { purpose: 'step_up', status: second, supportedSecondFactors }).attempt
    },
  }
}
