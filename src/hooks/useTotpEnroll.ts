'use client'
import { useEffect } from 'react'
import { keyWarnings, readOtpauthUri, type TotpKey } from '../core/otpauth.js'
import { useEngine } from './useEngine.js'
import { useEnrollment, type UseEnrollment, type UseEnrollmentOptions } from './useEnrollment.js'

export interface UseTotpEnrollOptions extends UseEnrollmentOptions {
  /** Shown in the authenticator app, where the backend lets the page say it. */
  issuer?: string | undefined
  user?: string | undefined
}

export interface UseTotpEnroll extends UseEnrollment {
  /** What the authenticator app is told; only in the step `verify`. `null`: the backend's URI is not one that an app could read. */
  readonly totp: TotpKey | null
  /** Asks the backend for a secret. An act of the person, never of an effect. */
  start(password?: string): Promise<void>
}

/**
 * One enrolment of an authenticator app. Leaving (unmount, `leave`, or the page going away) drops the secret and abandons what was begun and not
 * verified.
 */
export function useTotpEnroll({ issuer, user, ...options }: UseTotpEnrollOptions = {}): UseTotpEnroll {
  const engine = useEngine()
  const { begin, ...enroll } = useEnrollment(options)
  const { state } = enroll
  const totp = state.step === 'verify' && state.type === 'totp' ? readOtpauthUri(state.uri) : null

  const warnings = totp ? keyWarnings(totp).join(' ') : ''
  useEffect(() => {
    if (warnings) engine.warn(warnings)
  }, [warnings, engine])

  return {
    ...enroll,
    totp,
    start: (password) => begin({ type: 'totp', ...(password && { password }), ...(issuer && { issuer }), ...(user && { user }) }),
  }
}
