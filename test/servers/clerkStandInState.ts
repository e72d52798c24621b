import { createHash, randomBytes, randomInt, type KeyObject } from 'node:crypto'
import type {
  ClerkAPIErrorJSON,
  ClientJSON,
  PasskeyJSON,
  PhoneNumberJSON,
  PublicUserDataJSON,
  SessionJSON,
  SessionVerificationJSON,
  SignInJSON,
  UserJSON,
  VerificationJSON,
} from '@clerk/shared/types'

/**
 * What the stand-in for Clerk's Frontend API keeps, and how it is written on the wire. The forms are Clerk's own published types; the one
 * liberty is that `error` of a verification is null where there is none, as Clerk's client reads it.
 */
export type Wire<T> = T extends VerificationJSON
  ? Omit<T, 'error'> & { error: ClerkAPIErrorJSON | null }
  : T extends readonly (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

export interface Check {
  strategy: string
  status: VerificationJSON['status']
  attempts: number
  expireAt: number
  /** What answers it. */
  code?: string
  nonce?: string
  message?: string
  redirectUrl?: string
  external?: string
  error?: ClerkAPIErrorJSON
  target?: string | undefined
}

export interface SignInRecord {
  id: string
  user: UserRecord | null
  identifier: string
  status: SignInJSON['status']
  first: Check | null
  second: Check | null
  sessionId: string | null
  client: ClientRecord
  /** A sign-in is given up after a day. */
  until: number
}

export interface SessionRecord {
  id: string
  user: UserRecord
  client: ClientRecord
  tasks: NonNullable<SessionJSON['tasks']>
  /** When a first and a second factor were passed, in milliseconds. */
  passed: [first: number | null, second: number | null]
  check?: Reverification
}

export interface Reverification {
  level: SessionVerificationJSON['level']
  status: SessionVerificationJSON['status']
  first: Check | null
  second: Check | null
}

export interface ClientRecord {
  id: string
  token: string
  sessions: SessionRecord[]
  signIn: SignInRecord | null
  lastActive: string | null
}

export interface PhoneRecord {
  id: string
  number: string
  verified: boolean
  reserved: boolean
  isDefault: boolean
  check: Check | null
}

export interface PasskeyRecord {
  id: string
  name: string | null
  credentialId: string
  publicKey: KeyObject | null
  challenge: string
  createdAt: number
}

export interface UserRecord {
  id: string
  email: string
  emailId: string
  password: string
  phones: PhoneRecord[]
  totp: { id: string; secret: string; verified: boolean; lastStep: number } | null
  backupCodes: Set<string>
  passkeys: PasskeyRecord[]
  wallets: {
    id: string
    address: string
    provider: 'metamask' | 'coinbase_wallet' | 'okx_wallet' | 'solana'
    publicKey: KeyObject
  }[]
  /** Providers that know the person. */
  oauth: string[]
  /** E-mail as a second factor. */
  emailSecond: ('email_code' | 'email_link')[]
  passkeySecond: boolean
  /** Signs in from a device that Clerk does not know. */
  newDevice: boolean
  /** Older instances say `saml`. */
  sso: ('enterprise_sso' | 'saml') | null
  tasks: NonNullable<SessionJSON['tasks']>
  failures: number
  refusal: string | null
}

let count = 0
export const newId = (prefix: string) => `${prefix}_${++count}${randomBytes(6).toString('hex')}`
export const newToken = () => randomBytes(24).toString('base64url')
export const newCode = () => String(randomInt(0, 1_000_000)).padStart(6, '0')
export const digest = (text: string) => createHash('sha256').update(text).digest('base64url')
export const masked = (email: string) => email.replace(/^(.).*@(.).*(\.\w+)$/, '$1*****@$2*****$3')
export const maskedNumber = (number: string) => number.replace(/\d(?=\d{2})/g, '*')

export function verificationJson(check: Check | null) {
  if (!check) return null
  return {
    object: `verification_${check.strategy}`,
    id: '',
    status: check.status,
    verified_at_client: '',
    strategy: check.strategy,
    ...(check.nonce && { nonce: check.nonce }),
    ...(check.message && { message: check.message }),
    ...(check.external && { external_verification_redirect_url: check.external }),
    attempts: check.attempts,
    expire_at: check.expireAt,
    error: check.error ?? null,
  } satisfies Wire<VerificationJSON>
}

const verified = (strategy: string) =>
  verificationJson({ strategy, status: 'verified', attempts: 1, expireAt: 4_102_444_800_000 })

export function phoneJson(phone: PhoneRecord) {
  return {
    object: 'phone_number',
    id: phone.id,
    phone_number: phone.number,
    reserved_for_second_factor: phone.reserved,
    default_second_factor: phone.isDefault,
    linked_to: [],
    verification: phone.verified ? verified('phone_code') : verificationJson(phone.check),
  } satisfies Wire<PhoneNumberJSON>
}

export function passkeyJson(passkey: PasskeyRecord, nonce?: string) {
  return {
    object: 'passkey',
    id: passkey.id,
    name: passkey.name,
    verification: nonce
      ? verificationJson({ strategy: 'passkey', status: 'unverified', attempts: 0, expireAt: 4_102_444_800_000, nonce })
      : verified('passkey'),
    last_used_at: null,
    updated_at: passkey.createdAt,
    created_at: passkey.createdAt,
  } satisfies Wire<PasskeyJSON>
}

export const hasSecondPasskey = (user: UserRecord) => user.passkeySecond && user.passkeys.some(({ publicKey }) => publicKey)

export const hasSecondFactor = (user: UserRecord) =>
  Boolean(user.totp?.verified || user.phones.some((phone) => phone.reserved) || user.emailSecond.length || hasSecondPasskey(user))

export function userJson(user: UserRecord) {
  return {
    object: 'user',
    id: user.id,
    external_id: null,
    primary_email_address_id: user.emailId,
    primary_phone_number_id: user.phones[0]?.id ?? null,
    primary_web3_wallet_id: null,
    image_url: '',
    has_image: false,
    username: null,
    email_addresses: [
      {
        object: 'email_address',
        id: user.emailId,
        email_address: user.email,
        verification: verified('email_code'),
        linked_to: [],
        matches_sso_connection: false,
      },
    ],
    phone_numbers: user.phones.map(phoneJson),
    web3_wallets: user.wallets.map(({ id, address, provider }) => ({
      object: 'web3_wallet' as const,
      id,
      web3_wallet: address,
      verification: verified(`web3_${provider}_signature`),
    })),
    external_accounts: [],
    enterprise_accounts: [],
    passkeys: user.passkeys.filter(({ publicKey }) => publicKey).map((passkey) => passkeyJson(passkey)),
    organization_memberships: [],
    password_enabled: true,
    profile_image_id: '',
    first_name: null,
    last_name: null,
    totp_enabled: user.totp?.verified ?? false,
    backup_code_enabled: user.backupCodes.size > 0,
    two_factor_enabled: hasSecondFactor(user),
    public_metadata: {},
    unsafe_metadata: {},
    last_sign_in_at: null,
    create_organization_enabled: false,
    create_organizations_limit: null,
    delete_self_enabled: false,
    legal_accepted_at: null,
    timezone: null,
    updated_at: 1,
    created_at: 1,
  } satisfies Wire<UserJSON>
}

export function sessionJson(session: SessionRecord, now: number) {
  const { user, passed, tasks } = session
  const age = (at: number | null) => (at === null ? -1 : Math.floor((now - at) / 60_000))
  return {
    object: 'session',
    id: session.id,
    status: tasks.length > 0 ? 'pending' : 'active',
    factor_verification_age: [age(passed[0]), age(passed[1])],
    expire_at: now + 7 * 24 * 3_600_000,
    abandon_at: now + 30 * 24 * 3_600_000,
    last_active_at: now,
    last_active_token: { id: '', object: 'token', jwt: sessionToken(session, now) },
    last_active_organization_id: null,
    actor: null,
    tasks: tasks.length > 0 ? tasks : null,
    user: userJson(user),
    public_user_data: {
      first_name: null,
      last_name: null,
      image_url: '',
      has_image: false,
      identifier: user.email,
      user_id: user.id,
    } satisfies PublicUserDataJSON,
    created_at: 1,
    updated_at: now,
  } satisfies Wire<SessionJSON>
}

/** Has the form of Clerk's, and a signature that nobody checks. */
export function sessionToken({ id, user, passed }: SessionRecord, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(now / 1000)
  const claims = { iss: 'https://clerk.local.test', sub: user.id, sid: id, iat, nbf: iat - 10, exp: iat + 60, fva: passed }
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${digest(`${id} ${iat}`)}`
}

export function clientJson(client: ClientRecord, now: number, signIn: Wire<SignInJSON> | null) {
  return {
    object: 'client',
    id: client.id,
    sessions: client.sessions.map((session) => sessionJson(session, now)),
    sign_in: signIn,
    sign_up: null,
    last_active_session_id: client.lastActive,
    last_authentication_strategy: null,
    captcha_bypass: false,
    cookie_expires_at: null,
    created_at: 1,
    updated_at: now,
  } satisfies Wire<ClientJSON>
}
