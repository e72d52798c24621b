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

/**
 * When a strategy's challenge is prepared: `act` only on the person's act, because a message leaves the house; `silent` as soon as
 * the step opens, because nothing is sent; `never` where there is nothing to prepare.
 */
export type Preparation = 'act' | 'silent' | 'never'

export function preparationOf(strategy: Strategy): Preparation {
  if (/_(code|link)$/.test(strategy)) return strategy === 'backup_code' ? 'never' : 'act'
  return strategy === 'passkey' || strategy === 'security_key' || strategy.startsWith('web3_') ? 'silent' : 'never'
}

/** The screen that a strategy is answered on. */
export type Screen = 'password' | 'code' | 'backup' | 'link' | 'redirect'

/** `null`: the kit has no screen for it, so it is not offered. `saml` is Clerk's deprecated name for `enterprise_sso`. */
export function screenOf(strategy: Strategy | 'saml'): Screen | null {
  if (strategy === 'password') return 'password'
  if (strategy === 'backup_code') return 'backup'
  if (strategy === 'totp' || /(email|phone)_code$/.test(strategy)) return 'code'
  if (strategy === 'email_link') return 'link'
  return /^(oauth_.|enterprise_sso$|saml$)/.test(strategy) ? 'redirect' : null
}

export const isProvider = (strategy: Strategy): strategy is `oauth_${string}` => strategy.startsWith('oauth_')

/** `oauth_google` is Google's, where the adapter does not say it better. */
export const providerName = (strategy: `oauth_${string}`, label?: string) =>
  label ?? strategy.charAt(6).toUpperCase() + strategy.slice(7)

/** These lead to a new password, not past the first factor of a sign-in. */
export const isReset = (strategy: Strategy) => strategy.startsWith('reset_password_')
