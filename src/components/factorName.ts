import type { FactorOption } from '../core/attempt.js'
import type { Messages } from '../core/messages.js'
import { isProvider, providerName, screenOf } from '../core/strategy.js'

/** What a factor is called in a list. */
export function factorName({ strategy, label }: FactorOption, texts: Messages['choose']): string {
  if (strategy === 'password') return texts.password
  if (strategy === 'email_link') return texts.emailLink
  if (strategy === 'totp') return texts.totp
  if (strategy === 'backup_code') return texts.backupCode
  if (screenOf(strategy) === 'code') return strategy.includes('email') ? texts.emailCode : texts.phoneCode
  return isProvider(strategy) ? providerName(strategy, label) : texts.sso
}
