import type { AuthErrorCode } from '../../core/AuthError.js'

/** Better Auth's codes by the form of their names, which holds for those of its plugins too. */
const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/_PASSWORD$|NOT_VERIFIED$|MISMATCH$/, 'invalid_credentials'],
  [/^INVALID_(EMAIL|PHONE_NUMBER)$|^VALIDATION/, 'identifier_invalid'],
  [/^INVALID_(OTP|TOKEN|(BACKUP_)?CODE)$/, 'code_incorrect'],
  [/EXPIRED$|OTP_NOT_FOUND$/, 'code_expired'],
  [/ALREADY_USED$/, 'already_used'],
  [/COOKIE$|NONCE$|CHALLENGE_NOT/, 'attempt_lost'],
  [/^TOO_MANY/, 'too_many_attempts'],
  [/LOCKED$/, 'locked'],
  [/NOT_(ENABLED|CONFIGURED)$/, 'factor_not_found'],
  [/ALREADY_ENABLED$/, 'factor_exists'],
  [/NOT_FRESH$|^STEP_UP/, 'step_up_required'],
  [/^UNAUTHORIZED$/, 'session_lost'],
  [/^PASSWORD_TOO/, 'password_weak'],
  [/^PROVIDER_NOT/, 'sso_not_found'],
  [/^PASSKEY_NOT|^AUTHENTICATION/, 'passkey_unknown'],
]

/** `undefined` for a code that says nothing to us. */
export function errorCodeOf(theirs: unknown): AuthErrorCode | undefined {
  return forms.find(([form]) => form.test(theirs as string))?.[1]
}
