import type { AuthErrorCode } from '../../core/AuthError.js'

/** Supabase Auth's codes by the form of their names; the first that fits counts. */
const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/^(invalid_credentials|current_password_invalid)$|_not_confirmed$/, 'invalid_credentials'],
  [/^(validation_failed|email_address_invalid)$/, 'identifier_invalid'],
  [/^(mfa_verification_failed|reauthentication_not_valid)$/, 'code_incorrect'],
  // Wrong and expired are one code there.
  [/^otp_expired$/, 'code_incorrect_or_expired'],
  // "Another address" is also what a challenge that was used before answers.
  [/^mfa_(challenge_expired|ip_address)|^webauthn_challenge/, 'code_expired'],
  [/^mfa_verification_rejected$/, 'too_many_attempts'],
  [/^flow_state/, 'attempt_lost'],
  [/code_verifier/, 'link_other_device'],
  [/rate_limit$/, 'rate_limited'],
  [/^user_banned$/, 'blocked'],
  [/^sms_send_failed$|_not_authorized$/, 'send_failed'],
  [/^mfa_factor_not_found$/, 'factor_not_found'],
  [/factor_exists$|credential_exists$/, 'factor_exists'],
  [/^too_many_enrolled/, 'factor_limit'],
  [/^mfa_factor_name_conflict$/, 'factor_name_taken'],
  [/^insufficient_aal$|^reauth|^current_password/, 'step_up_required'],
  [/^weak_password$/, 'password_weak'],
  [/^same_password$/, 'password_same'],
  [/^captcha/, 'captcha_failed'],
  // A person who is not known, where sign-up is off.
  [/^(otp|signup)_disabled$/, 'no_account'],
  [/^(sso_provider|saml_idp)_not_found$/, 'sso_not_found'],
  [/^access_denied$/, 'redirect_denied'],
  [/^webauthn|^passkey_not/, 'passkey_unknown'],
  [/_not_enabled$|_disabled$|_not_supported$|^unsupported|_managed$/, 'not_supported'],
  [/^(session|refresh_token|user_not)_|_jwt$|^no_authorization$/, 'session_lost'],
]

/** `undefined` for a code that says nothing to us. */
export function errorCodeOf(theirs: unknown): AuthErrorCode | undefined {
  return forms.find(([form]) => form.test(theirs as string))?.[1]
}
