import { ourCode, type ErrorForms } from '../../core/errorForms.js'

/** Ours, and the form of the names of Supabase Auth's codes that mean it; the first that fits counts. */
const forms: ErrorForms = {
  invalid_credentials: /^AuthApiError400|^AuthInv|^invalid_c|_password_inv|_not_conf/,
  identifier_invalid: /^valid|_address_inv/,
  code_incorrect: /^mfa_verification_f|^reauthentication_not/,
  // Wrong and expired are one code there.
  code_incorrect_or_expired: /^otp_exp/,
  // "Another address" is also what a challenge that was used before answers.
  code_expired: /challenge_|^mfa_ip/,
  too_many_attempts: /^mfa_verification/,
  attempt_lost: /^flow|relay_state_|oauth_state$/,
  link_other_device: /verifier/,
  rate_limited: /rate_limit$/,
  blocked: /banned$/,
  send_failed: /^sms_|_authorized$/,
  factor_not_found: /^mfa_factor_not/,
  factor_exists: /(factor|credential)_exists$/,
  factor_limit: /^too_many/,
  factor_name_taken: /^mfa_factor_name/,
  step_up_required: /^insuff|^reauth|^current_/,
  password_weak: /^weak/,
  password_same: /^same/,
  captcha_failed: /^captcha/,
  // A person who is not known, where sign-up is off.
  no_account: /^(otp|signup)_dis/,
  sso_not_found: /^(sso_provider|saml_idp)_not/,
  redirect_denied: /^access/,
  passkey_unknown: /^webauthn|^passkey_not/,
  not_supported: /_(enabled|disabled|supported|managed)$|_unsup/,
  session_lost: /^AuthSes|^(session|refresh_token|user_not)_|_jwt$|^no_auth/,
}

/** `undefined` for a code that says nothing to us. */
export const errorCodeOf = (theirs: string) => ourCode(forms, theirs)
