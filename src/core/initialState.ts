import type { FlowState } from './flow.js'

/** Apart from the flow, so that the first screen can be drawn without it. */
export const initialState: FlowState = { step: 'start', pending: null, problem: null, identifier: '' }
