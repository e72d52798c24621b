/** A user as tests, stories and demos give one. Passwords stay in plain text in memory: for made-up users only. */
export interface SeedUser {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly label?: string
  readonly phone?: string
  /** An authenticator app that is enrolled already; `secret` in base32. */
  readonly totp?: { readonly secret: string }
  readonly emailSecondFactor?: boolean
  readonly backupCodes?: readonly string[]
  /** Locked from the start, for as long as `limits.lockMs`. */
  readonly locked?: boolean
}

/** Lifetimes and limits. Times are milliseconds of the backend's clock. */
export interface MemoryLimits {
  /** Life of a sent code. Default 10 minutes. */
  readonly codeMs: number
  /** Life of an attempt on which nothing succeeds; a code that is out holds it open for this long past the code's end. Default 10 minutes. */
  readonly attemptMs: number
  /** Life of an enrolment that is not proved. Default 5 minutes. */
  readonly enrollmentMs: number
  /** Wait between two codes to one address for one purpose. Default 30 seconds. */
  readonly resendMs: number
  /** Life of a session. Default 7 days. */
  readonly sessionMs: number
  /** How long a device stays trusted. Default 30 days. */
  readonly trustMs: number
  /** How long a lock holds. Default 15 minutes. */
  readonly lockMs: number
  /** Wrong codes that one challenge takes; the last of them ends the attempt. Default 5. */
  readonly triesPerChallenge: number
  /** Failed second factors in a row, over all attempts, that lock a user. Default 10. */
  readonly failuresToLock: number
}

export interface MemoryOptions {
  readonly users?: readonly SeedUser[]
  /** Length of sent codes, 4 to 10 characters. Default 6. */
  readonly codeLength?: number
  /** Default `numeric`. */
  readonly codeType?: 'numeric' | 'alphanumeric'
  /** Whoever has no second factor must enrol one before a session is made. Default false. */
  readonly requireMfa?: boolean
  /** `enroll`, `unenroll` and `backupCodes.generate` want the password. Default false. */
  readonly managePassword?: boolean
  /** Offer to skip the second factor on this browser later. Default true. */
  readonly trustDevice?: boolean
  /** Named in enrolment URIs whose call names none. Default `Latchkey`. */
  readonly issuer?: string
  /** How long each call takes to reach the backend. `Infinity`: it never does. Default 0. */
  readonly latencyMs?: number
  /** Backend time stands at this instant (milliseconds since 1970) and moves only by `clock.advance`. Default: the machine's time. */
  readonly manualTime?: number
  readonly limits?: Partial<MemoryLimits>
}

export type MemorySettings = Required<Omit<MemoryOptions, 'users' | 'latencyMs' | 'manualTime' | 'limits'>> & MemoryLimits

const minute = 60_000
const day = 24 * 60 * minute

const defaults: MemorySettings = {
  codeLength: 6,
  codeType: 'numeric',
  requireMfa: false,
  managePassword: false,
  trustDevice: true,
  issuer: 'Latchkey',
  codeMs: 10 * minute,
  attemptMs: 10 * minute,
  enrollmentMs: 5 * minute,
  resendMs: minute / 2,
  sessionMs: 7 * day,
  trustMs: 30 * day,
  lockMs: 15 * minute,
  triesPerChallenge: 5,
  failuresToLock: 10,
}

export function memorySettings(options: MemoryOptions): MemorySettings {
  const settings = { ...defaults, ...given(options), ...given(options.limits ?? {}) }
  const { codeLength } = settings
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10)
    throw new RangeError('codeLength is 4 to 10 characters.')
  return settings
}

/** An option given as `undefined` is not given: it must not hide the default. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}
