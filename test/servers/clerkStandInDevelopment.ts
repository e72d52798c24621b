import type { UserSettingsJSON } from '@clerk/shared/types'
import { Refusal } from './clerkStandInInstance.js'

/** Of every test address, which gets no message (Clerk's guide "Test emails and phones"). */
export const testCode = '424242'

/** `+clerk_test` before the `@`, or +1 (XXX) 555-0100 to 555-0199. */
export const isTestAddress = (to: string) => /\+clerk_test@/.test(to) || /^\+1\d{3}55501\d\d$/.test(to)

/** By address, as Clerk's page "Rate limits" gives them: so many in so many milliseconds. */
const limits = [
  { line: /^POST \/client\/sign_ins$/, times: 5 },
  { line: /^POST \/client\/sign_ins\/[^/]+\/attempt_(first|second)_factor$/, times: 3 },
] as const
const windowMs = 10_000

/** Throws 429 with `Retry-After`, in seconds, for a line that comes too often. */
export function createLimits(): (line: string, now: number) => void {
  const seen = new Map<RegExp, number[]>()
  return (line, now) => {
    const limit = limits.find((one) => one.line.test(line))
    if (!limit) return
    const recent = (seen.get(limit.line) ?? []).filter((at) => at > now - windowMs)
    seen.set(limit.line, recent)
    const [oldest = now] = recent
    if (recent.length >= limit.times) {
      const seconds = Math.ceil((oldest + windowMs - now) / 1000)
      throw new Refusal(429, 'too_many_requests', undefined, { 'retry-after': String(seconds) })
    }
    recent.push(now)
  }
}

const off = {
  enabled: false,
  required: false,
  verifications: [],
  used_for_first_factor: false,
  first_factors: [],
  used_for_second_factor: false,
  second_factors: [],
  verify_at_sign_up: false,
} satisfies UserSettingsJSON['attributes']['password']
const on = { ...off, enabled: true }

type Attributes = UserSettingsJSON['attributes']
export type Attribute = keyof Attributes

const attributes = {
  email_address: { ...on, verifications: ['email_code'], used_for_first_factor: true, first_factors: ['email_code'] },
  phone_number: {
    ...on,
    verifications: ['phone_code'],
    used_for_first_factor: true,
    first_factors: ['phone_code'],
    used_for_second_factor: true,
    second_factors: ['phone_code'],
  },
  password: { ...on, required: true },
  authenticator_app: { ...on, used_for_second_factor: true, second_factors: ['totp'] },
  backup_code: { ...on, used_for_second_factor: true, second_factors: ['backup_code'] },
  username: off,
  first_name: off,
  last_name: off,
  web3_wallet: off,
  passkey: off,
} satisfies Attributes

/** What the instance has switched on, as far as a live test asks. */
export const userSettings = (without: readonly Attribute[]) =>
  ({
    attributes: { ...attributes, ...Object.fromEntries(without.map((one) => [one, off])) },
    sign_in: { second_factor: { required: false, enabled: true } },
    attack_protection: { enumeration_protection: { enabled: false } },
  }) satisfies Pick<UserSettingsJSON, 'attributes' | 'sign_in' | 'attack_protection'>
