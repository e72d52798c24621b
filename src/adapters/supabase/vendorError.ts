import { AuthError } from '../../core/AuthError.js'
import { backendError, noAnswer } from '../../core/backendError.js'
import { errorCodeOf } from './errorCodes.js'

interface Theirs {
  readonly name?: string
  readonly status?: number
  readonly code?: string
  readonly message?: string
  readonly reasons?: readonly string[]
}

/** auth-js's error as ours, told apart by its name, which survives minifying. */
export function vendorError(thrown: unknown): AuthError {
  const { name, status, code = `${name}${status}`, message = '', reasons } = Object(thrown) as Theirs
  // What auth-js complains of before it asks the server are plain errors.
  if (name === 'Error') return new AuthError('not_supported')
  // No answer, or an error page.
  if (!status) return noAnswer(name === 'AuthUnknownError' ? undefined : thrown)
  // Errors of auth-js's own have a name instead of a code, and so have those of grants that follow OAuth (RFC 6749 §5.2).
  const ours = reasons?.join() === 'pwned' ? 'password_pwned' : errorCodeOf(code)
  // There is no Retry-After: the wait stands in the English text only. As the project's hooks may write that text, it is not kept.
  const wait = /after (\d+) s/.exec(message)?.[1]
  return backendError(ours, { status, code, message: name }, undefined, undefined, {
    ...(reasons && { reasons }),
    ...(wait && { retryInMs: +wait * 1000 }),
    ...(ours === 'factor_name_taken' && { field: 'friendlyName' }),
    ...(code === 'insufficient_aal' && { stepUp: { level: 'second_factor' } }),
  })
}
