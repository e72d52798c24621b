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

/** auth-js's error as ours, told apart by its name, which survives minifying. `secrets` are kept out of `cause`. */
export function vendorError(thrown: unknown, secrets: readonly unknown[] = []): AuthError {
  const error = Object(thrown) as Theirs
  const { name, status, message, reasons } = error
  if (!('__isAuthError' in error)) {
    // auth-js throws its own complaints, before it asks the server, as plain errors.
    return name === 'Error' ? new AuthError('not_supported', 'The client refuses this.', { cause: name }) : noAnswer(thrown)
  }
  // Without a status it was an error page, with 0 nothing at all.
  if (!status) return noAnswer(status === 0 ? thrown : undefined)
  const code = name === 'AuthSessionMissingError' ? 'session_not_found' : error.code
  let ours = errorCodeOf(code)
  // Grants that follow OAuth have no code (RFC 6749 §5.2).
  if (!code && status === 400) ours = 'invalid_credentials'
  if (reasons?.length && reasons.every((reason) => reason === 'pwned')) ours = 'password_pwned'
  const seconds = /after (\d+) second/.exec(message ?? '')?.[1]
  return backendError(
    ours,
    {
      status,
      code,
      message,
      details: {
        ...(reasons && { reasons }),
        // There is no Retry-After: the wait stands in the English text only.
        ...(seconds && { retryInMs: Number(seconds) * 1000 }),
        ...(ours === 'factor_name_taken' && { field: 'friendlyName' }),
        ...(code === 'insufficient_aal' && { stepUp: { level: 'second_factor' } }),
      },
    },
    undefined,
    secrets,
  )
}
