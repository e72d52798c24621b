import { AuthError, type AuthErrorCode, type AuthErrorDetails, type ErrorField } from './AuthError.js'
import { retryAfterMs } from './retryAfter.js'

/** An error answer of a backend that is spoken to over HTTP. */
export interface ErrorAnswer {
  readonly status: number
  /** Their own code and text, for `cause`. */
  readonly code?: unknown
  readonly message?: unknown
}

/**
 * Theirs as ours. `ours` is what the adapter reads from it; without one, and for every 5xx, the HTTP status decides. After a 5xx it is not
 * known whether the request was carried out. `sent` is what the request carried: a text that quotes any of it stays out of `cause`.
 * `details`: what the adapter reads from the rest of it.
 */
export function backendError(
  ours: AuthErrorCode | undefined,
  { status, code, message }: ErrorAnswer,
  headers?: Headers,
  sent: object = {},
  details?: AuthErrorDetails,
): AuthError {
  const refused = status < 500
  const byStatus = status === 429 ? 'rate_limited' : status === 404 ? 'not_supported' : 'unknown'
  const meant = refused ? (ours ?? byStatus) : 'unavailable'
  const text = `${status} ${String(code)} ${String(message)}`
  const quoted = Object.values(sent).some((value) => value && text.includes(String(value)))
  return new AuthError(meant, `The backend answered ${status}.`, {
    outcome: refused ? 'refused' : 'unknown',
    field: fieldOf(meant),
    retryInMs: retryAfterMs(headers?.get('retry-after') ?? headers?.get('x-retry-after'), headers?.get('date')),
    cause: quoted ? status : text,
    ...details,
  })
}

/** Nothing came (`thrown`), or nothing that can be read: whether the request was carried out is not known. */
export function noAnswer(thrown?: unknown): AuthError {
  const unreadable = thrown === undefined || thrown instanceof SyntaxError
  return new AuthError(unreadable ? 'unavailable' : 'network', 'The backend gave no answer that can be read.', {
    outcome: 'unknown',
    // Only the name: a parser's message may quote the answer.
    cause: thrown instanceof Error ? thrown.name : undefined,
  })
}

/** The field that a code speaks of. */
function fieldOf(code: AuthErrorCode): ErrorField | undefined {
  if (code === 'invalid_credentials') return 'password'
  if (code === 'already_used') return 'code'
  return (['identifier', 'password', 'code'] as const).find((field) => code.startsWith(`${field}_`))
}
