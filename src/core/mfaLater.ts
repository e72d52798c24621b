import type { MfaApi } from './adapter.js'
import { comesLater } from './comesLater.js'

/** An adapter's `mfa` whose code comes with the first verb that is called. `has`: the members that not every backend has. */
export function mfaLater(fetch: () => Promise<MfaApi>, has: readonly ('rename' | 'makeDefault' | 'backupCodes')[] = []): MfaApi {
  const verb = comesLater(async () => {
    const { backupCodes, ...mfa } = await fetch()
    return { ...mfa, ...backupCodes } as Required<
      Omit<MfaApi, 'backupCodes' | 'acceptedPasskeys'> & NonNullable<MfaApi['backupCodes']>
    >
  })

  return {
    listFactors: verb('listFactors'),
    enroll: verb('enroll'),
    challenge: verb('challenge'),
    verify: verb('verify'),
    abandon: verb('abandon'),
    unenroll: verb('unenroll'),
    ...(has.includes('makeDefault') && { makeDefault: verb('makeDefault') }),
    ...(has.includes('rename') && { rename: verb('rename') }),
    ...(has.includes('backupCodes') && { backupCodes: { status: verb('status'), generate: verb('generate') } }),
  }
}
