/** Ways to pass the first factor. `oauth_*` and `web3_*` take any provider or wallet name. */
export type FirstStrategy =
  | 'password'
  | 'email_code'
  | 'email_link'
  | 'phone_code'
  | 'passkey'
  | `oauth_${string}`
  | 'enterprise_sso'
  | `web3_${string}_signature`
  | 'reset_password_email_code'
  | 'reset_password_phone_code'

/** Ways to pass the second factor. */
export type SecondStrategy = 'totp' | 'phone_code' | 'email_code' | 'email_link' | 'backup_code' | 'passkey' | 'security_key'

export type Strategy = FirstStrategy | SecondStrategy
/** What can be enrolled. */
export type EnrollType = 'totp' | 'phone' | 'email' | 'webauthn'
export type Channel = 'sms' | 'whatsapp'
export type IdentifierType = 'email' | 'phone' | 'username'

export type OAuthStrategy = `oauth_${string}`
export type WalletStrategy = `web3_${string}_signature`

export const isOAuth = (strategy: Strategy): strategy is OAuthStrategy => strategy.startsWith('oauth_')

/** Ways to begin for which nothing is typed: a passkey, a wallet, somebody else's page. */
export const isShortcut = (strategy: Strategy): strategy is 'passkey' | OAuthStrategy | WalletStrategy =>
  /^(passkey$|oauth_|web3_)/.test(strategy)

/** `saml` is a deprecated name of `enterprise_sso`. */
export const unaliased = <S extends string>(strategy: S) => (strategy === 'saml' ? 'enterprise_sso' : strategy)

/**
 * `oauth_google` is Google's, where the adapter does not say it better. With the capitals that the field's own names have within: GitHub, LinkedIn,
 * MetaMask, OKX. `_oidc` is the protocol, not the name.
 */
export const providerName = (strategy: Strategy, label?: string) =>
  label ??
  strategy
    .replace(/^[^_]+_|_signature$|_oidc$/g, '')
    .replace(/_/g, ' ')
    .replace(/^(git|linked|tik|meta)([^e ])/, (_, start: string, letter: string) => start + letter.toUpperCase())
    .replace(/okx|\b./g, (letter) => letter.toUpperCase())
