'use client'
import { ChallengeSteps } from './challengeSteps.js'
import { EnrollPasskey, type PasskeyEnrollProps } from './EnrollPasskey.js'

export type { PasskeyEnrollProps } from './EnrollPasskey.js'

/** Sets up a passkey or a security key: why, then the browser's own ceremony. */
export function PasskeyEnroll(props: PasskeyEnrollProps) {
  return <EnrollPasskey {...props} Challenge={ChallengeSteps} />
}
