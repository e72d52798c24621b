'use client'
import { useEffect } from 'react'
import { cancelCeremony, prefetchCeremony, registerKey } from './registerKey.js'
import { useEngine } from './useEngine.js'
import { useEnrollment, type UseEnrollment, type UseEnrollmentOptions } from './useEnrollment.js'

export interface UsePasskeyEnroll extends UseEnrollment {
  /** Asks the backend for the options. An act of the person. A vendor that runs the ceremony itself runs it here. */
  start(password?: string): Promise<void>
  /** Begins the browser's ceremony, in the click that calls it. */
  create(): Promise<void>
}

/** One enrolment of a passkey or security key: its options first, so that the ceremony can begin in the click. */
export function usePasskeyEnroll(options: UseEnrollmentOptions = {}): UsePasskeyEnroll {
  const { lane, warn } = useEngine()
  const { begin, register, ...enroll } = useEnrollment(options)
  const { state } = enroll

  useEffect(
    () => () => {
      cancelCeremony()
    },
    [],
  )

  return {
    ...enroll,
    leave() {
      cancelCeremony()
      return enroll.leave()
    },
    start(password) {
      void prefetchCeremony().catch(() => undefined)
      return begin({ type: 'webauthn', ...(password && { password }) })
    },
    create() {
      // A second click must not begin a second ceremony.
      if (state.step !== 'verify' || state.type !== 'webauthn' || lane.busy) return Promise.resolve()
      return register(registerKey(state.publicKey, warn))
    },
  }
}
