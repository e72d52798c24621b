'use client'
import { ChallengeSteps } from './challengeSteps.js'
import { EnrollTotp, type TotpEnrollProps } from './EnrollTotp.js'

export type { TotpEnrollProps } from './EnrollTotp.js'

/** Sets up an authenticator app: a picture or a key, then a code that proves it, then the backup codes. */
export function TotpEnroll(props: TotpEnrollProps) {
  return <EnrollTotp {...props} Challenge={ChallengeSteps} />
}
