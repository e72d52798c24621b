import type { StepUpApi, StepUpLevel } from '../../core/adapter.js'
import { isAuthError } from '../../core/AuthError.js'
import { errorCodeOf } from './errorCodes.js'

/** Of Clerk's reverification. */
export const levels: readonly StepUpLevel[] = ['first_factor', 'second_factor', 'multi_factor']

interface Policy {
  readonly afterMinutes?: unknown
  readonly level?: unknown
}

/** Clerk's policies by their names. */
const policies: Readonly<Record<string, Policy>> = {
  strict_mfa: { afterMinutes: 10, level: 'multi_factor' },
  strict: { afterMinutes: 10, level: 'second_factor' },
  moderate: { afterMinutes: 60, level: 'second_factor' },
  lax: { afterMinutes: 1440, level: 'second_factor' },
}

/** What an app's server answers with (`reverificationError()`), and what Clerk's client throws. */
interface Refusal {
  readonly clerk_error?: { readonly reason?: unknown; readonly metadata?: { readonly reverification?: unknown } }
  readonly errors?: readonly { readonly code?: unknown }[]
}

export const detect: StepUpApi['detect'] = (refused) => {
  const { clerk_error: hint, errors } = Object(refused) as Refusal
  const isHint = hint?.reason === 'reverification-error'
  const code = isAuthError(refused) ? refused.code : errorCodeOf(String(errors?.[0]?.code))
  if (!isHint && code !== 'step_up_required') return null
  const wanted = isHint ? hint.metadata?.reverification : undefined
  const isName = typeof wanted === 'string' && Object.hasOwn(policies, wanted)
  const { afterMinutes, level } = Object(isName ? policies[wanted] : wanted) as Policy
  return {
    // Clerk's own dialog asks for the second factor where it is not told which.
    level: levels.find((one) => one === level) ?? 'second_factor',
    ...(typeof afterMinutes === 'number' && { maxAgeMs: afterMinutes * 60_000 }),
  }
}
