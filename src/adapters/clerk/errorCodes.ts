import type { AuthErrorCode } from '../../core/AuthError.js'
import { ourCode, type ErrorForms } from '../../core/errorForms.js'

/** Clerk's codes, of its API and of its client, by the form of their names. The first that fits holds. */
const forms: ErrorForms = {
  invalid_credentials: /^form_(identifier_not_found|password_(or_identifier_)?incorrect)/,
  code_incorrect: /code_incorrect$/,
  code_expired: /^verification_(expired|missing)/,
  already_used: /already_verified$/,
  too_many_attempts: /^verification_failed/,
  rate_limited: /too_many_requests$/,
  locked: /^user_locked/,
  blocked: /^user_|^not_allowed|_blocked$/,
  factor_not_found: /^strategy_|^no_second|^factor_/,
  attempt_lost: /^resource_|^client_state|^sign_in_/,
  session_mismatch: /^session_exists|signed_in$/,
  no_account: /^account_transfer|account_not_found$/,
  password_pwned: /^form_password_(pwned|compromised|untrusted)/,
  password_same: /matches_current$/,
  password_weak: /^form_password/,
  factor_exists: /_exists$|^passkey_already/,
  factor_limit: /^too_many_unverified/,
  identifier_invalid: /^form_/,
  redirect_denied: /access_denied$/,
  sso_not_found: /^(enterprise_sso|saml)_/,
  captcha_required: /captcha(_missing.*)?$/,
  captcha_failed: /^captcha_/,
  not_supported: /^protect_check|^passkey_.*supported$/,
  cancelled: /cancelled$|aborted$/,
  passkey_unknown: /^passkey_/,
  step_up_required: /^session_reverification/,
  session_lost: /^authentication_/,
}

/** The parameter that a refused form speaks of, where it is not what the person is known by. */
const params: Readonly<Record<string, AuthErrorCode>> = {
  code: 'code_incorrect',
  password: 'password_weak',
  new_password: 'password_weak',
  signature: 'invalid_credentials',
  public_key_credential: 'passkey_unknown',
}

/** `undefined` for a code that says nothing to us. */
export function errorCodeOf(theirs: string, param = ''): AuthErrorCode | undefined {
  const ours = ourCode(forms, theirs)
  return ours === 'identifier_invalid' && Object.hasOwn(params, param) ? params[param] : ours
}
