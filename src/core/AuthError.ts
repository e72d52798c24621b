import type { StepUpLevel } from './adapter.js'
import type { SignInAttempt } from './attempt.js'

/**
 * Every code, with what it still allows. A new code starts here; then the compiler asks for its text in the message catalogue.
 *
 * - `retry`: the same act may be tried again
 * - `resend`: a new code has to be sent first
 * - `other`: this factor cannot be used now, another one may
 * - `restart`: the attempt is gone; sign-in starts again, the identifier is kept
 * - `step_up`: the person has to prove a factor again first
 * - `wait`: nothing helps before some time has passed
 * - `none`: nothing is wrong that an act could mend
 */
export const errorTable = {
  invalid_credentials: 'retry',
  identifier_invalid: 'retry',
  code_incorrect: 'retry',
  code_incorrect_or_expired: 'retry',
  code_expired: 'resend',
  already_used: 'retry',
  attempt_lost: 'restart',
  too_many_attempts: 'restart',
  rate_limited: 'wait',
  locked: 'wait',
  blocked: 'none',
  not_confirmed: 'retry',
  send_failed: 'retry',
  factor_not_found: 'other',
  factor_exists: 'none',
  factor_limit: 'none',
  factor_name_taken: 'retry',
  step_up_required: 'step_up',
  password_weak: 'retry',
  password_pwned: 'retry',
  password_same: 'retry',
  captcha_required: 'retry',
  captcha_failed: 'retry',
  no_account: 'none',
  link_other_device: 'none',
  redirect_denied: 'retry',
  sso_not_found: 'other',
  passkey_unknown: 'other',
  wallet_changed: 'restart',
  cancelled: 'retry',
  session_lost: 'restart',
  session_mismatch: 'restart',
  network: 'retry',
  unavailable: 'retry',
  not_supported: 'other',
  unknown: 'retry',
} as const satisfies Record<string, Allowed>

export type Allowed = 'retry' | 'resend' | 'other' | 'restart' | 'step_up' | 'wait' | 'none'
export type AuthErrorCode = keyof typeof errorTable
export type ErrorField = 'identifier' | 'password' | 'code' | 'phone' | 'friendlyName'

export interface AuthErrorDetails {
  /** `unknown`: it may have happened all the same (no answer, time-out, 5xx). Default `refused`. */
  readonly outcome?: 'refused' | 'unknown'
  readonly field?: ErrorField
  /** Milliseconds from the answer's arrival. */
  readonly retryInMs?: number
  readonly attemptsLeft?: number
  readonly reasons?: readonly string[]
  readonly attempt?: SignInAttempt
  readonly stepUp?: { readonly level: StepUpLevel }
  /** The vendor's own error. Never shown, never enumerable, never sent. */
  readonly cause?: unknown
}

const brand = Symbol.for('latchkey.AuthError')

/**
 * The only thing that an adapter rejects with. `code` is for machines; `message` is for developers and holds no password, code, secret or
 * token; people read the message catalogue's text for `code`. Tell it apart with `isAuthError`, which works across bundles.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  readonly outcome: 'refused' | 'unknown'
  readonly field?: ErrorField
  readonly retryInMs?: number
  readonly attemptsLeft?: number
  readonly reasons?: readonly string[]
  readonly attempt?: SignInAttempt
  readonly stepUp?: { readonly level: StepUpLevel }

  constructor(code: AuthErrorCode, message: string = code, { cause, ...details }: AuthErrorDetails = {}) {
    super(message)
    this.code = code
    this.outcome = 'refused'
    Object.assign(this, details)
    for (const [key, value] of [[brand, true] as const, ['cause', cause] as const]) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: false })
    }
  }
}

export function isAuthError(thrown: unknown): thrown is AuthError {
  return typeof thrown === 'object' && thrown !== null && brand in thrown
}

/**
 * What an adapter rejected with. Anything else, and a code that this table does not have (an adapter may be newer), becomes `unknown`, so that a
 * fault in an adapter cannot show its text to people. Of what is no `AuthError` only the name is kept: its message may quote what was sent.
 */
export function toAuthError(thrown: unknown): AuthError {
  if (!isAuthError(thrown)) {
    const cause = thrown instanceof Error ? thrown.name : undefined
    return new AuthError('unknown', 'The adapter rejected with something that is not an AuthError.', {
      outcome: 'unknown',
      cause,
    })
  }
  return thrown.code === knownCode(thrown.code) ? thrown : new AuthError('unknown', thrown.message, { outcome: thrown.outcome })
}

/** The code if the table has it, else `unknown`: whatever a backend sends, `__proto__` and `constructor` too. */
export function knownCode(code: unknown): AuthErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code) ? (code as AuthErrorCode) : 'unknown'
}
