import type { AttemptRef, SignInAttempt } from './attempt.js'
import type { Json } from './json.js'
import type { Channel, SecondStrategy } from './strategy.js'

/** `rename` and `makeDefault` of `MfaApi`, of one factor. */
export type FactorChange = 'rename' | 'make_default'

export interface Factor {
  readonly id: string
  readonly strategy: SecondStrategy
  readonly status: 'verified' | 'unverified'
  readonly removable: boolean
  readonly friendlyName?: string
  readonly hint?: string
  /** Sign-in offers it first. */
  readonly isDefault?: boolean
  /** Which of the adapter's optional changes this factor takes. Absent: all that the adapter has. */
  readonly changes?: readonly FactorChange[]
  /** ISO 8601, for display only. */
  readonly createdAt?: string
  readonly lastUsedAt?: string
}

/** `attempt`: the enrolment happens inside a sign-in that asked for it (`needs_enrollment`). */
export type EnrollParams = { friendlyName?: string; password?: string; attempt?: AttemptRef } & (
  | { type: 'totp'; issuer?: string; user?: string }
  | { type: 'phone'; phone: string; channel?: Channel }
  | { type: 'email'; email?: string }
  | { type: 'webauthn' }
)

interface PendingEnrollment {
  readonly status: 'pending'
  readonly id: string
  /** Milliseconds from the answer's arrival. */
  readonly expiresInMs?: number
}

export type Enrollment =
  /** Proved already, or the vendor ran the ceremony itself. */
  | { readonly status: 'verified'; readonly result: Verified }
  | (PendingEnrollment & { readonly type: 'totp'; readonly secret: string; readonly uri: string })
  | (PendingEnrollment & {
      readonly type: 'phone' | 'email'
      readonly sent: boolean
      readonly resendInMs?: number
      readonly codeLength?: number
    })
  | (PendingEnrollment & { readonly type: 'webauthn'; readonly publicKey: Json })

/** Backup codes arrive here only: an adapter that has them earlier holds them back until the factor is proved. */
export interface Verified {
  readonly factor: Factor
  readonly backupCodes?: readonly string[]
  /** The backend has ended the person's sessions that no second factor was shown for. Absent: it has not, or does not say. */
  readonly otherSessions?: 'ended'
  /** Present if and only if `enroll` was given an attempt. */
  readonly attempt?: SignInAttempt
}
