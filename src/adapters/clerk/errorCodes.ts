import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'

/** Clerk's codes, of its API and of its client. The first that fits holds. */
const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/^form_(identifier_not_found|password(_or_identifier)?_incorrect)$/, 'invalid_credentials'],
  [/^form_code_incorrect$/, 'code_incorrect'],
  [/^verification_(expired|missing)$/, 'code_expired'],
  [/^verification_already_verified$/, 'already_used'],
  [/^verification_failed$/, 'too_many_attempts'],
  [/too_many_requests$/, 'rate_limited'],
  [/^user_locked$/, 'locked'],
  [/^user_(banned|deactivated)|^not_allowed_access$|_blocked$/, 'blocked'],
  [/^strategy_for_user|^no_second_factors$|^factor_not_found$/, 'factor_not_found'],
  [/^resource_(not_found|forbidden)$|^client_state_invalid$|^sign_in_/, 'attempt_lost'],
  [/^session_exists$|already_signed_in$/, 'session_mismatch'],
  [/^account_transfer_invalid$|^external_account_not_found$/, 'no_account'],
  [/^form_password_(pwned|compromised|untrusted)/, 'password_pwned'],
  [/^form_new_password_matches/, 'password_same'],
  [/^form_password_/, 'password_weak'],
  [/_exists$/, 'factor_exists'],
  [/^too_many_unverified/, 'factor_limit'],
  [/^form_(param|username|conditional)_/, 'identifier_invalid'],
  [/^oauth_access_denied$/, 'redirect_denied'],
  [/^(enterprise_sso|saml)_/, 'sso_not_found'],
  [/^captcha_missing|^requires_captcha$/, 'captcha_required'],
  [/^captcha_/, 'captcha_failed'],
  [/^protect_check_|^passkey_(pa_)?not_supported$/, 'not_supported'],
  [/^passkey_already/, 'factor_exists'],
  [/^passkey_.*(cancelled|aborted)$|^reverification_cancelled$/, 'cancelled'],
  [/^passkey_/, 'passkey_unknown'],
  [/^session_reverification/, 'step_up_required'],
  [/^authentication_invalid$/, 'session_lost'],
]

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
  const ours = forms.find(([form]) => form.test(theirs))?.[1]
  return ours === 'identifier_invalid' && Object.hasOwn(params, param) ? params[param] : ours
}

/** What went wrong at a provider, as Clerk notes it on the verification that came back. */
export function errorOf({ code, message }: { readonly code: string; readonly message: string }): AuthError {
  return new AuthError(errorCodeOf(code) ?? 'unknown', 'The provider did not confirm the person.', {
    cause: `${code} ${message}`,
  })
}
