import type {
  AuthenticationResponseResponse,
  FactorResponse,
  FactorWithSecretsResponse,
  ListResponse,
  MagicAuthResponse,
  OrganizationResponse,
  SessionResponse,
  UserResponse,
  WorkOS,
} from '@workos-inc/node'
import type { Snake } from './snake.js'

/** The SDK publishes the MFA API's answers only as it hands them out, so their names on the wire are made from those. */
type Wire<T> = T extends readonly (infer Item)[]
  ? Wire<Item>[]
  : T extends object
    ? { [Key in keyof T as Key extends string ? Snake<Key> : never]: Wire<T[Key]> }
    : T

type Mfa = WorkOS['mfa']

/** What WorkOS answers, by the types that its SDK publishes. */
export interface Shapes {
  readonly factor: Wire<Awaited<ReturnType<Mfa['getFactor']>>>
  readonly enrolled: Wire<Awaited<ReturnType<Mfa['enrollFactor']>>>
  readonly challenge: Wire<Awaited<ReturnType<Mfa['challengeFactor']>>>
  readonly verified: Wire<Awaited<ReturnType<Mfa['verifyChallenge']>>>
  readonly userFactor: FactorResponse
  readonly userEnrolled: {
    authentication_factor: FactorWithSecretsResponse
    authentication_challenge: Wire<Awaited<ReturnType<Mfa['challengeFactor']>>>
  }
  readonly userFactors: ListResponse<FactorResponse>
  readonly sessions: ListResponse<SessionResponse>
  readonly session: SessionResponse
  readonly user: UserResponse
  readonly magicAuth: MagicAuthResponse
  readonly authenticated: AuthenticationResponseResponse
  readonly organizations: ListResponse<OrganizationResponse>
}

/** How somebody can have signed in. */
export type Method = NonNullable<AuthenticationResponseResponse['authentication_method']>

/** The errors that WorkOS documents; their bodies have no published types. */
export interface ErrorBody {
  readonly code?: string
  readonly message?: string
  readonly error?: string
  readonly error_description?: string
  readonly [more: string]: unknown
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.code ?? body.error ?? String(status))
  }
}

interface Shape {
  readonly needs: readonly string[]
  readonly may?: readonly string[]
  /** Of the address, beside what pages lists. */
  readonly query?: readonly string[]
}

const caller = ['ip_address', 'user_agent', 'invitation_token']

/** The requests that WorkOS documents, as far as the stand-in goes: what a body has to have, and what else it may have. */
export const documented: Readonly<Record<string, Shape>> = {
  'POST /auth/factors/enroll totp': { needs: ['type', 'totp_issuer', 'totp_user'] },
  'POST /auth/factors/enroll sms': { needs: ['type', 'phone_number'] },
  'GET /auth/factors/:id': { needs: [] },
  'DELETE /auth/factors/:id': { needs: [] },
  'POST /auth/factors/:id/challenge': { needs: [], may: ['sms_template'] },
  'POST /auth/challenges/:id/verify': { needs: ['code'] },
  'POST /user_management/users/:id/auth_factors totp': { needs: ['type'], may: ['totp_issuer', 'totp_user', 'totp_secret'] },
  'POST /user_management/users': { needs: ['email'], may: ['password', 'email_verified'] },
  'DELETE /user_management/users/:id': { needs: [] },
  'GET /user_management/users/:id/auth_factors': { needs: [] },
  'GET /user_management/users/:id/sessions': { needs: [] },
  'POST /user_management/sessions/revoke': { needs: ['session_id'] },
  'POST /user_management/magic_auth': { needs: ['email'], may: ['invitation_token'] },
  'POST /user_management/authenticate password': {
    needs: ['grant_type', 'client_id', 'client_secret', 'email', 'password'],
    may: caller,
  },
  'POST /user_management/authenticate urn:workos:oauth:grant-type:magic-auth:code': {
    needs: ['grant_type', 'client_id', 'client_secret', 'email', 'code'],
    may: [...caller, 'link_authorization_code'],
  },
  'POST /user_management/authenticate authorization_code': {
    needs: ['grant_type', 'client_id', 'client_secret', 'code'],
    may: [...caller, 'code_verifier'],
  },
  'POST /user_management/authenticate urn:workos:oauth:grant-type:organization-selection': {
    needs: ['grant_type', 'client_id', 'client_secret', 'pending_authentication_token', 'organization_id'],
    may: caller,
  },
  'GET /organizations': { needs: [], query: ['domains'] },
  'POST /user_management/authenticate urn:workos:oauth:grant-type:mfa-totp': {
    needs: ['grant_type', 'client_id', 'client_secret', 'code', 'pending_authentication_token', 'authentication_challenge_id'],
    may: caller,
  },
}

export type Body = Readonly<Record<string, string | undefined>>

export interface Call {
  /** A key of `documented`. */
  readonly route: string
  readonly id: string
  readonly body: Body
  readonly query: Readonly<Record<string, string>>
}

/** Throws for whatever WorkOS does not document. */
export function readCall(method: string, url: string, text: string): Call {
  const { pathname, searchParams } = new URL(url, 'http://stand-in')
  const parts = pathname.split('/')
  const at = parts.findIndex((part, index) => /^(factors|challenges|users)$/.test(parts[index - 1] ?? '') && part !== 'enroll')
  const id = at < 0 ? '' : decodeURIComponent(parts[at] ?? '')
  if (at >= 0) parts[at] = ':id'
  const body = text === '' ? {} : (JSON.parse(text) as Body)
  const route = [method, parts.join('/'), body.grant_type ?? body.type].filter((part) => part !== undefined)
  const name = `${route.slice(0, 2).join(' ')}${route[2] ? ` ${route[2]}` : ''}`
  const shape = documented[name]
  if (!shape) throw new Refused(404, { message: `Not documented: ${name}` })
  const odd = Object.keys(body).filter((key) => ![...shape.needs, ...(shape.may ?? [])].includes(key))
  const missing = shape.needs.filter((key) => typeof body[key] !== 'string' || body[key] === '')
  const notText = Object.entries(body).some(([key, value]) => typeof value !== (key === 'email_verified' ? 'boolean' : 'string'))
  const oddQuery = [...searchParams.keys()].filter(
    (key) => !['order', 'limit', 'after', 'before', ...(shape.query ?? [])].includes(key),
  )
  if (odd.length + missing.length + oddQuery.length > 0 || notText) {
    const errors = [
      ...missing.map((key) => ({ code: `${key}_required` })),
      ...[...odd, ...oddQuery].map((key) => ({ code: `${key}_unknown` })),
    ]
    throw new Refused(422, { message: 'Validation failed', code: 'invalid_request_parameters', errors })
  }
  return { route: name, id, body, query: Object.fromEntries(searchParams) }
}
