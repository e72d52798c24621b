'use client'
import { useEffect } from 'react'
import type { FlowState } from '../core/flow.js'
import type { ActiveSession } from '../core/session.js'
import type { SignInRunner } from '../core/signInRunner.js'
import { useFlow } from './useFlow.js'

export interface UseSignInOptions {
  /** Called once for each sign-in, after the session is committed; also when this component has gone by then. */
  onComplete?: ((session: ActiveSession) => void) | undefined
}

export interface UseSignIn extends Omit<SignInRunner, 'get' | 'subscribe' | 'onComplete' | 'stop' | 'restore'> {
  /** The state's `step` is the screen to draw. */
  readonly state: FlowState
}

/**
 * The provider's sign-in: its state and its verbs. Verbs resolve, they do not reject: errors land in `state.problem`. When it mounts, a session
 * or an attempt that is already there is looked for in the background.
 */
export function useSignIn({ onComplete }: UseSignInOptions = {}): UseSignIn {
  const { signIn, state } = useFlow()
  useEffect(() => (onComplete ? signIn.onComplete(onComplete) : undefined), [signIn, onComplete])
  useEffect(() => void signIn.restore(), [signIn])
  return { ...signIn, state }
}
