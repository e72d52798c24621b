/** What the adapter uses of the caller's client: `supabase.auth`, or an `AuthClient` of `@supabase/auth-js`. */
export interface SupabaseAuth {
  readonly mfa: SupabaseMfa
  /** In auth-js 2.109 only with `experimental: { passkey: true }`. */
  readonly passkey?: SupabasePasskey
  getSession(): Promise<Answer<{ readonly session: Tokens | null }>>
  getUser(jwt?: string): Promise<Answer<{ readonly user: User | null }>>
  refreshSession(): Promise<Answer<Granted>>
  exchangeCodeForSession(code: string): Promise<Answer<Granted>>
  signInWithPassword(params: Contact & { password: string; options: Captcha }): Promise<Answer<Granted>>
  signInWithOtp(params: Contact & { options: OtpOptions }): Promise<Answer<object>>
  verifyOtp(params: OtpProof): Promise<Answer<Granted>>
  signInWithOAuth(params: { provider: string; options?: Partial<RedirectOptions> }): Promise<Answer<Away>>
  signInWithSSO(
    params: { providerId: string; options: SsoOptions } | { domain: string; options: SsoOptions },
  ): Promise<Answer<Away>>
  signInWithWeb3(
    params: { message: string; options: Captcha } & (
      { chain: 'ethereum'; signature: `0x${string}` } | { chain: 'solana'; signature: Uint8Array }
    ),
  ): Promise<Answer<Granted>>
  resetPasswordForEmail(email: string, options: Captcha & { redirectTo?: string | undefined }): Promise<Answer<object>>
  updateUser(attributes: { password: string }): Promise<Answer<object>>
  signOut(options: { scope: 'local' | 'others' | 'global' }): Promise<{ readonly error: unknown }>
  onAuthStateChange(listener: (event: string, session: Tokens | null) => void): unknown
}

export interface SupabaseMfa {
  enroll(params: EnrollFactor): Promise<Answer<Enrolled>>
  challenge(params: {
    factorId: string
    channel?: 'sms' | 'whatsapp'
    webauthn?: RelyingParty | undefined
  }): Promise<Answer<Challenge>>
  verify(params: {
    factorId: string
    challengeId: string
    code?: string
    webauthn?: RelyingParty & { type: 'create' | 'request'; credential_response: object }
  }): Promise<Answer<Tokens>>
  unenroll(params: { factorId: string }): Promise<Answer<object>>
}

export interface SupabasePasskey {
  startAuthentication(params: { options: Captcha }): Promise<Answer<Ceremony>>
  verifyAuthentication(params: { challengeId: string; credential: object }): Promise<Answer<Granted>>
  startRegistration(): Promise<Answer<Ceremony>>
  verifyRegistration(params: { challengeId: string; credential: object }): Promise<Answer<Passkey>>
  list(): Promise<Answer<readonly Passkey[]>>
  update(params: { passkeyId: string; friendlyName: string }): Promise<Answer<Passkey>>
  delete(params: { passkeyId: string }): Promise<{ readonly error: unknown }>
}

/** `error` is auth-js's own; with `throwOnError` it is thrown. */
export interface Answer<T> {
  readonly data: T | null
  readonly error: unknown
}

export interface Tokens {
  readonly access_token: string
  readonly user: User
}

export interface Granted {
  readonly session: Tokens | null
  readonly user: User | null
}

export interface User {
  readonly id: string
  readonly email?: string
  readonly phone?: string
  readonly factors?: readonly UserFactor[]
}

export interface UserFactor {
  readonly id: string
  readonly factor_type: string
  readonly status: string
  readonly friendly_name?: string
  readonly created_at?: string
}

export interface Enrolled {
  readonly id: string
  readonly friendly_name?: string
  readonly totp?: { readonly secret: string; readonly uri: string }
}

export interface Challenge {
  readonly id: string
  /** Seconds, by the server's clock. */
  readonly expires_at: number
  readonly webauthn?: { readonly credential_options: { readonly publicKey: object } }
}

export interface Ceremony {
  readonly challenge_id: string
  /** In JSON, with base64url in the place of bytes. */
  readonly options: object
  /** Seconds, by the server's clock. */
  readonly expires_at: number
}

export interface Passkey {
  readonly id: string
  readonly friendly_name?: string
  readonly created_at: string
  readonly last_used_at?: string
}

export type Contact = { email: string } | { phone: string }
export type EnrollFactor = { friendlyName: string } & (
  { factorType: 'totp'; issuer?: string | undefined } | { factorType: 'phone'; phone: string } | { factorType: 'webauthn' }
)
export type OtpProof =
  | { email: string; token: string; type: 'email' | 'recovery'; options: Captcha }
  | { phone: string; token: string; type: 'sms'; options: Captcha }
  | { token_hash: string; type: string }

export interface Captcha {
  captchaToken?: string | undefined
}
interface Away {
  readonly url?: string | null
}
interface OtpOptions extends Captcha {
  shouldCreateUser: boolean
  emailRedirectTo?: string | undefined
  channel?: 'sms' | 'whatsapp' | undefined
}
interface RedirectOptions {
  redirectTo: string
  skipBrowserRedirect: boolean
}
type SsoOptions = RedirectOptions & Captcha
interface RelyingParty {
  rpId: string
  rpOrigins?: string[]
}
