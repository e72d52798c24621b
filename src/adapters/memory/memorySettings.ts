import type { MemoryLimits, MemoryOptions } from './memoryOptions.js'

type Checks = 'webAuthn' | 'wallets'
export type MemorySettings = Required<Omit<MemoryOptions, 'users' | 'latencyMs' | 'manualTime' | 'limits' | Checks>> &
  Pick<MemoryOptions, Checks> &
  MemoryLimits

const minute = 60_000
const day = 24 * 60 * minute

const defaults: Omit<MemorySettings, 'identifiers' | 'enroll'> = {
  firstFactors: ['password', 'email_code'],
  secondFactors: ['totp', 'email_code', 'backup_code'],
  phoneChannels: [],
  emailLink: 'this_tab',
  emailLinkSameBrowser: false,
  newPassword: {},
  resetSignsIn: true,
  providerUrl: 'https://provider.invalid/authorize',
  ssoDomains: [],
  codeLength: 6,
  codeType: 'numeric',
  requireMfa: false,
  managePassword: false,
  trustDevice: true,
  issuer: 'Latchkey',
  codeMs: 10 * minute,
  attemptMs: 10 * minute,
  enrollmentMs: 5 * minute,
  ceremonyMs: 5 * minute,
  resendMs: minute / 2,
  pollMs: 2_000,
  sessionMs: 7 * day,
  trustMs: 30 * day,
  lockMs: 15 * minute,
  triesPerChallenge: 5,
  failuresToLock: 10,
  factorsPerUser: 20,
}

/** What an enrolment of each kind rests on. */
const enrolled = { totp: /^totp$/, phone: /^phone_code$/, webauthn: /key$/ }

export function memorySettings(options: MemoryOptions): MemorySettings {
  const known = { ...defaults, ...given({ ...options, ...options.limits }) }
  const { firstFactors, secondFactors } = known
  const factors = [...secondFactors, ...firstFactors.filter((strategy) => strategy === 'passkey')]
  const settings: MemorySettings = {
    identifiers: firstFactors.includes('phone_code') ? ['email', 'phone'] : ['email'],
    enroll: (['totp', 'phone', 'webauthn'] as const).filter((type) => factors.some((one) => enrolled[type].test(one))),
    ...known,
  }
  const { codeLength, webAuthn, wallets } = settings
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10)
    throw new RangeError('codeLength is 4 to 10 characters.')
  if (!webAuthn && [...factors, ...settings.enroll].some((one) => /key$|^webauthn/.test(one)))
    throw new RangeError('Passkeys need webAuthn, with @simplewebauthn/server.')
  if (!wallets && firstFactors.some((one) => one.startsWith('web3_'))) throw new RangeError('Wallets need wallets.verifyMessage.')
  return settings
}

/** An option given as `undefined` is not given: it must not hide the default. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}
