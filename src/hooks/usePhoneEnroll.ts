'use client'
import type { EnrollRunner } from '../core/enrollRunner.js'
import type { Channel } from '../core/strategy.js'
import { useEnrollment, type UseEnrollment, type UseEnrollmentOptions } from './useEnrollment.js'

export interface UsePhoneEnroll extends UseEnrollment, Pick<EnrollRunner, 'send'> {
  /** Sends a code to the number. An act of the person, never of an effect. The number goes to the backend as it was typed. */
  start(phone: string, options?: { channel?: Channel | undefined; password?: string | undefined }): Promise<void>
}

/** One enrolment of a phone: a number, then the code that proves it. */
export function usePhoneEnroll(options: UseEnrollmentOptions = {}): UsePhoneEnroll {
  const { begin, ...enroll } = useEnrollment(options)
  return {
    ...enroll,
    start: (phone, { channel, password } = {}) =>
      begin({ type: 'phone', phone, ...(channel && { channel }), ...(password && { password }) }),
  }
}
