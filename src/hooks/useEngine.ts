'use client'
import { createEngine, type Engine } from '../core/engine.js'
import { useAuth } from './context.js'

/** The provider's engine. Apart from `useAuth`, so that the first screen does not bring it. */
export function useEngine(): Engine {
  return useAuth().client.engine(createEngine)
}
