import type { Json } from './json.js'

/** The challenge on screen. Deadlines in milliseconds on the monotonic clock; facts that the backend does not give are absent. */
export interface Challenge {
  /** `maybe`: the send was not confirmed. */
  readonly sent: 'no' | 'yes' | 'maybe'
  /** Counts sends, so that an answer to an older code is told from one to the newest. */
  readonly sends: number
  /** Codes refused since the step opened. For a hint only: the kit locks nobody. */
  readonly failures: number
  /** Characters. */
  readonly codeLength: number
  readonly codeType: 'numeric' | 'alphanumeric'
  readonly expiresAt?: number
  readonly attemptsLeft?: number
  /** Text for a wallet to sign. */
  readonly message?: string
  /** WebAuthn request options. */
  readonly publicKey?: Json
  /** The answer may come without an act of the person here. Milliseconds between two looks. */
  readonly pollEveryMs?: number
}
