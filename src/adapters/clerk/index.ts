export { clerkAdapter, type ClerkAdapterOptions } from './clerkAdapter.js'
export type { ClerkInstance } from './clerkInstance.js'
