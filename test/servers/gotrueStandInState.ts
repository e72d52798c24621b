import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Session as VendorSession, User as VendorUser } from '@supabase/auth-js'
import type { Body } from './gotrueStandInShapes.js'

export interface FactorRecord {
  readonly id: string
  readonly type: 'totp' | 'phone' | 'webauthn'
  readonly name: string
  readonly phone?: string
  /** Base32. */
  readonly secret?: string
  credentialId?: string
  verified: boolean
  readonly createdAt: number
  challengedAt?: number
}

export interface ChallengeRecord {
  readonly id: string
  readonly factorId: string
  readonly madeAt: number
  readonly code?: string
  readonly nonce?: string
  used?: boolean
}

/** What signs somebody in, and is no second factor. */
export interface PasskeyRecord {
  readonly id: string
  readonly credentialId: string
  /** In COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  counter: number
  name: string
  readonly createdAt: number
  lastUsedAt?: number
}

export interface UserRecord {
  readonly id: string
  /** By which passkeys name their person: the id. */
  handle: string
  readonly email?: string
  readonly phone?: string
  password?: string | undefined
  confirmed: boolean
  banned: boolean
  readonly createdAt: number
  factors: FactorRecord[]
  passkeys: PasskeyRecord[]
  /** Addresses: Ethereum's in lower case, Solana's as they are. */
  readonly wallets: string[]
  /** One for each kind: the newest code overwrites the one before. */
  readonly tokens: Map<
    'email' | 'sms',
    { code: string; hash: string; sentAt: number; type: string; challenge?: string | undefined }
  >
}

export interface SessionRecord {
  readonly id: string
  readonly user: UserRecord
  aal: 'aal1' | 'aal2'
  factorId?: string
  /** Method and second. */
  readonly amr: Map<string, number>
  /** Newest last. */
  readonly refreshTokens: string[]
  swappedAt: number
}

export interface Message {
  readonly to: string
  readonly channel: 'email' | 'sms' | 'whatsapp'
  readonly code: string
  readonly link?: string
}

export class GotrueError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
    readonly more: object = {},
  ) {
    super(message)
  }
}

/** What the stand-in's tests may turn. */
export interface Settings {
  /** Between two messages to one address, in milliseconds. */
  resendMs: number
  challengeMs: number
  codeMs: number
  maxFactors: number
  /** As newer servers: only the token of the MFA answer can be refreshed after it. */
  strictRefresh: boolean
  hookRejects: boolean
  /** A client's requests are counted, as by default. */
  limits: boolean
  captcha: boolean
  /** Those that came, asked for or not. */
  captchas: string[]
  /** Who the OAuth and SSO providers say it is. */
  provider: string
  domains: string[]
  /** Of pages whose passkeys are taken. */
  origins: string[]
  enabled: Set<string>
}

export const defaultSettings = (): Settings => ({
  resendMs: 60_000,
  challengeMs: 300_000,
  codeMs: 3_600_000,
  maxFactors: 10,
  strictRefresh: false,
  hookRejects: false,
  limits: false,
  captcha: false,
  captchas: [],
  provider: '',
  domains: ['company.example'],
  origins: ['http://localhost'],
  enabled: new Set(['totp', 'phone', 'webauthn', 'passkey', 'google', 'saml']),
})

const secret = 'only-for-tests'
const sessionSeconds = 3600

/** Users, sessions and their tokens, on a clock that tests can move. */
export function createState() {
  let ahead = 0
  const users: UserRecord[] = []
  const sessions: SessionRecord[] = []
  const now = () => Date.now() + ahead
  const seconds = () => Math.floor(now() / 1000)

  function sign(session: SessionRecord): string {
    const { user } = session
    const claims = {
      iss: 'stand-in',
      sub: user.id,
      aud: 'authenticated',
      role: 'authenticated',
      email: user.email ?? '',
      phone: user.phone ?? '',
      exp: seconds() + sessionSeconds,
      iat: seconds(),
      aal: session.aal,
      amr: [...session.amr].map(([method, timestamp]) => ({ method, timestamp })).toSorted((a, b) => b.timestamp - a.timestamp),
      session_id: session.id,
      is_anonymous: false,
    }
    const head = [{ alg: 'HS256', typ: 'JWT', kid: 'stand-in' }, claims].map((part) => base64url(JSON.stringify(part))).join('.')
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
  }

  function issue(session: SessionRecord): VendorSession {
    session.refreshTokens.push(randomBytes(9).toString('base64url'))
    session.swappedAt = now()
    return {
      access_token: sign(session),
      token_type: 'bearer',
      expires_in: sessionSeconds,
      expires_at: seconds() + sessionSeconds,
      refresh_token: session.refreshTokens.at(-1) ?? '',
      user: showUser(session.user),
    } satisfies VendorSession
  }

  return {
    users,
    sessions,
    outbox: [] as Message[],
    challenges: [] as ChallengeRecord[],
    settings: defaultSettings(),
    now,
    seconds,
    issue,
    advance: (ms: number) => void (ahead += ms),
    /** Back to the time that it is. */
    settle: () => void (ahead = 0),

    addUser(body: Body): UserRecord {
      const id = randomUUID()
      const user: UserRecord = {
        id,
        handle: id,
        ...(body.email ? { email: body.email.toLowerCase() } : {}),
        ...(body.phone ? { phone: body.phone.replace(/\D/g, '') } : {}),
        password: body.password,
        confirmed: body.email_confirm === true || body.phone_confirm === true,
        banned: Boolean(body.ban_duration),
        createdAt: now(),
        factors: [],
        passkeys: [],
        wallets: [],
        tokens: new Map(),
      }
      users.push(user)
      return user
    },

    begin(user: UserRecord, method: string): VendorSession {
      if (user.banned) throw new GotrueError(400, 'user_banned', 'User is banned')
      const session: SessionRecord = {
        id: randomUUID(),
        user,
        aal: 'aal1',
        amr: new Map([[method, seconds()]]),
        refreshTokens: [],
        swappedAt: 0,
      }
      sessions.push(session)
      return issue(session)
    },

    /** The session of an access token, checked as the server checks it. */
    authenticate(header: string | undefined): SessionRecord {
      const token = header?.replace(/^Bearer /, '') ?? ''
      const [head = '', payload = '', signature] = token.split('.')
      if (!token) throw new GotrueError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
      if (createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url') !== signature)
        throw new GotrueError(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature')
      const { exp, session_id } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number; session_id: string }
      if (exp < seconds())
        throw new GotrueError(
          403,
          'bad_jwt',
          'invalid JWT: unable to parse or verify signature, token has invalid claims: token is expired',
        )
      const session = sessions.find(({ id }) => id === session_id)
      if (!session) throw new GotrueError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
      return session
    },

    end(gone: (session: SessionRecord) => boolean): void {
      for (const session of sessions.filter(gone)) sessions.splice(sessions.indexOf(session), 1)
    },

    removeUser(id: string): void {
      const at = users.findIndex((user) => user.id === id)
      if (at < 0) throw new GotrueError(404, 'user_not_found', 'User not found')
      this.end(({ user }) => user.id === id)
      users.splice(at, 1)
    },

    findUser: (email?: string | null, phone?: string | null) =>
      users.find((user) => (email ? user.email === email.toLowerCase() : phone && user.phone === phone.replace(/\D/g, ''))),
  }
}

export type State = ReturnType<typeof createState>

export function showUser(user: UserRecord): VendorUser {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    id: user.id,
    aud: 'authenticated',
    role: 'authenticated',
    ...(user.email && { email: user.email }),
    phone: user.phone ?? '',
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: {},
    identities: [],
    created_at: iso(user.createdAt),
    is_anonymous: false,
    ...(user.factors.length > 0 && {
      factors: user.factors.map((factor) => ({
        id: factor.id,
        friendly_name: factor.name,
        factor_type: factor.type,
        status: factor.verified ? ('verified' as const) : ('unverified' as const),
        created_at: iso(factor.createdAt),
        updated_at: iso(factor.createdAt),
        ...(factor.phone && { phone: factor.phone }),
      })),
    }),
  } satisfies VendorUser
}

export const base64url = (text: string) => Buffer.from(text).toString('base64url')
export const randomCode = () => String(randomInt(1_000_000)).padStart(6, '0')
