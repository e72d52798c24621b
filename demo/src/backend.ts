import type { AuthAdapter } from 'latchkey'

/** A mail or a text message. */
export interface Mail {
  readonly to: string
  readonly subject: string
  /** Or the link. */
  readonly code: string
}

/** One account in an authenticator app. */
export interface AuthenticatorEntry {
  readonly account: string
  readonly code: string
  readonly secondsLeft: number
}

/** An adapter for the kit, and what the demo shows beside it: a mailbox, a phone, and something to protect. */
export interface Backend {
  readonly adapter: AuthAdapter
  /** Newest first. */
  mails(): Promise<readonly Mail[]>
  authenticator(): Promise<readonly AuthenticatorEntry[]>
  /** What only people with two factors get: whoever holds it checks that, not the page. */
  vault(): Promise<string>
}
