import { ourCode, type ErrorForms } from '../../core/errorForms.js'

/** Better Auth's codes by the form of their names, which holds for those of its plugins too. */
const forms: ErrorForms = {
  invalid_credentials: /_PASSWORD$|NOT_VERIFIED$|MISMATCH$|^401 .siwe/,
  identifier_invalid: /^INVALID_(EMAIL|PHONE_NUMBER)$|^VALIDATION/,
  code_incorrect: /^INVALID_(OTP|TOKEN|(BACKUP_)?CODE)$/,
  // A nonce or a challenge: what was signed is over; a new one may be.
  code_expired: /EXPIRED$|OTP_NOT_FOUND$|NONCE$|CHALLENGE_NOT/,
  already_used: /ALREADY_USED$/,
  attempt_lost: /COOKIE$/,
  too_many_attempts: /^TOO_MANY/,
  locked: /LOCKED$/,
  factor_not_found: /NOT_(ENABLED|CONFIGURED)$/,
  factor_exists: /ALREADY_ENABLED$/,
  step_up_required: /NOT_FRESH$|^STEP_UP/,
  session_lost: /^UNAUTHORIZED$/,
  password_weak: /^PASSWORD_TOO/,
  sso_not_found: /^PROVIDER_NOT|^404 .*\/sso$/,
  // A refused link leads elsewhere: browsers hide the 302 behind a 0.
  code_incorrect_or_expired: /^(0|302) .magic/,
  captcha_required: /^MISSING_R/,
  captcha_failed: /^VERIFICATION_F/,
  passkey_unknown: /^PASSKEY_NOT|^AUTHENTICATION/,
}

/** `theirs`: a code, or status and path of an answer that has none. `undefined` for one that says nothing to us. */
export const errorCodeOf = (theirs: unknown) => ourCode(forms, `${theirs as string}`)
