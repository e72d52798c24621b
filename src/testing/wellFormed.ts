import { errorTable, isAuthError } from '../core/AuthError.js'
import type { SignInAttempt, Verification } from '../core/attempt.js'
import { nameOf } from './check.js'
import { levels, type Session } from '../core/session.js'

const statuses = [
  'needs_identifier',
  'needs_first_factor',
  'needs_second_factor',
  'needs_new_password',
  'needs_redirect',
  'needs_enrollment',
  'verified_elsewhere',
  'unsupported',
  'complete',
]

/** What only one status has to say. */
const ofOne = { enroll: 'needs_enrollment', redirectUrl: 'needs_redirect', detail: 'unsupported' }

const durations = ['expiresInMs', 'resendInMs', 'pollEveryMs', 'retryInMs', 'firstFactorAgeMs', 'secondFactorAgeMs', 'ageMs']

/** What is wrong with the form of an answer, in words; nothing where it is as the contract says. */
export function malformed(answer: unknown): string[] {
  const found: string[] = []
  const { attempt } = Object(answer) as { attempt?: unknown }
  for (const one of [answer, attempt]) if (isAttempt(one)) found.push(...inAttempt(one))
  if (isSession(answer)) found.push(...inSession(answer))
  return [...found, ...badDurations(answer)]
}

/** What is wrong with what a verb was rejected with. */
export function malformedError(thrown: unknown): string[] {
  if (!isAuthError(thrown)) return [`was rejected with something that is no AuthError: ${nameOf(thrown)}`]
  const found: string[] = []
  const { code, outcome, attemptsLeft } = thrown
  if (!Object.hasOwn(errorTable, code)) found.push(`was rejected with a code that is not in the table: "${code}"`)
  if ((code === 'network' || code === 'unavailable') && outcome !== 'unknown') {
    found.push(`says "${code}" and outcome "refused"; without an answer nobody knows`)
  }
  if (attemptsLeft !== undefined && !(Number.isInteger(attemptsLeft) && attemptsLeft >= 0)) {
    found.push(`says that ${attemptsLeft} attempts are left`)
  }
  if (Object.keys(thrown).includes('cause')) found.push('shows its cause: it has to be not enumerable')
  return [...found, ...badDurations(thrown)]
}

export function isAttempt(value: unknown): value is SignInAttempt {
  return has(value, 'purpose') && has(value, 'supportedFirstFactors')
}

function isSession(value: unknown): value is Session {
  return has(value, 'currentLevel') && has(value, 'user')
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value
}

function inAttempt(attempt: SignInAttempt): string[] {
  const found: string[] = []
  const { id, status, supportedFirstFactors: first, supportedSecondFactors: second } = attempt
  if (typeof id !== 'string' || !id) found.push('answered with an attempt without an id')
  if (!statuses.includes(status)) found.push(`answered with a status that the contract does not know: "${status}"`)
  if (status === 'needs_redirect' && !attempt.redirectUrl) found.push('needs a redirect and does not say where')
  if (status === 'needs_second_factor' && !second?.length) found.push('needs a second factor and offers none')
  for (const [key, at] of Object.entries(ofOne)) {
    const said: unknown = Reflect.get(attempt, key)
    if (status !== at && said !== undefined) found.push(`says "${key}" at "${status}", where it has nothing to say`)
  }
  for (const options of [first, second ?? []]) {
    const ids = options.map((option) => option.id)
    if (new Set(ids).size < ids.length) found.push('offers two factors under one id')
  }
  for (const verification of [attempt.firstFactorVerification, attempt.secondFactorVerification]) {
    if (verification) found.push(...inVerification(verification))
  }
  const telling = [...first, ...(second ?? [])].find(({ hint }) => hint && /^[^@•*.…]+@|^\+?\d{7,}$/.test(hint))
  if (telling) found.push(`shows where a code goes without a mask (${telling.strategy})`)
  return found
}

function inVerification({ factorId, attemptsLeft }: Verification): string[] {
  const found: string[] = []
  if (!factorId) found.push('has a verification of no factor')
  if (attemptsLeft !== undefined && !(Number.isInteger(attemptsLeft) && attemptsLeft >= 0)) {
    found.push(`says that ${attemptsLeft} attempts are left`)
  }
  return found
}

function inSession({ user, currentLevel, nextLevel, methods }: Session): string[] {
  const found: string[] = []
  if (typeof user?.id !== 'string' || !user.id) found.push('answered with a session of nobody')
  for (const level of [currentLevel, nextLevel]) {
    if (level !== null && !levels.includes(level))
      found.push(`answered with a level that the contract does not know: "${String(level)}"`)
  }
  if (!Array.isArray(methods)) found.push('answered with a session without a list of methods')
  return found
}

/** Durations are milliseconds from the answer's arrival: an instant, or one that a wrong clock has made, shows as absurd. */
function badDurations(value: unknown, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    if (!durations.includes(key)) return badDurations(part, depth + 1)
    const sane = part === undefined || (typeof part === 'number' && part >= 0 && part < 1000 * 24 * 3_600_000)
    return sane ? [] : [`says ${key}: ${JSON.stringify(part)}, which is no duration`]
  })
}
