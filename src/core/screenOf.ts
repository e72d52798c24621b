import type { Strategy, WalletStrategy } from './strategy.js'

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
export type Screen = 'password' | 'code' | 'backup' | 'link' | 'redirect' | 'passkey' | 'wallet'

/** `null`: the kit has no screen for it, so it is not offered. `saml` is an older name of `enterprise_sso`, which a backend may still say. */
export function screenOf(strategy: Strategy | 'saml'): Screen | null {
  if (strategy === 'password') return 'password'
  if (strategy === 'backup_code') return 'backup'
  if (strategy === 'totp' || /(email|phone)_code$/.test(strategy)) return 'code'
  if (strategy === 'email_link') return 'link'
  if (strategy === 'passkey' || strategy === 'security_key') return 'passkey'
  if (isWallet(strategy)) return 'wallet'
  return /^(oauth_.|enterprise_sso$|saml$)/.test(strategy) ? 'redirect' : null
}

export const isWallet = (strategy: Strategy | 'saml'): strategy is WalletStrategy => /^web3_.+_signature$/.test(strategy)

/** These lead to a new password, not past the first factor of a sign-in. */
export const isReset = (strategy: Strategy) => strategy.startsWith('reset_password_')
