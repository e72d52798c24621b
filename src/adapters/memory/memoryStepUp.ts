import type { StepUpApi } from '../../core/adapter.js'
import { AuthError, isAuthError } from '../../core/AuthError.js'
import { hold, openAttempt, showAttempt } from './attemptRecord.js'
import { firstFactorsOf } from './firstFactorOptions.js'
import type { Commits } from './memoryCall.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { requireSession, usableSecondFactors } from './sessionRecord.js'

export function memoryStepUp(store: MemoryStore, browser: Browser): Commits<Pick<StepUpApi, 'create'>> {
  return {
    create({ level }) {
      const session = requireSession(store, browser)
      const { user } = session
      const of = { identifier: user.email, user, level }
      const [status, factors] =
        level === 'second_factor'
          ? (['needs_second_factor', usableSecondFactors(store, session)] as const)
          : (['needs_first_factor', firstFactorsOf(store, of)] as const)
      if (factors.length === 0) throw new AuthError('factor_not_found')
      const record = hold(openAttempt(store, browser, { ...of, session, status }))
      return showAttempt(store, record)
    },
  }
}

/** Reads a refusal of this backend, or of an app's own server that rejects with an `AuthError`. */
export const detectStepUp: NonNullable<StepUpApi['detect']> = (refused) =>
  isAuthError(refused) && refused.code === 'step_up_required' ? { level: refused.stepUp?.level ?? 'second_factor' } : null
