import type { StepUpApi } from '../../core/adapter.js'
import { AuthError, isAuthError } from '../../core/AuthError.js'
import { openAttempt, showAttempt } from './attemptRecord.js'
import type { Commits } from './memoryCall.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { requireSession, usableSecondFactors } from './sessionRecord.js'
import { secondFactorsOf } from './user.js'

export function memoryStepUp(store: MemoryStore, browser: Browser): Commits<Pick<StepUpApi, 'create'>> {
  return {
    create({ level }) {
      const session = requireSession(store, browser)
      const { user } = session
      const factors = level === 'second_factor' ? usableSecondFactors(session) : secondFactorsOf(user, ['password'])
      if (level !== 'first_factor' && factors.length === 0) throw new AuthError('factor_not_found')
      const record = openAttempt(store, browser, {
        identifier: user.email,
        user,
        level,
        session,
        status: level === 'second_factor' ? 'needs_second_factor' : 'needs_first_factor',
      })
      return showAttempt(store, record)
    },
  }
}

/** Reads a refusal of this backend, or of an app's own server that rejects with an `AuthError`. */
export const detectStepUp: NonNullable<StepUpApi['detect']> = (refused) =>
  isAuthError(refused) && refused.code === 'step_up_required' ? { level: refused.stepUp?.level ?? 'second_factor' } : null
