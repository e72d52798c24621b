export { type AuthHandler, type AuthHandlerOptions, createAuthHandler } from './createAuthHandler.js'
export { type NodeRequest, type NodeResponse, toNodeHandler } from './toNodeHandler.js'
export type { RequestContext, Sealed, ServerAdapter } from '../core/serverAdapter.js'
