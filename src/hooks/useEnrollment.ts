'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import { AuthError } from '../core/AuthError.js'
import type { EnrollBeginning, EnrollState } from '../core/enrollFlow.js'
import { createEnrollRunner, type EnrollRunner } from '../core/enrollRunner.js'
import type { Factor, Verified } from '../core/enrollment.js'
import { createStore } from '../core/store.js'
import { useEngine } from './useEngine.js'
import { useTimeLeft } from './useResend.js'
import { useStepUp } from './useStepUp.js'

export interface UseEnrollmentOptions {
  friendlyName?: string | undefined
  /** Called once, when the factor is verified and its backup codes, if any, are acknowledged. */
  onEnrolled?: ((factor: Factor, about: Pick<Verified, 'otherSessions'>) => void) | undefined
  /** The sign-in that asks for this enrolment. */
  attempt?: SignInAttempt | undefined
}

export interface UseEnrollment extends Pick<EnrollRunner, 'verify' | 'acknowledge' | 'generate' | 'edited' | 'leave'> {
  readonly state: EnrollState
  /** The backend wants the password for this. */
  readonly asksPassword: boolean
  /** New backup codes can be asked for. */
  readonly canGenerate: boolean
  /** The enrolment waits for a step-up, whose screens are to be drawn now. It goes on by itself, once, when the step-up is passed. */
  readonly challenging: boolean
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
  const [runner] = useState(() => {
    const made = createEnrollRunner({
      ...engine,
      attempt,
      onEnrolled(factor, next) {
        const now = made.get()
        try {
          done.get()?.(factor, 'verified' in now && now.otherSessions ? { otherSessions: now.otherSessions } : {})
        } catch (thrown) {
          engine.report(thrown)
        }
        if (next) void engine.signIn.enrolled(next)
      },
    })
    return made
  })
  const state = useSyncExternalStore(runner.subscribe, runner.get, runner.get)
  // Inside a sign-in there is nobody yet whose level could be raised.
  const stepUp = useStepUp(async (verb: () => Promise<void>) => {
    await verb()
    if (!attempt && runner.get().problem?.code === 'step_up_required') throw new AuthError('step_up_required')
  })
  // What became of it stands in the state.
  const raised = (verb: () => Promise<void>) => stepUp.run(verb).catch(() => undefined)
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
    ...{ acknowledge, edited, leave, send },
    state,
    challenging: stepUp.challenging,
    verify: (code) => raised(() => verify(code)),
    register: (credential) => raised(() => register(credential)),
    generate: (params) => raised(() => generate(params)),
    asksPassword: engine.adapter.capabilities.managePassword,
    canGenerate: engine.adapter.mfa?.backupCodes !== undefined && !attempt,
    begin: (params) => raised(() => runner.start({ ...params, ...(friendlyName && { friendlyName }) })),
  }
}
