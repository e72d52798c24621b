import type { SignInAttempt } from '../../core/attempt.js'
import type { AuthError } from '../../core/AuthError.js'

/** What an error tells of somebody. */
export const told = ({ code, message, outcome, field, attemptsLeft, reasons }: AuthError) => ({
  code,
  message,
  outcome,
  field,
  attemptsLeft,
  reasons,
})

/** What an attempt shows of somebody, without what differs anyway. */
export function shownOf({ id: _, identifier: __, expiresInMs: ___, ...shown }: SignInAttempt) {
  const { resendInMs: ____, expiresInMs: _____, ...verification } = { ...shown.firstFactorVerification }
  const supportedFirstFactors = shown.supportedFirstFactors.map((one) => ({ strategy: one.strategy, hasHint: 'hint' in one }))
  return { ...shown, supportedFirstFactors, firstFactorVerification: { ...verification, factorId: '' } }
}
