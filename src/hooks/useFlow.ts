'use client'
import { useSyncExternalStore } from 'react'
import type { FlowState } from '../core/flow.js'
import type { SignInRunner } from '../core/signInVerbs.js'
import { useAuth } from './context.js'

export interface Flow {
  /** The state's `step` is the screen to draw. */
  readonly state: FlowState
  readonly signIn: SignInRunner
}

/** Looks at the provider's sign-in without starting anything. */
export function useFlow(): Flow {
  const { signIn } = useAuth().client
  return { signIn, state: useSyncExternalStore(signIn.subscribe, signIn.get, signIn.get) }
}
