import type { StepUpApi, StepUpLevel } from '../../core/adapter.js'
import { AuthError, isAuthError } from '../../core/AuthError.js'
import { ask } from './ask.js'
import type { Attempts } from './attempts.js'
import type { ClerkInstance } from './clerkInstance.js'
import { errorCodeOf } from './errorCodes.js'
import { labelOf, userOf } from './session.js'

const levels: readonly StepUpLevel[] = ['first_factor', 'second_factor', 'multi_factor']

/** Clerk's named policies: minutes, level. */
const policies: Readonly<Record<string, readonly [afterMinutes: number, level: StepUpLevel]>> = {
  strict_mfa: [10, 'multi_factor'],
  strict: [10, 'second_factor'],
  moderate: [60, 'second_factor'],
  lax: [1440, 'second_factor'],
}

/** What an app's server answers with (`reverificationError()`), and what Clerk's client throws. */
interface Refusal {
  readonly clerk_error?: { readonly reason?: unknown; readonly metadata?: { readonly reverification?: unknown } }
  readonly errors?: readonly { readonly code?: unknown }[]
}

/** Clerk's reverification. */
export function createStepUp(clerk: ClerkInstance, { open, settle }: Attempts): StepUpApi {
  return {
    levels,

    async create({ level }) {
      const { session } = clerk
      if (!session) throw new AuthError('session_lost')
      const user = userOf(session)
      const on = await ask(() => session.startVerification({ level }), 'status')
      const kept = open({ purpose: 'step_up', identifier: labelOf(user) ?? null }, user.id)
      Object.assign(kept, { session, sessionId: session.id, level, ages: on.session.factorVerificationAge })
      return settle(kept, on)
    },

    detect(refused) {
      const { clerk_error: hint, errors } = Object(refused) as Refusal
      const wanted = hint?.reason === 'reverification-error' ? hint.metadata?.reverification : undefined
      const [minutes, level] =
        (typeof wanted === 'string' && Object.hasOwn(policies, wanted) && policies[wanted]) || custom(wanted)
      const code = isAuthError(refused) ? refused.code : errorCodeOf(String(errors?.[0]?.code))
      if (hint?.reason !== 'reverification-error' && code !== 'step_up_required') return null
      return { level, ...(minutes !== undefined && { maxAgeMs: minutes * 60_000 }) }
    },
  }
}

function custom(wanted: unknown): readonly [number | undefined, StepUpLevel] {
  const { afterMinutes, level } = Object(wanted) as { afterMinutes?: unknown; level?: unknown }
  const named = levels.find((one) => one === level)
  // Clerk's own dialog asks for the second factor where it is not told which.
  return [typeof afterMinutes === 'number' ? afterMinutes : undefined, named ?? 'second_factor']
}
