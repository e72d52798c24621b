import { AuthError, type AuthErrorCode, type ErrorField } from '../../core/AuthError.js'
import { retryAfterMs } from '../../core/retryAfter.js'

/** Better Auth's codes, by ours. */
const codes = new Map<unknown, AuthErrorCode>(
  (
    [
      ['invalid_credentials', 'INVALID_EMAIL_OR_PASSWORD INVALID_PASSWORD EMAIL_NOT_VERIFIED UNAUTHORIZED_SIWE_MESSAGE_MISMATCH'],
      ['identifier_invalid', 'INVALID_EMAIL INVALID_PHONE_NUMBER'],
      ['code_incorrect', 'INVALID_CODE INVALID_OTP INVALID_BACKUP_CODE'],
      ['code_expired', 'OTP_HAS_EXPIRED OTP_EXPIRED OTP_NOT_FOUND'],
      ['code_incorrect_or_expired', 'INVALID_TOKEN'],
      ['already_used', 'TOTP_ALREADY_USED'],
      [
        'attempt_lost',
        'INVALID_TWO_FACTOR_COOKIE CHALLENGE_NOT_FOUND UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE UNAUTHORIZED_SIWE_MESSAGE_EXPIRED',
      ],
      ['too_many_attempts', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE TOO_MANY_ATTEMPTS'],
      ['locked', 'ACCOUNT_TEMPORARILY_LOCKED'],
      [
        'factor_not_found',
        'TOTP_NOT_ENABLED TOTP_NOT_CONFIGURED OTP_NOT_ENABLED OTP_NOT_CONFIGURED TWO_FACTOR_NOT_ENABLED BACKUP_CODES_NOT_ENABLED',
      ],
      ['factor_exists', 'TOTP_ALREADY_ENABLED ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'],
      ['step_up_required', 'SESSION_NOT_FRESH STEP_UP_REQUIRED'],
      ['session_lost', 'UNAUTHORIZED'],
      ['password_weak', 'PASSWORD_TOO_SHORT PASSWORD_TOO_LONG'],
      ['password_pwned', 'PASSWORD_COMPROMISED'],
      ['captcha_required', 'MISSING_RESPONSE'],
      ['captcha_failed', 'VERIFICATION_FAILED'],
      ['sso_not_found', 'PROVIDER_NOT_FOUND'],
      ['passkey_unknown', 'PASSKEY_NOT_FOUND AUTHENTICATION_FAILED'],
      ['cancelled', 'AUTH_CANCELLED ERROR_CEREMONY_ABORTED ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY'],
    ] as const
  ).flatMap(([ours, theirs]) => theirs.split(' ').map((code) => [code, ours] as const)),
)

/** No answer, or one that is none: whether the request was carried out is not known. */
export function noAnswer(code: 'network' | 'unavailable', thrown?: unknown): AuthError {
  // Only the name: a parser's or a proxy's message may quote what was sent or answered.
  return new AuthError(code, 'Better Auth gave no answer that can be read.', {
    outcome: 'unknown',
    cause: thrown instanceof Error ? thrown.name : undefined,
  })
}

/** An error answer of Better Auth as ours. `sent`: what the request carried, none of which gets into `cause`. */
export function refusal(error: Record<string, unknown>, headers: Headers | undefined, sent: Record<string, unknown>): AuthError {
  const status = Number(error.status)
  const code = ours(status, error)
  const field = fieldOf(code)
  const retryInMs = retryAfterMs(headers?.get('x-retry-after') ?? headers?.get('retry-after'), headers?.get('date'))
  const clean = (text: unknown) => {
    const quotes = Object.values(sent).some((value) => typeof value === 'string' && value && String(text).includes(value))
    return typeof text === 'string' && !quotes ? text : undefined
  }
  return new AuthError(code, `Better Auth answered ${status}.`, {
    outcome: status >= 400 && status < 500 ? 'refused' : 'unknown',
    cause: { status, code: clean(error.code), message: clean(error.message) },
    ...(field && { field }),
    ...(retryInMs !== undefined && { retryInMs }),
  })
}

function ours(status: number, { code, message }: Record<string, unknown>): AuthErrorCode {
  if (!(status < 500)) return 'unavailable'
  if (code === 'VALIDATION_ERROR' && String(message).includes('body.email')) return 'identifier_invalid'
  return codes.get(code) ?? (status === 429 ? 'rate_limited' : status === 404 ? 'not_supported' : 'unknown')
}

function fieldOf(code: AuthErrorCode): ErrorField | undefined {
  if (code.startsWith('code_') || code === 'already_used') return 'code'
  if (code === 'identifier_invalid') return 'identifier'
  return code === 'invalid_credentials' || code.startsWith('password_') ? 'password' : undefined
}
