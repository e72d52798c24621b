import type { FactorOption } from '../core/attempt.js'
import type { Messages } from '../core/messages.js'
import { plainText } from '../core/plainText.js'
import { isWallet, screenOf } from '../core/screenOf.js'
import { isOAuth, providerName } from '../core/strategy.js'

/** What a factor is called in a list. */
export function factorName({ strategy, label }: FactorOption, texts: Messages['choose']): string {
  const nameOf = () => plainText(providerName(strategy, label))
  if (strategy === 'password') return texts.password
  if (strategy === 'email_link') return texts.emailLink
  if (strategy === 'totp') return texts.totp
  if (strategy === 'backup_code') return texts.backupCode
  if (screenOf(strategy) === 'code') return strategy.includes('email') ? texts.emailCode : texts.phoneCode
  if (strategy === 'passkey') return texts.passkey
  if (strategy === 'security_key') return texts.securityKey
  if (isWallet(strategy)) return texts.wallet.replace('{provider}', nameOf())
  return isOAuth(strategy) ? nameOf() : texts.sso
}
