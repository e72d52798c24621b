import type { ClerkAPIErrorJSON } from '@clerk/shared/types'
import type { Attribute } from './clerkStandInDevelopment.js'
import type { ClientRecord, SessionRecord, UserRecord } from './clerkStandInState.js'

/** A form as it was sent, checked against what Clerk documents for its path. */
export type Form = Readonly<Record<string, string | undefined>>

export interface Development {
  readonly without?: readonly Attribute[]
}

export interface Instance {
  readonly url: string
  readonly users: UserRecord[]
  readonly clients: ClientRecord[]
  readonly outbox: { to: string; strategy: string; text: string }[]
  /**
   * `site`: the origin that wallets are asked to sign for. `development`: there for an instance that knows test addresses and testing tokens and
   * has limits by address; `without`: what its settings have switched off.
   */
  readonly settings: { singleSession: boolean; reverifyMs: number; site: string; readonly development: Development | undefined }
  /** Of a development instance: what its Backend API has given out. */
  readonly testingTokens: Set<string>
  /** Milliseconds, by the server. */
  now(): number
}

export interface Call {
  readonly on: Instance
  readonly form: Form
  /** Parts of the path that vary. */
  readonly ids: readonly string[]
  /** Answers with the browser's client; begins one where there is none. */
  client(): ClientRecord
  /** Of `_clerk_session_id`. Throws `authentication_invalid`. */
  session(): SessionRecord
}

/** An error answer of Clerk's. */
export class Refusal extends Error {
  readonly error: ClerkAPIErrorJSON

  constructor(
    readonly status: number,
    readonly code: string,
    param?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code)
    this.error = {
      code,
      message: `Their words: ${code}`,
      long_message: `Their long words: ${code}`,
      ...(param && { meta: { param_name: param } }),
    }
  }
}

/** Of a request that nothing documents. */
export class Undocumented extends Refusal {}
