'use client'
import type { Engine } from '../core/engine.js'
import { useAuth } from './context.js'
import { createPageEngine } from './pageEngine.js'

/** The provider's engine. Apart from `useAuth`, so that the first screen does not bring it. */
export function useEngine(): Engine {
  return useAuth().client.engine(createPageEngine)
}
