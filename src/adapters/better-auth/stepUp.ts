import type { StepUpApi } from '../../core/adapter.js'
import type { AttemptBook } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Connection } from './connection.js'

export interface Stepping {
  /** Of a step-up, in monotonic milliseconds: a second factor passed earlier was not for it. */
  since?: number
}

export function createStepUp(read: Connection['read'], open: AttemptBook['open']): StepUpApi {
  return {
    levels: ['second_factor'],
    async create({ level }, options) {
      const { session, secondFactors } = await read(options)
      if (!session || !secondFactors || level !== 'second_factor') throw new AuthError(session ? 'not_supported' : 'session_lost')
      const { id, label } = session.user
      const start = { purpose: 'step_up', identifier: label, status: 'needs_second_factor', supportedFirstFactors: [] }
      return Object.assign(open({ ...start, supportedSecondFactors: secondFactors }, id), { since: performance.now() }).attempt
    },
    detect(refused) {
      const { code, error } = Object(refused) as { code?: unknown; error?: { code?: unknown } }
      return (code ?? error?.code) === 'STEP_UP_REQUIRED' ? { level: 'second_factor' } : null
    },
  }
}
