import { deadline } from './clock.js'
import { isActive, levels, type Level, type Reading, type Session } from './session.js'

export interface Requirement {
  readonly require: Level
  /** How long ago the second factor may have been passed (the first, where `aal1` is required). Milliseconds, by the server's time. */
  readonly maxAgeMs?: number | undefined
}

/** `unknown`: the backend does not say enough, so the gate stays closed. */
export type Verdict = 'signed_out' | 'step_up' | 'enroll' | 'unknown' | 'allowed'

/** Is `level` at least `wanted`? A level that is `null` or not known satisfies nothing. */
export function satisfies(level: Level | null, wanted: Level): boolean {
  return level !== null && levels.includes(level) && levels.indexOf(level) >= levels.indexOf(wanted)
}

/**
 * What a session is worth against a requirement. Never "current equals next": a session whose factors are not known reports both as equal.
 * `now` is on the clock of the reading's `at`.
 */
export function judge({ session, at }: Reading, { require, maxAgeMs }: Requirement, now: number): Verdict {
  if (!isActive(session) || (session.expiresInMs ?? 1) <= 0) return 'signed_out'
  if (!levels.includes(require)) return 'unknown'
  if (satisfies(session.currentLevel, require)) {
    if (maxAgeMs === undefined) return 'allowed'
    const age = ageOf(session, require)
    return age !== undefined && age + (now - at) <= maxAgeMs ? 'allowed' : 'step_up'
  }
  if (session.currentLevel === null || session.nextLevel === null) return 'unknown'
  return satisfies(session.nextLevel, require) ? 'step_up' : 'enroll'
}

function ageOf(session: Session, require: Level): number | undefined {
  return require === 'aal1' ? session.firstFactorAgeMs : session.secondFactorAgeMs
}

/** When a verdict of `allowed` runs out, on the clock of the reading's `at`. `Infinity`: never by itself. */
export function runsOutAt(reading: Reading, requirement: Requirement): number {
  return Math.min(agesAt(reading, requirement), deadline(reading.at, reading.session?.expiresInMs) ?? Infinity)
}

function agesAt({ session, at }: Reading, { require, maxAgeMs }: Requirement): number {
  const age = session ? ageOf(session, require) : undefined
  return maxAgeMs !== undefined && age !== undefined ? at + maxAgeMs - age : Infinity
}

/**
 * When people are told that a maximum age runs out: two minutes before, where there is room half of it, and never less than 20 seconds (WCAG 2.2
 * §2.2.1). `Infinity`: it does not.
 */
export function warnsAt(reading: Reading, requirement: Requirement): number {
  return agesAt(reading, requirement) - Math.max(20_000, Math.min(120_000, (requirement.maxAgeMs ?? 0) / 2))
}

/** How long people may still go on without a second factor. Both instants are your server's, in ISO 8601 with a zone: a device's clock decides nothing. */
export interface Grace {
  readonly until: Date | string
  /** What your server's clock showed when it told `until`. */
  readonly now: Date | string
}

/** Milliseconds that were left at `now`. 0: none, and none where one of the two is no instant. */
export function graceLeft({ until, now }: Grace): number {
  const left = instant(until) - instant(now)
  return left > 0 ? left : 0
}

function instant(given: unknown): number {
  if (given instanceof Date) return given.getTime()
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(given) ? Date.parse(given) : NaN
}
