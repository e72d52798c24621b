import { type AuthError, type AuthErrorCode, isAuthError } from '../core/AuthError.js'

/** A promise that was not kept. Thrown by cases, so that any runner shows it. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation'
}

export function fail(message: string): never {
  throw new ContractViolation(message)
}

/** `message` says what was promised. */
export function check(holds: unknown, message: string): asserts holds {
  if (!holds) fail(message)
}

export function equal(found: unknown, wanted: unknown, what: string): void {
  const [one, other] = [inWords(found), inWords(wanted)]
  if (one !== other) fail(`${what} should be ${other} and is ${one}.`)
}

/** The error that a call was refused with. `codes`: what it may be; none given, any refusal will do. */
export async function refused(call: Promise<unknown>, codes: readonly AuthErrorCode[], what: string): Promise<AuthError> {
  const error = await rejection(call, what)
  if (codes.length > 0 && !codes.includes(error.code)) {
    fail(`${what} was refused with "${error.code}"; it should be ${codes.map((code) => `"${code}"`).join(' or ')}.`)
  }
  if (error.outcome !== 'refused') fail(`${what} was refused with "${error.code}", but its outcome says "${error.outcome}".`)
  return error
}

/**
 * The error of a call whose answer never came: the outcome has to be `unknown`, and nothing may be called wrong. `orRefused`: what may be said
 * without asking the backend.
 */
export async function unanswered(
  call: Promise<unknown>,
  what: string,
  orRefused: readonly AuthErrorCode[] = [],
): Promise<AuthError> {
  const error = await rejection(call, what)
  const { code, outcome } = error
  if (outcome === 'refused' && orRefused.includes(code)) return error
  if (outcome !== 'unknown')
    fail(`${what} got no answer, so its outcome is unknown; it was rejected as "${code}", outcome "${outcome}".`)
  if (!['network', 'unavailable', 'unknown', 'not_confirmed'].includes(code)) {
    fail(`${what} got no answer; its error may not say "${code}".`)
  }
  return error
}

async function rejection(call: Promise<unknown>, what: string): Promise<AuthError> {
  const thrown = await call.then(
    (answer) => fail(`${what} should have been rejected; it resolved${statusOf(answer)}.`),
    (error: unknown) => error,
  )
  if (thrown instanceof ContractViolation) throw thrown
  if (!isAuthError(thrown)) fail(`${what} was rejected with something that is no AuthError: ${nameOf(thrown)}.`)
  return thrown
}

/** Only the status: what is said of a broken promise may hold no secret either. */
function statusOf(answer: unknown): string {
  if (answer === null) return ' with null'
  if (Array.isArray(answer)) return ` with a list of ${answer.length}`
  const { status } = Object(answer) as { status?: unknown }
  return typeof status === 'string' ? ` with status "${status}"` : ''
}

export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown
}

function inWords(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
