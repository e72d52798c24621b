'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import type { EnrollBeginning, EnrollState } from '../core/enrollFlow.js'
import { createEnrollRunner, type EnrollRunner } from '../core/enrollRunner.js'
import type { Factor } from '../core/enrollment.js'
import { createStore } from '../core/store.js'
import { useEngine } from './useEngine.js'
import { useTimeLeft } from './useResend.js'

export interface UseEnrollmentOptions {
  friendlyName?: string | undefined
  /** Called once, when the factor is verified and its backup codes, if any, are acknowledged. */
  onEnrolled?: ((factor: Factor) => void) | undefined
  /** The sign-in that asks for this enrolment. */
  attempt?: SignInAttempt | undefined
}

export interface UseEnrollment extends Pick<EnrollRunner, 'verify' | 'acknowledge' | 'generate' | 'edited' | 'leave'> {
  readonly state: EnrollState
  /** The backend wants the password for this. */
  readonly asksPassword: boolean
}

/**
 * What every enrolment has in common. Leaving (unmount, `leave`, or the page going away) drops what is secret and abandons what was begun and not
 * verified.
 */
export function useEnrollment({
  friendlyName,
  onEnrolled,
  attempt,
}: UseEnrollmentOptions): UseEnrollment &
  Pick<EnrollRunner, 'send' | 'register'> & { begin(params: EnrollBeginning): Promise<void> } {
  const engine = useEngine()
  const [done] = useState(() => createStore(onEnrolled))
  useEffect(() => done.set(onEnrolled), [done, onEnrolled])
  const [runner] = useState(() =>
    createEnrollRunner({
      ...engine,
      attempt,
      onEnrolled(factor, next) {
        try {
          done.get()?.(factor)
        } catch (thrown) {
          engine.report(thrown)
        }
        if (next) void engine.signIn.enrolled(next)
      },
    }),
  )
  const state = useSyncExternalStore(runner.subscribe, runner.get, runner.get)
  const left = useTimeLeft(engine.clock, state.step === 'verify' ? state.expiresAt : undefined)
  const ranOut = state.step === 'verify' && state.expiresAt !== undefined && left === 0

  useEffect(() => {
    if (ranOut) runner.expired()
  }, [ranOut, runner])

  useEffect(() => {
    const leave = () => void runner.leave()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [runner])

  const { verify, acknowledge, generate, edited, leave, send, register } = runner
  return {
    ...{ verify, acknowledge, generate, edited, leave, send, register },
    state,
    asksPassword: engine.adapter.capabilities.managePassword,
    begin: (params) => runner.start({ ...params, ...(friendlyName && { friendlyName }) }),
  }
}
