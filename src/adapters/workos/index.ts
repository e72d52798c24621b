export { workosAdapter } from './workosAdapter.js'
export type { WorkOSClient } from './workosClient.js'
export type { CodeMessage, FactorStore, WorkOSAdapterOptions } from './workosOptions.js'
