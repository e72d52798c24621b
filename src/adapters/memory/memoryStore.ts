import type { StepUpLevel } from '../../core/adapter.js'
import { type Listeners, newListeners } from './listeners.js'
import type { MemoryClock } from './memoryClock.js'
import type { MemorySettings } from './memoryOptions.js'
import type { memoryOutbox } from './memoryOutbox.js'

export interface TotpFactor {
  readonly id: string
  /** Base32, upper case, without padding. */
  readonly secret: string
  readonly createdAt: number
  verified: boolean
  friendlyName?: string
  lastUsedAt?: number
  /** The newest time step that a code was accepted for. */
  usedStep: number
  /** How it was enrolled; absent in seeded users. */
  enrollment?: TotpEnrollment
}

export interface TotpEnrollment extends Challenge {
  readonly browser: Browser
  /** The sign-in that asked for it. Absent: it was made in a session. */
  readonly attemptId?: string
  readonly expiresAt: number
}

export interface UserRecord {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly label?: string
  readonly phone?: string
  totp: TotpFactor[]
  emailSecondFactor: boolean
  backupCodes: { readonly plain: string; used: boolean }[]
  /** Failed second factors since the last that succeeded. */
  failures: number
  lockedUntil: number
}

export type FirstMethod = 'password' | 'email_code'
export type SecondMethod = 'totp' | 'email_code' | 'backup_code'
export type Method = FirstMethod | SecondMethod

/** A factor that was passed, and when. */
export interface Passed {
  readonly factorId: string
  readonly method: Method
  readonly at: number
}

/** The tries that one factor has left in an attempt and, where a code was sent, that code. */
export interface Challenge {
  readonly factorId: string
  triesLeft: number
  readonly sent?: { readonly code: string; readonly expiresAt: number; readonly askedKey: string }
}

/** One of the two factors of an attempt. */
export interface Phase {
  passed: Passed | null
  readonly challenges: Map<string, Challenge>
  /** The factor that was prepared or tried last. */
  current: string | null
}

export interface AttemptRecord {
  readonly id: string
  readonly browser: Browser
  /** As typed, so that it does not tell how, or whether, it is stored. */
  readonly identifier: string
  readonly user: UserRecord | null
  /** What a step-up asks for. `null`: this is a sign-in. */
  readonly level: StepUpLevel | null
  /** The session to be stepped up, or the one that a sign-in has made. */
  session: SessionRecord | null
  status: 'needs_first_factor' | 'needs_second_factor' | 'needs_enrollment' | 'complete'
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
  /** Set: the session is at aal2. */
  second: Passed | null
  /** Each method's last success. */
  readonly methods: Map<Method, number>
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
}

export function newBrowser(): Browser {
  return { session: null, attempt: null, trusted: new Map(), listeners: newListeners() }
}
