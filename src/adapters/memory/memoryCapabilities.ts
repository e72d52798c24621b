import type { Capabilities } from '../../core/adapter.js'
import type { MemorySettings } from './memorySettings.js'
import { minLengthOf } from './resetPassword.js'

/** What the settings say to callers. */
export function memoryCapabilities(settings: MemorySettings): Capabilities {
  const { firstFactors, secondFactors, newPassword, identifiers, managePassword, trustDevice, emailLink } = settings
  return {
    identifiers,
    firstFactors: firstFactors.map((strategy) => ({ strategy })),
    secondFactors,
    firstFactorsPerUser: false,
    // There is one mailbox.
    enroll: settings.enroll.map((type) => ({ type, many: type !== 'email' })),
    managePassword,
    ...(resets(settings) && {
      newPassword: { minLength: minLengthOf(newPassword), maxLength: newPassword.maxLength },
    }),
    survivesReload: 'browser',
    ...([...firstFactors, ...secondFactors].includes('email_link') && { emailLink }),
    trustDevice,
    signOutScopes: ['this', 'others', 'all'],
  }
}

export function resets({ firstFactors }: MemorySettings): boolean {
  return firstFactors.some((strategy) => strategy.startsWith('reset_'))
}
