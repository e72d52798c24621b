import { isAuthError, type AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { backendError, noAnswer } from '../../core/backendError.js'
import type { WorkOSUser } from './workosClient.js'

interface RawData {
  readonly code?: unknown
  readonly pending_authentication_token?: string
  readonly authentication_factors?: readonly { readonly id: string; readonly type: string }[]
  readonly user?: WorkOSUser
  readonly organizations?: readonly { readonly id: string }[]
}

/** As much of the SDK's exceptions as is read. In SDK 8 most keep WorkOS's own code in the raw answer only. */
interface Thrown {
  readonly status?: unknown
  readonly code?: unknown
  readonly error?: unknown
  readonly retryAfter?: unknown
  readonly rawData?: RawData
}

const forms: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/pending_auth|^invalid_grant|^(invalid|expired)_code$/, 'attempt_lost'],
  [/^invalid_cred/, 'invalid_credentials'],
  [/^invalid_one_time/, 'code_incorrect'],
  [/^invalid_phone/, 'identifier_invalid'],
  [/_expired$/, 'code_expired'],
  [/_previously_/, 'already_used'],
]

const codeOf = ({ code, rawData, error }: Thrown) => String(code ?? rawData?.code ?? error)

export interface Before extends RawData {
  readonly code: string
}

/** WorkOS wants something else before it makes a session, and says so as an error. */
export function before(thrown: Thrown): Before | undefined {
  const { rawData } = thrown
  const code = codeOf(thrown)
  return rawData?.pending_authentication_token || /_required$/.test(code) ? { ...rawData, code } : undefined
}

/** What the SDK threw as ours, without WorkOS's text, which quotes what was sent. */
export function refusal(thrown: Thrown): AuthError {
  if (isAuthError(thrown)) return thrown
  const { status, retryAfter } = thrown
  // The SDK calls its own time-out a 408.
  if (typeof status !== 'number' || status === 408) return noAnswer(thrown)
  const code = codeOf(thrown)
  const ours = forms.find(([form]) => form.test(code))?.[1] ?? (status === 404 ? 'factor_not_found' : undefined)
  const error = backendError(ours, { status, code, message: '' }, new Headers({ 'retry-after': String(retryAfter) }))
  return ours === 'identifier_invalid' ? Object.assign(error, { field: 'phone' }) : error
}
