import { AuthError, isAuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { backendError, noAnswer } from '../../core/backendError.js'
import type { WorkOSUser } from './workosClient.js'

/** As much of the SDK's exceptions as is read. In SDK 8 most keep WorkOS's own code in the raw answer only. */
interface Thrown {
  readonly status?: unknown
  readonly code?: unknown
  readonly error?: unknown
  readonly message?: unknown
  readonly retryAfter?: unknown
  readonly cause?: unknown
  readonly rawData?: RawData
}

interface RawData {
  readonly code?: unknown
  readonly pending_authentication_token?: string
  readonly authentication_factors?: readonly { readonly id: string; readonly type: string }[]
  readonly user?: WorkOSUser
}

/** WorkOS wants something else before it makes a session, and says so as an error. */
export interface Before {
  readonly code: string
  readonly token?: string | undefined
  readonly factors: readonly { readonly id: string; readonly type: string }[]
  readonly user?: WorkOSUser | undefined
}

const table: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/^invalid_credentials$/, 'invalid_credentials'],
  [/^invalid_one_time_code$/, 'code_incorrect'],
  [/^(one_time_code|authentication_challenge)_expired$/, 'code_expired'],
  [/_previously_(used|verified)$/, 'already_used'],
  [/pending_authentication_token/, 'attempt_lost'],
  [/^invalid_phone_number$/, 'identifier_invalid'],
]

const codeOf = ({ code, rawData, error }: Thrown) => String(code ?? rawData?.code ?? error)

export function before(thrown: unknown): Before | null {
  const { rawData, ...rest } = thrown as Thrown
  const code = codeOf({ rawData, ...rest } as Thrown)
  const token = rawData?.pending_authentication_token
  if (!token && !/^(mfa|radar)_|^(email_verification|sso|organization_\w+)_required$/.test(code)) return null
  return { code, token, factors: rawData?.authentication_factors ?? [], user: rawData?.user }
}

/** What the SDK threw as ours. `missing`: what a 404 means here. `sent`: see `backendError`. */
export function refusal(thrown: unknown, sent: object, missing: AuthErrorCode): AuthError {
  if (isAuthError(thrown)) return thrown
  const { status, message, retryAfter, cause } = Object(thrown) as Thrown
  // A client that cannot connect, and one that has waited long enough: the SDK calls the latter a 408.
  if (status === 408 || cause instanceof TypeError) return noAnswer(thrown)
  if (typeof status !== 'number') return noAnswer()
  const code = codeOf(thrown as Thrown)
  const ours = table.find(([form]) => form.test(code))?.[1] ?? (status === 404 ? missing : undefined)
  const headers = new Headers({ 'retry-after': String(retryAfter) })
  const error = backendError(ours, { status, code, message }, headers, sent)
  return code === 'invalid_phone_number' ? Object.assign(error, { field: 'phone' }) : error
}
