import { problemOf, type Problem } from './flow.js'
import type { AuthError } from './AuthError.js'
import type { Factor, Verified } from './enrollment.js'

/** The state's name is the screen. Secrets and backup codes stand in the state of the step that shows them and in no other. */
export type EnrollState = { readonly pending: 'enroll' | 'verify' | 'generate' | null; readonly problem: Problem | null } & (
  | { readonly step: 'intro' }
  | {
      readonly step: 'verify'
      readonly id: string
      readonly uri: string
      readonly secret: string
      readonly expiresAt?: number | undefined
      /** Codes refused so far. For a hint only. */
      readonly failures: number
    }
  /** The setup ran out, or is gone at the backend. */
  | { readonly step: 'expired' }
  | { readonly step: 'backup-codes'; readonly verified: Factor; readonly codes: readonly string[] }
  /** Verified, but the codes were lost: with the reply that held them, or because the page was left. */
  | { readonly step: 'codes-lost'; readonly verified: Factor }
  | { readonly step: 'enrolled'; readonly verified: Factor }
)

export type EnrollEvent =
  | { readonly type: 'began'; readonly verb: 'enroll' | 'verify' | 'generate' }
  | {
      readonly type: 'started'
      readonly id: string
      readonly uri: string
      readonly secret: string
      readonly expiresAt?: number | undefined
    }
  | { readonly type: 'verified'; readonly result: Verified }
  | { readonly type: 'verified_without_codes'; readonly factor: Factor }
  | { readonly type: 'generated'; readonly codes: readonly string[] }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'failed'; readonly error: AuthError; readonly at: number }
  | { readonly type: 'edited' | 'expired' | 'left' }

export const initialEnrollState: EnrollState = { step: 'intro', pending: null, problem: null }
const quiet = { pending: null, problem: null } as const

/** Pure, like the sign-in's. */
export function enrollTransition(state: EnrollState, event: EnrollEvent): EnrollState {
  switch (event.type) {
    case 'began':
      return { ...state, pending: event.verb, problem: null }
    case 'started':
      return {
        ...quiet,
        step: 'verify',
        id: event.id,
        uri: event.uri,
        secret: event.secret,
        expiresAt: event.expiresAt,
        failures: 0,
      }
    case 'verified': {
      const { factor, backupCodes } = event.result
      return backupCodes?.length
        ? { ...quiet, step: 'backup-codes', verified: factor, codes: backupCodes }
        : { ...quiet, step: 'enrolled', verified: factor }
    }
    case 'verified_without_codes':
      return lostCodes(event.factor)
    case 'generated':
      return 'verified' in state ? { ...quiet, step: 'backup-codes', verified: state.verified, codes: event.codes } : state
    case 'acknowledged':
      return 'verified' in state ? { ...quiet, step: 'enrolled', verified: state.verified } : state
    case 'failed': {
      const failed = { ...state, pending: null, problem: problemOf(event.error, event.at) }
      if (failed.step !== 'verify') return failed
      if (event.error.code === 'attempt_lost' || event.error.code === 'factor_not_found') return { ...quiet, step: 'expired' }
      return event.error.field === 'code' ? { ...failed, failures: failed.failures + 1 } : failed
    }
    case 'edited':
      return state.problem ? { ...state, problem: null } : state
    case 'expired':
      return state.step === 'verify' ? { ...quiet, step: 'expired' } : state
    case 'left':
      // What is on stays on, and is said; the codes that were on screen are not shown again.
      return !('verified' in state) ? initialEnrollState : state.step === 'enrolled' ? state : lostCodes(state.verified)
    default:
      event satisfies never
      return state
  }
}

function lostCodes(verified: Factor): EnrollState {
  return { ...quiet, step: 'codes-lost', verified }
}
