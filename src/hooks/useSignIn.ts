'use client'
import { useEffect, useSyncExternalStore } from 'react'
import type { FlowState } from '../core/flow.js'
import type { ActiveSession } from '../core/session.js'
import type { SignInRunner } from '../core/signInRunner.js'
import { useAuth } from './context.js'

export interface UseSignInOptions {
  /** Called once for each sign-in, after the session is committed; also when this component has gone by then. */
  onComplete?: ((session: ActiveSession) => void) | undefined
}

export interface UseSignIn extends Omit<SignInRunner, 'get' | 'subscribe' | 'onComplete' | 'stop' | 'restore'> {
  /** The state's `step` is the screen to draw. */
  readonly state: FlowState
}

/** The provider's sign-in: its state and its verbs. Verbs resolve, they do not reject: errors land in `state.problem`. */
export function useSignIn({ onComplete }: UseSignInOptions = {}): UseSignIn {
  const { signIn } = useAuth().client
  const state = useSyncExternalStore(signIn.subscribe, signIn.get, signIn.get)
  useEffect(() => {
    if (onComplete) signIn.onComplete(onComplete)
  }, [signIn, onComplete])
  useEffect(() => void signIn.restore(), [signIn])
  return { ...signIn, state }
}
