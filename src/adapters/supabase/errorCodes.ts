import type { AuthErrorCode } from '../../core/AuthError.js'

/** Supabase Auth's codes by the form of their names; the first that fits counts. */
const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/^AuthApiError400|^AuthInvalidC|^invalid_cred|_password_invalid|_not_confirmed/, 'invalid_credentials'],
  [/^validation|^email_address_invalid/, 'identifier_invalid'],
  [/^mfa_verification_failed|^reauthentication_not/, 'code_incorrect'],
  // Wrong and expired are one code there.
  [/^otp_expired/, 'code_incorrect_or_expired'],
  // "Another address" is also what a challenge that was used before answers.
  [/challenge_|^mfa_ip/, 'code_expired'],
  [/^mfa_verification_rej/, 'too_many_attempts'],
  [/^flow_state/, 'attempt_lost'],
  [/code_verifier/, 'link_other_device'],
  [/rate_limit$/, 'rate_limited'],
  [/banned$/, 'blocked'],
  [/^sms_send|_authorized$/, 'send_failed'],
  [/^mfa_factor_not/, 'factor_not_found'],
  [/(factor|credential)_exists$/, 'factor_exists'],
  [/^too_many/, 'factor_limit'],
  [/^mfa_factor_name/, 'factor_name_taken'],
  [/^insufficient|^reauth|^current_/, 'step_up_required'],
  [/^weak_/, 'password_weak'],
  [/^same_/, 'password_same'],
  [/^captcha/, 'captcha_failed'],
  // A person who is not known, where sign-up is off.
  [/^(otp|signup)_dis/, 'no_account'],
  [/^(sso_provider|saml_idp)_not/, 'sso_not_found'],
  [/^access_denied/, 'redirect_denied'],
  [/^webauthn|^passkey_not/, 'passkey_unknown'],
  [/_(enabled|disabled|supported|managed)$/, 'not_supported'],
  [/^AuthSessionM|^(session|refresh_token|user_not)_|_jwt$|^no_auth/, 'session_lost'],
]

/** `undefined` for a code that says nothing to us. */
export function errorCodeOf(theirs: unknown): AuthErrorCode | undefined {
  return forms.find(([form]) => form.test(theirs as string))?.[1]
}
