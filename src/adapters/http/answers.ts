import type { AcceptedPasskeys, Capabilities, StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../core/attempt.js'
import type { Enrollment, Factor, Verified } from '../../core/enrollment.js'
import type { Json } from '../../core/json.js'
import { isActive, type ActiveSession, type Session } from '../../core/session.js'

/** What the server offers, as `GET /capabilities` answers. */
export interface HttpOffer {
  readonly capabilities: Capabilities
  /** The paths of the protocol's operations that the server answers. */
  readonly verbs: readonly string[]
  readonly stepUpLevels?: readonly StepUpLevel[]
}

/** As much of a body as is looked at. Nothing in it is sure. */
export interface Body {
  readonly attempt?: Partial<SignInAttempt> | null
  readonly session?: Partial<Session> | null
  readonly enrollment?: { readonly status?: string; readonly id?: string; readonly result?: Body }
  readonly factor?: Partial<Factor>
  readonly factors?: unknown
  readonly backupCodes?: unknown
  readonly passkeys?: Partial<AcceptedPasskeys>
  readonly id?: string
  readonly publicKey?: Json
  readonly done?: unknown
  readonly capabilities?: unknown
  readonly verbs?: unknown
}

/** Finds the answer in a body; `undefined` where there is none. */
export type Find<A> = (body: Body) => A | undefined

const statuses = [
  ...['identifier', 'first_factor', 'second_factor', 'new_password', 'redirect', 'enrollment'].map((what) => `needs_${what}`),
  ...['complete', 'verified_elsewhere', 'unsupported'],
]

/** A status that is newer than this adapter is `unsupported`, with its key. */
export const attempt: Find<SignInAttempt> = ({ attempt: given }) => {
  if (typeof given?.id !== 'string' || typeof given.status !== 'string' || !Array.isArray(given.supportedFirstFactors)) {
    return undefined
  }
  const known = statuses.includes(given.status) ? {} : { status: 'unsupported', detail: given.status }
  return { ...given, ...known } as SignInAttempt
}

export const resumed: Find<{ attempt: SignInAttempt | null }> = (body) => {
  const found = body.attempt === null ? null : attempt(body)
  return found === undefined ? undefined : { ...body, attempt: found }
}

export const passkey: Find<AttemptRef & { readonly publicKey: Json }> = ({ id, publicKey, ...rest }) =>
  typeof id === 'string' && publicKey ? { id, publicKey, ...rest } : undefined

const session: Find<Session> = ({ session: given }) => (typeof given?.user?.id === 'string' ? (given as Session) : undefined)

export const sessionOrNone: Find<Session | null> = (body) => (body.session === null ? null : session(body))

export const activeSession: Find<ActiveSession> = (body) => {
  const found = session(body)
  return found && isActive(found) ? found : undefined
}

export const verified: Find<Verified> = (body) =>
  typeof body.factor?.id !== 'string' || (body.attempt && !attempt(body))
    ? undefined
    : ({ ...body, ...(body.attempt && { attempt: attempt(body) }) } as Verified)

export const enrollment: Find<Enrollment> = ({ enrollment: given }) => {
  const result = given?.status === 'verified' && verified(given.result ?? {})
  if (result) return { status: 'verified', result }
  return given?.status === 'pending' && typeof given.id === 'string' ? (given as Enrollment) : undefined
}

export const factor: Find<Factor> = (body) => verified(body)?.factor

const list = <T>(given: unknown) => (Array.isArray(given) ? (given as readonly T[]) : undefined)

export const factors: Find<readonly Factor[]> = (body) => list(body.factors)
export const codes: Find<readonly string[]> = (body) => list(body.backupCodes)
export const codesLeft: Find<{ total?: number; remaining?: number }> = ({ backupCodes }) =>
  typeof backupCodes === 'object' ? (backupCodes ?? undefined) : undefined
export const acceptedPasskeys: Find<AcceptedPasskeys> = ({ passkeys }) =>
  passkeys?.rpId && passkeys.userHandle && list(passkeys.credentialIds) ? (passkeys as AcceptedPasskeys) : undefined
export const done: Find<true> = (body) => (body.done === true ? true : undefined)

export const offer: Find<HttpOffer> = (body) =>
  typeof body.capabilities === 'object' && Array.isArray(body.verbs) ? (body as HttpOffer) : undefined
