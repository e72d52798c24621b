import type { Factor } from '../core/enrollment.js'
import type { Messages } from '../core/messages.js'
import type { SecondStrategy } from '../core/strategy.js'

/** What kind of factor it is, in words. */
export function kindName(strategy: SecondStrategy, { choose, factors }: Messages): string {
  switch (strategy) {
    case 'totp':
      return choose.totp
    case 'backup_code':
      return choose.backupCode
    case 'phone_code':
      return factors.phone
    case 'email_code':
      return factors.email
    case 'email_link':
      return factors.emailLink
    case 'security_key':
      return factors.securityKey
    default:
      return factors.passkey
  }
}

/** What a factor of one's own is called: as its owner named it, or what it is. */
export function enrolledName({ strategy, friendlyName }: Factor, texts: Messages): string {
  return friendlyName || kindName(strategy, texts)
}
