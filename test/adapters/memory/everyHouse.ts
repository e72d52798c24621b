import { type MemoryBackend, type MemoryOptions, createMemoryBackend } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { SignInAttempt, Verification } from '../../../src/core/attempt.js'
import { everyWay } from '../../support/everyWay.js'
import { password, secret, start } from './house.js'

export const redirectUrl = 'https://app.example/callback?next=%2Finbox#top'

/** Ada has a phone and nothing else besides her mailbox. */
export const ada = { id: 'u-ada', email: 'ada@example.com', password, label: 'Ada', phone: '+15550100001' }
/** Grace's phone is her second factor, her mailbox too. */
export const grace = {
  id: 'u-grace',
  email: 'grace@example.com',
  password,
  phone: '+15550100002',
  phoneSecondFactor: true,
  emailSecondFactor: true,
}
export const alan = {
  id: 'u-alan',
  email: 'alan@other.example',
  password,
  totp: { secret },
  providers: ['oauth_github'],
} as const

/** A backend that offers everything, whose clock stands still. */
export function everyHouse(options: MemoryOptions = {}): MemoryBackend {
  return createMemoryBackend({ manualTime: start, ...everyWay, users: [ada, grace, alan], ...options })
}

/** Begins with an identifier and asks for one of the first factors. */
export async function asked(
  { signIn }: AuthAdapter,
  identifier: string,
  strategy: string,
  more: object = {},
): Promise<SignInAttempt> {
  const attempt = await signIn.create({ identifier })
  return signIn.prepareFirstFactor(attempt, { factorId: firstId(attempt, strategy), ...more })
}

export function firstId(attempt: SignInAttempt, strategy: string): string {
  return attempt.supportedFirstFactors.find((option) => option.strategy === strategy)?.id ?? `no ${strategy}`
}

export function secondId(attempt: SignInAttempt, strategy: string): string {
  return attempt.supportedSecondFactors?.find((option) => option.strategy === strategy)?.id ?? `no ${strategy}`
}

/** What an attempt tells, without what is different for each. */
export function told(attempt: SignInAttempt): object {
  const { id: _, identifier: __, ...rest } = attempt
  return rest
}

export function sent({ firstFactorVerification: first, secondFactorVerification: second }: SignInAttempt): Verification {
  const verification = second ?? first
  if (!verification) throw new Error('Nothing was asked for.')
  return verification
}

/** The link of the newest message. */
export function link(backend: MemoryBackend): string {
  return backend.outbox.latest()?.link ?? ''
}
