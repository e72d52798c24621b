import type { AuthErrorCode } from './AuthError.js'
import type { Step } from './flow.js'
import type { Strategy } from './strategy.js'

/** What `onEvent` is told: enough to count and to audit, nothing about the person, no attempt, no code. */
export type AuthEvent =
  | { readonly type: 'step'; readonly step: Step; readonly from: Step }
  | { readonly type: 'sent'; readonly strategy: Strategy; readonly confirmed: boolean }
  | { readonly type: 'error'; readonly code: AuthErrorCode; readonly step: Step | 'enrolling' | 'managing' }
  | { readonly type: 'signed_in'; readonly purpose: 'sign_in' | 'step_up' | 'reset_password' }
  | { readonly type: 'signed_out' }
  | { readonly type: 'enrolled' | 'removed'; readonly strategy: Strategy }
