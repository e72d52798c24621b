import type { StepUpApi } from '../../core/adapter.js'
import type { AttemptBook } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { Connection } from './connection.js'

export interface Stepping {
  /** Of a step-up, in monotonic milliseconds: a second factor passed earlier was not for it. */
  since?: number
}

/** What `requireLevel` answers with. */
interface Refusal {
  readonly code?: unknown
  readonly maxAgeMs?: unknown
}

export function createStepUp(read: Connection['read'], open: AttemptBook['open']): StepUpApi {
  return {
    levels: ['second_factor'],
    async create({ level }, options) {
      const { session, secondFactors } = await read(options)
      if (!session || !secondFactors || level !== 'second_factor') throw new AuthError(session ? 'not_supported' : 'session_lost')
      // The first factor once more proves nothing.
      if (secondFactors.length === 0) throw new AuthError('factor_not_found')
      const { id, label } = session.user
      const start = { purpose: 'step_up', identifier: label, status: 'needs_second_factor', supportedFirstFactors: [] }
      return Object.assign(open({ ...start, supportedSecondFactors: secondFactors }, id), { since: performance.now() }).attempt
    },
    detect(refused) {
      const seen = Object(refused) as Refusal & { error?: Refusal }
      const { code, maxAgeMs }: Refusal = seen.code ? seen : { ...seen.error }
      if (code !== 'STEP_UP_REQUIRED') return null
      return { level: 'second_factor', ...(typeof maxAgeMs === 'number' && { maxAgeMs }) }
    },
  }
}
