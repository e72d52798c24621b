import type { Capabilities } from './adapter.js'
import { problemOf, type Problem } from './flow.js'
import type { AuthError } from './AuthError.js'
import type { Enrollment, Factor, Verified } from './enrollment.js'
import type { Json } from './json.js'
import type { Channel, EnrollType } from './strategy.js'

/** `password` where the backend wants it; it is not kept. */
export type EnrollBeginning = { password?: string; friendlyName?: string } & (
  { type?: 'totp'; issuer?: string; user?: string } | { type: 'phone'; phone: string; channel?: Channel } | { type: 'webauthn' }
)

/** What has to be done before the factor counts. */
export type EnrollSetup =
  | { readonly type: 'totp'; readonly uri: string; readonly secret: string }
  | {
      readonly type: 'phone' | 'email'
      /** `maybe`: no answer came, so a code may be on its way. */
      readonly sent: 'no' | 'yes' | 'maybe'
      /** Codes asked for so far; each makes the ones before it worthless. */
      readonly sends: number
      /** Characters. */
      readonly codeLength: number
    }
  /** WebAuthn creation options. */
  | { readonly type: 'webauthn'; readonly publicKey: Json }

/** The state's name is the screen. Secrets and backup codes stand in the state of the step that shows them and in no other. */
export type EnrollVerb = 'enroll' | 'send' | 'verify' | 'generate'
export type EnrollState = { readonly pending: EnrollVerb | null; readonly problem: Problem | null } & (
  | { readonly step: 'intro' }
  | ({
      readonly step: 'verify'
      readonly id: string
      readonly expiresAt?: number | undefined
      /** Codes refused so far. For a hint only. */
      readonly failures: number
    } & EnrollSetup)
  /** The setup ran out, or is gone at the backend. */
  | { readonly step: 'expired' }
  | (Done & { readonly step: 'backup-codes'; readonly codes: readonly string[] })
  /** Verified, but the codes were lost: with the reply that held them, or because the page was left. */
  | (Done & { readonly step: 'codes-lost' })
  /** `stored`: with backup codes that the person has stored. */
  | (Done & { readonly step: 'enrolled'; readonly stored?: true })
)

interface Done extends Pick<Verified, 'otherSessions'> {
  readonly verified: Factor
}

export type EnrollEvent =
  | { readonly type: 'began'; readonly verb: EnrollVerb }
  | { readonly type: 'started'; readonly id: string; readonly setup: EnrollSetup; readonly expiresAt?: number | undefined }
  | { readonly type: 'sent'; readonly confirmed: boolean }
  | { readonly type: 'verified'; readonly result: Verified }
  | { readonly type: 'verified_without_codes'; readonly factor: Factor }
  | { readonly type: 'generated'; readonly codes: readonly string[] }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'failed'; readonly error: AuthError; readonly at: number }
  | { readonly type: 'edited' | 'settled' | 'expired' | 'left' }

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
        expiresAt: event.expiresAt,
        failures: 0,
        ...event.setup,
      }
    case 'sent':
      if (state.step !== 'verify' || !('sends' in state)) return state
      return { ...state, sent: event.confirmed ? 'yes' : 'maybe', sends: state.sends + 1, failures: 0 }
    case 'verified': {
      const { factor, backupCodes, otherSessions } = event.result
      const done = { ...quiet, verified: factor, ...(otherSessions && { otherSessions }) }
      return backupCodes?.length ? { ...done, step: 'backup-codes', codes: backupCodes } : { ...done, step: 'enrolled' }
    }
    case 'verified_without_codes':
      return lostCodes({ verified: event.factor })
    case 'generated':
      return 'verified' in state ? { ...doneIn(state), step: 'backup-codes', codes: event.codes } : state
    case 'acknowledged':
      return 'verified' in state ? { ...doneIn(state), step: 'enrolled', stored: true } : state
    case 'failed': {
      const failed: EnrollState = { ...state, pending: null, problem: problemOf(event.error, event.at) }
      if (failed.step !== 'verify') return failed
      const { code, field } = event.error
      // A key's challenge is not sent again: new options are a new enrolment.
      const isOver =
        code === 'attempt_lost' || code === 'factor_not_found' || (code === 'code_expired' && failed.type === 'webauthn')
      if (isOver) return { ...quiet, step: 'expired' }
      return field === 'code' ? { ...failed, failures: failed.failures + 1 } : failed
    }
    case 'edited':
      return state.problem ? { ...state, problem: null } : state
    case 'settled':
      return state.pending ? { ...state, pending: null } : state
    case 'expired':
      return state.step === 'verify' ? { ...quiet, step: 'expired' } : state
    case 'left':
      // What is on stays on, and is said; the codes that were on screen are not shown again.
      return !('verified' in state) ? initialEnrollState : state.step === 'enrolled' ? state : lostCodes(state)
    default:
      event satisfies never
      return state
  }
}

function doneIn({ verified, otherSessions }: Done) {
  return { ...quiet, verified, ...(otherSessions && { otherSessions }) }
}

function lostCodes(done: Done): EnrollState {
  return { ...doneIn(done), step: 'codes-lost' }
}

export function setupOf(answer: Extract<Enrollment, { status: 'pending' }>): EnrollSetup {
  if (answer.type === 'totp') return { type: 'totp', uri: answer.uri, secret: answer.secret }
  if (answer.type === 'webauthn') return { type: 'webauthn', publicKey: answer.publicKey }
  const { type, sent, codeLength = 6 } = answer
  return { type, sent: sent ? 'yes' : 'no', sends: sent ? 1 : 0, codeLength }
}

const kinds = { totp: /^totp$/, phone: /^phone_/, email: /^email_/, webauthn: /key$/ } as const

/** The factor of an enrolment, if it was verified. Where there can be only one of its kind, backends may name it otherwise. */
export function verifiedIn(
  factors: readonly Factor[],
  id: string,
  kind: EnrollType,
  { enroll }: Pick<Capabilities, 'enroll'>,
): Factor | undefined {
  const many = enroll.some((e) => e.type === kind && e.many)
  return factors.find((f) => f.status === 'verified' && (f.id === id || (!many && kinds[kind].test(f.strategy))))
}

/** Backup codes are on the screen, or have still to be made. */
export const unstored = ({ step }: EnrollState) => step === 'backup-codes' || step === 'codes-lost'

/** What nobody waits for any more is no failure. */
export const thrownUnless = (hasLeft: () => boolean) => (thrown: unknown) => {
  if (!hasLeft()) throw thrown
  return null
}
