export { betterAuthAdapter, type BetterAuthAdapterOptions } from './betterAuthAdapter.js'
export type { BetterAuthClient } from './betterAuthClient.js'
