import type { SignInAttempt } from '../../core/attempt.js'

const isPhone = (identifier: string) => /^\+?[\d\s().-]+$/.test(identifier)

export const phoneOf = (identifier: string) => identifier.replace(/[^\d+]/g, '')

/** Better Auth compares codes as text. */
export const digitsOf = (code = '') => code.replace(/\D/g, '')

/** What the attempt's person is known by, in Better Auth's words. */
export function contactOf({ identifier }: SignInAttempt): { email: string } | { phoneNumber: string } {
  const typed = `${identifier}`
  return isPhone(typed) ? { phoneNumber: phoneOf(typed) } : { email: typed }
}

/** The strategies by which somebody can be found who is known by this. */
export const fits = (identifier: string, strategy: string) =>
  (isPhone(identifier) ? /^(pass|phone)/ : /^(pass|email)/).test(strategy)
