import type { FlowState } from './flow.js'

/** Two states with one key are one screen: what is typed and where the focus is stay. */
export function screenKey(state: FlowState): string {
  return 'factor' in state ? `${state.step} ${state.factor.id}` : state.step
}
