'use client'
import { useAuth } from './context.js'
import { createPageEngine } from './pageEngine.js'
import type { PageEngine } from './withDevices.js'

/** The provider's engine. Apart from `useAuth`, so that the first screen does not bring it. */
export function useEngine(): PageEngine {
  return useAuth().client.engine(createPageEngine)
}
