'use client'
import { useEffect, useSyncExternalStore } from 'react'
import type { FlowState } from '../core/flow.js'
import type { ActiveSession } from '../core/session.js'
import { afterFrame } from './afterFrame.js'
import type { PageSignIn } from './withDevices.js'
import { useFlow } from './useFlow.js'
import { wayBack } from './wayBack.js'

export interface UseSignInOptions {
  /** Called once for each sign-in, after the session is committed; also when this component has gone by then. */
  onComplete?: ((session: ActiveSession) => void) | undefined
}

export interface UseSignIn extends Omit<PageSignIn, 'get' | 'subscribe' | 'onComplete' | 'stop' | 'restore' | 'look' | 'detach'> {
  /** The state's `step` is the screen to draw. */
  readonly state: FlowState
  /** A mailed link has opened this page: ask before `resume(location.href)`, because mail scanners open links too. */
  readonly landing: boolean
}

/**
 * The provider's sign-in: its state and its verbs. Verbs resolve, they do not reject: errors land in `state.problem`. When it mounts, a session
 * or an attempt that is already there is looked for in the background, and what a provider has led back with is taken up; when the page is
 * looked at again, what other tabs have done meanwhile.
 */
export function useSignIn({ onComplete }: UseSignInOptions = {}): UseSignIn {
  const { signIn, state } = useFlow()
  useEffect(() => (onComplete ? signIn.onComplete(onComplete) : undefined), [signIn, onComplete])
  useEffect(() => {
    const way = wayBack()
    let here = true
    // The first frame would wait for what this fetches.
    if (!way) afterFrame(() => here && void signIn.restore())
    else if (way !== 'link') void signIn.resume(location.href)
    const look = () => void signIn.look()
    addEventListener('focus', look)
    return () => {
      here = false
      removeEventListener('focus', look)
      signIn.detach()
    }
  }, [signIn])
  const opened = useSyncExternalStore(signIn.subscribe, openedByLink, byNothing)
  return { ...signIn, state, landing: opened && state.step === 'start' }
}

const openedByLink = () => wayBack() === 'link'
const byNothing = () => false
