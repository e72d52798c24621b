import type { AuthErrorCode } from '../../core/AuthError.js'

/** Better Auth's codes by the form of their names, which holds for those of its plugins too. */
const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/_PASSWORD$|NOT_VERIFIED$|MISMATCH$/, 'invalid_credentials'],
  [/^INVALID_(EMAIL|PHONE_NUMBER)$|^VALIDATION/, 'identifier_invalid'],
  [/^INVALID_(OTP|TOKEN|(BACKUP_)?CODE)$/, 'code_incorrect'],
  [/EXPIRED$|OTP_NOT_FOUND$/, 'code_expired'],
  [/ALREADY_USED$/, 'already_used'],
  [/COOKIE$/, 'attempt_lost'],
  // What was signed is over; a new one may be.
  [/NONCE$|CHALLENGE_NOT/, 'code_expired'],
  [/^TOO_MANY/, 'too_many_attempts'],
  [/LOCKED$/, 'locked'],
  [/NOT_(ENABLED|CONFIGURED)$/, 'factor_not_found'],
  [/ALREADY_ENABLED$/, 'factor_exists'],
  [/NOT_FRESH$|^STEP_UP/, 'step_up_required'],
  [/^UNAUTHORIZED$/, 'session_lost'],
  [/^PASSWORD_TOO/, 'password_weak'],
  [/^PROVIDER_NOT|^404 .*\/sso$/, 'sso_not_found'],
  // A refused link leads elsewhere: browsers hide the 302 behind a 0.
  [/^(0|302) .magic/, 'code_incorrect_or_expired'],
  [/^401 .siwe/, 'invalid_credentials'],
  [/^MISSING_R/, 'captcha_required'],
  [/^VERIFICATION_F/, 'captcha_failed'],
  [/^PASSKEY_NOT|^AUTHENTICATION/, 'passkey_unknown'],
]

/** `theirs`: a code, or status and path of an answer that has none. `undefined` for one that says nothing to us. */
export function errorCodeOf(theirs: unknown): AuthErrorCode | undefined {
  return forms.find(([form]) => form.test(theirs as string))?.[1]
}

/** What the address says to which a provider, or the way there, led back. */
export function returnCodeOf(theirs: string): AuthErrorCode {
  if (/state|restart/i.test(theirs)) return 'attempt_lost'
  if (/signup.disabled/i.test(theirs)) return 'no_account'
  return /provider/i.test(theirs) ? 'sso_not_found' : 'redirect_denied'
}
