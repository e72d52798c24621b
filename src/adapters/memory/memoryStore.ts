import type { StepUpLevel } from '../../core/adapter.js'
import type { SignInAttempt, Verification } from '../../core/attempt.js'
import type { FirstStrategy, Strategy } from '../../core/strategy.js'
import { type Listeners, newListeners } from './listeners.js'
import type { MemoryClock } from './memoryClock.js'
import type { memoryOutbox } from './memoryOutbox.js'
import type { MemorySettings } from './memorySettings.js'

interface AnyFactor {
  readonly id: string
  /** Absent in mailboxes of seeded users: they were always there. */
  readonly createdAt?: number
  verified: boolean
  friendlyName?: string
  lastUsedAt?: number
  isDefault?: boolean
  /** How it was enrolled; absent in seeded users. */
  readonly enrollment?: EnrollmentRecord
}

export interface TotpFactor extends AnyFactor {
  readonly strategy: 'totp'
  /** Base32, upper case, without padding. */
  readonly secret: string
  /** The newest time step that a code was accepted for. */
  usedStep: number
}

export interface AddressFactor extends AnyFactor {
  readonly strategy: 'phone_code' | 'email_code'
  readonly address: string
}

export interface KeyFactor extends AnyFactor {
  strategy: 'passkey' | 'security_key'
  /** `null` as long as it is not proved. */
  credential: { readonly id: string; readonly publicKey: Uint8Array<ArrayBuffer>; counter: number } | null
  transports?: readonly string[]
}

export type FactorRecord = TotpFactor | AddressFactor | KeyFactor

export interface EnrollmentRecord extends Challenge {
  readonly browser: Browser
  /** The sign-in that asked for it. Absent: it was made in a session. */
  readonly attemptId?: string
  readonly expiresAt: number
}

export interface UserRecord {
  readonly id: string
  readonly email: string
  password?: string
  readonly label?: string
  readonly phone?: string
  readonly wallets?: readonly string[]
  readonly providers?: readonly FirstStrategy[]
  readonly mustEnroll?: boolean
  /** Second factors and passkeys. */
  factors: FactorRecord[]
  backupCodes: { readonly plain: string; used: boolean }[]
  /** Failed second factors since the last that succeeded. */
  failures: number
  lockedUntil: number
}

/** A factor that was passed, and when. */
export interface Passed {
  readonly factorId: string
  readonly method: Strategy
  readonly at: number
}

/** What waits for its answer: a code that was sent, a link, a passkey's challenge or a wallet's message. */
export interface Sent {
  /** What has to come back. */
  readonly code: string
  readonly expiresAt: number
  /** Where something left the house: what its wait is counted by. */
  readonly askedKey?: string
  /** It comes back as the token of a link. */
  readonly isLink?: boolean
  /** It comes back as the state of a provider, whose address this is. */
  readonly providerUrl?: string
  /** What callers are told of it, beside times and tries. */
  readonly facts: Partial<Verification>
}

/** The tries that one factor has left in an attempt and, where something waits for its answer, that. */
export interface Challenge {
  readonly factorId: string
  triesLeft: number
  sent?: Sent
}

export type FactorStep = 'first' | 'second'

/** One of the two factors of an attempt. */
export interface Phase {
  passed: Passed | null
  readonly challenges: Map<string, Challenge>
  /** The factor that was prepared or tried last. */
  current: string | null
}

export interface AttemptRecord {
  readonly id: string
  /** Where it goes on. An opened link may move it. */
  browser: Browser
  /** As typed, so that it does not tell how, or whether, it is stored. */
  identifier: string | null
  user: UserRecord | null
  readonly purpose: SignInAttempt['purpose']
  /** Set: the attempt was begun for this way in, and offers no other. */
  readonly only?: FirstStrategy
  /** Of a sign-in with a wallet: what its message names. */
  readonly wallet?: { readonly address: string; readonly chainId?: number | undefined; readonly origin: string }
  /** What a step-up asks for. `null`: this is a sign-in or a reset. */
  readonly level: StepUpLevel | null
  /** The session to be stepped up, or the one that a sign-in has made. */
  session: SessionRecord | null
  status:
    | 'needs_identifier'
    | 'needs_first_factor'
    | 'needs_second_factor'
    | 'needs_enrollment'
    | 'needs_new_password'
    | 'needs_redirect'
    | 'verified_elsewhere'
    | 'complete'
  notice?: 'password_changed'
  finished: boolean
  expiresAt: number
  readonly first: Phase
  readonly second: Phase
}

export interface SessionRecord {
  readonly id: string
  readonly user: UserRecord
  readonly expiresAt: number
  first: Passed
  /** Set: the session is at aal2. The same as `first` where one act proved both, as a passkey does that checks its person. */
  second: Passed | null
  /** Each method's last success. */
  readonly methods: Map<Strategy, number>
}

/** What a browser would keep in cookies. Adapters of one browser share it, as tabs do. */
export interface Browser {
  session: SessionRecord | null
  /** The newest attempt, for `resume`. */
  attempt: AttemptRecord | null
  /** User id to the end of the trust. */
  readonly trusted: Map<string, number>
  readonly listeners: Listeners
}

/** Everything one backend holds. */
export interface MemoryStore {
  readonly settings: MemorySettings
  readonly clock: MemoryClock
  readonly outbox: ReturnType<typeof memoryOutbox>
  readonly users: Map<string, UserRecord>
  readonly sessions: Set<SessionRecord>
  readonly attempts: Map<string, AttemptRecord>
  readonly browsers: Map<string, Browser>
  /** When a code was last asked for, by purpose and address, of unknown addresses too. */
  readonly asked: Map<string, number>
  /** What the provider answers with, to who signed in there. Each works once. */
  readonly providerCodes: Map<string, string>
}

export function newBrowser(): Browser {
  return { session: null, attempt: null, trusted: new Map(), listeners: newListeners() }
}
