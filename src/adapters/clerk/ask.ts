import { AuthError, isAuthError } from '../../core/AuthError.js'
import { backendError, noAnswer } from '../../core/backendError.js'
import { errorCodeOf } from './errorCodes.js'

/** What Clerk's client throws. Its classes and their names are minified, so only the members tell. */
interface Thrown {
  readonly code?: unknown
  readonly status?: unknown
  /** Seconds. */
  readonly retryAfter?: number
  readonly errors?: readonly {
    readonly code: string
    readonly message: string
    readonly meta?: {
      readonly paramName?: string
      readonly zxcvbn?: { readonly suggestions: readonly { readonly code: string }[] }
    }
  }[]
}

/**
 * Asks through the caller's Clerk. `key` is what an answer writes anew: offline, Clerk's client resolves with what it had before (`before`),
 * and that is no answer. `sent`: what must not be in a `cause`.
 */
export async function ask<T extends object>(call: () => Promise<T>, key: keyof T, before?: T, sent?: object): Promise<T> {
  const old = before?.[key]
  const answer = await run(call, sent)
  if (!answer[key] || answer[key] === old) throw noAnswer(null)
  return answer
}

/** The same where no answer can be told from none. */
export async function run<T>(call: () => Promise<T>, sent?: object): Promise<T> {
  try {
    return await call()
  } catch (thrown) {
    throw toError(thrown, sent)
  }
}

function toError(thrown: unknown, sent?: object): AuthError {
  if (isAuthError(thrown)) return thrown
  const { code, status, errors, retryAfter } = Object(thrown) as Thrown
  if (typeof status === 'number' && errors) {
    const [{ code: theirs = '', message = '', meta = {} } = {}] = errors
    const ours = errorCodeOf(theirs, meta.paramName) ?? (status === 401 ? 'session_lost' : undefined)
    const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` })
    const error = backendError(ours, { status, code: theirs, message }, headers, { ...sent, strategy: '' })
    const reasons = meta.zxcvbn?.suggestions.map((suggestion) => suggestion.code)
    return reasons ? Object.assign(error, { reasons }) : error
  }
  const ours = typeof code === 'string' && errorCodeOf(code)
  return ours ? new AuthError(ours, undefined, { cause: code }) : noAnswer(thrown ?? null)
}
