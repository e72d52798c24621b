import type { StepUpApi } from '../../core/adapter.js'

/** What `requireLevel` answers with. */
interface Refusal {
  readonly code?: unknown
  readonly maxAgeMs?: unknown
}

export const detect: StepUpApi['detect'] = (refused) => {
  const seen = Object(refused) as Refusal & { error?: Refusal }
  const { code, maxAgeMs }: Refusal = seen.code ? seen : { ...seen.error }
  if (code !== 'STEP_UP_REQUIRED') return null
  return { level: 'second_factor', ...(typeof maxAgeMs === 'number' && { maxAgeMs }) }
}
