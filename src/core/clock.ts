/** Time, handed in, so that tests can move it. */
export interface Clock {
  /** Milliseconds on a monotonic clock: only differences mean anything, and a wrong device clock changes nothing. */
  now(): number
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

/** A duration from an answer as a deadline on the monotonic clock. Absent and absurd durations give none. */
export function deadline(at: number, inMs: number | undefined): number | undefined {
  return inMs !== undefined && Number.isFinite(inMs) && inMs >= 0 ? at + inMs : undefined
}
