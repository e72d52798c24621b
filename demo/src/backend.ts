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

export interface Transfer {
  readonly to: string
  readonly amount: string
}

export interface PayoutAccount {
  readonly holder: string
  readonly iban: string
}

/**
 * What is worth guarding. Whoever holds it checks on every call, not the page: the vault wants two factors, everything with money wants the second
 * one passed within `recentMs`. A refusal that a step-up would lift is one that the adapter's `stepUp.detect` knows, or an `AuthError`.
 */
export interface Guarded {
  vault(): Promise<string>
  /** In cents. */
  balance(): Promise<number>
  transfer(order: Transfer): Promise<void>
  savePayout(account: PayoutAccount): Promise<void>
}

/** An adapter for the kit, and what the demo shows beside it: a mailbox, a phone, and something to protect. */
export interface Backend extends Guarded {
  readonly adapter: AuthAdapter
  /** Newest first. */
  mails(): Promise<readonly Mail[]>
  /** Calls back when one has come, until the answer is called. Where it is missing, somebody has to look. */
  onMail?(came: () => void): () => void
  authenticator(): Promise<readonly AuthenticatorEntry[]>
}
