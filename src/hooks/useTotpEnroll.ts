'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import type { EnrollState } from '../core/enrollFlow.js'
import { createEnrollRunner, type EnrollRunner } from '../core/enrollRunner.js'
import type { Factor } from '../core/enrollment.js'
import { keyWarnings, readOtpauthUri, type TotpKey } from '../core/otpauth.js'
import { createStore } from '../core/store.js'
import { useEngine } from './useEngine.js'
import { useTimeLeft } from './useResend.js'

export interface UseTotpEnrollOptions {
  /** Shown in the authenticator app, where the backend lets the page say it. */
  issuer?: string | undefined
  user?: string | undefined
  friendlyName?: string | undefined
  /** Called once, when the app is verified and its backup codes, if any, are acknowledged. */
  onEnrolled?: ((factor: Factor) => void) | undefined
  /** The sign-in that asks for this enrolment. */
  attempt?: SignInAttempt | undefined
}

export interface UseTotpEnroll extends Omit<EnrollRunner, 'get' | 'subscribe' | 'start' | 'expired'> {
  readonly state: EnrollState
  /** What the authenticator app is told; only in the step `verify`. `null`: the backend's URI is not one that an app could read. */
  readonly totp: TotpKey | null
  /** The backend wants the password for this. */
  readonly asksPassword: boolean
  /** Asks the backend for a secret. An act of the person, never of an effect. */
  start(password?: string): Promise<void>
}

/**
 * One enrolment of an authenticator app. Leaving (unmount, `leave`, or the page going away) drops the secret and abandons what was begun and not
 * verified.
 */
export function useTotpEnroll({ issuer, user, friendlyName, onEnrolled, attempt }: UseTotpEnrollOptions = {}): UseTotpEnroll {
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
  const totp = state.step === 'verify' ? readOtpauthUri(state.uri) : null

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

  const warnings = totp ? keyWarnings(totp).join(' ') : ''
  useEffect(() => {
    if (warnings) engine.warn(warnings)
  }, [warnings, engine])

  return {
    ...runner,
    state,
    totp,
    asksPassword: engine.adapter.capabilities.managePassword,
    start: (password) =>
      runner.start({
        ...(password && { password }),
        ...(issuer && { issuer }),
        ...(user && { user }),
        ...(friendlyName && { friendlyName }),
      }),
  }
}
