'use client'
import { useSyncExternalStore } from 'react'
import type { FlowState } from '../core/flow.js'
import { useAuth } from './context.js'
import type { PageSignIn } from './withDevices.js'

export interface Flow {
  /** The state's `step` is the screen to draw. */
  readonly state: FlowState
  readonly signIn: PageSignIn
}

/** Looks at the provider's sign-in without starting anything. */
export function useFlow(): Flow {
  const { signIn } = useAuth().client
  return { signIn, state: useSyncExternalStore(signIn.subscribe, signIn.get, signIn.get) }
}
