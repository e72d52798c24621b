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

/** The kind of form that a strategy is answered with. `null`: the kit has no screen for it, so it is not offered. */
export function screenOf(strategy: Strategy): 'password' | 'code' | 'backup' | null {
  if (strategy === 'password') return 'password'
  if (strategy === 'backup_code') return 'backup'
  return strategy === 'totp' || strategy === 'email_code' || strategy === 'phone_code' ? 'code' : null
}
