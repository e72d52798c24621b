'use client'
import { ChallengeSteps } from './challengeSteps.js'
import { EnrollPhone, type PhoneEnrollProps } from './EnrollPhone.js'

export type { PhoneEnrollProps } from './EnrollPhone.js'

/** Sets up a phone: its number, then the code that was sent to it. */
export function PhoneEnroll(props: PhoneEnrollProps) {
  return <EnrollPhone {...props} Challenge={ChallengeSteps} />
}
