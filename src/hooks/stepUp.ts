import type { StepUpLevel } from '../core/adapter.js'
import type { FlowState } from '../core/flow.js'
import type { Level } from '../core/session.js'

export const isStepUp = (state: FlowState) => 'attempt' in state && state.attempt.purpose === 'step_up'

/** What raises a session to a level, or makes its proof new: of what the adapter can, the least. */
export function levelFor(wanted: Level, levels: readonly StepUpLevel[]): StepUpLevel {
  const least: readonly StepUpLevel[] = [wanted === 'aal1' ? 'first_factor' : 'second_factor', 'multi_factor']
  return least.find((level) => levels.includes(level)) ?? levels[0] ?? 'multi_factor'
}
