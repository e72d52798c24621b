import type { CallOptions } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import type { KeptAttempt } from '../../core/attemptBook.js'
import type { Json } from '../../core/json.js'
import type { Answer } from './connection.js'
import { phoneOf } from './contact.js'

export interface Kept extends KeptAttempt {
  /** The server's id of the half-done sign-in. */
  challenge?: string | undefined
  /** The session or half-done sign-in from before, which is not this attempt's. */
  before?: string | null | undefined
  readonly web3?: { readonly address: string; readonly chainId: number; readonly origin: string }
  /** What a wallet was asked to sign. */
  message?: string
  /** Of a reset: the server wants it once more, with the new password. */
  code?: string | undefined
  /** Once signed in, the person's other sessions end. */
  isAlone?: boolean | undefined
  /** Of a step-up, in monotonic milliseconds: a second factor passed earlier was not for it. */
  since?: number
}

/** What people answer with; each strategy takes its own. */
export interface Given {
  readonly password?: string
  readonly code?: string
  readonly credential?: Json
  readonly signature?: string
  readonly trustDevice?: boolean
}

export const first = 'needs_first_factor'

/** What later steps need of the first. */
export interface FirstStep {
  readonly advance: (kept: Kept, answer: Answer, options?: CallOptions) => Promise<SignInAttempt>
  readonly passFirst: (kept: Kept, factorId: string, given: Given, options?: CallOptions) => Promise<SignInAttempt>
  /** The newest attempt that `resume` looks for, if the answer to what began it was lost. */
  lost?: Kept | undefined
}

/** Somebody as the attempt knows them: by the number, where it began with one. */
export function named({ attempt: { identifier } }: KeptAttempt, { id, email, phoneNumber }: NonNullable<Answer['user']>) {
  const isNumber = identifier && phoneNumber === phoneOf(identifier)
  return { user: { id: `${id ?? ''}`, label: isNumber ? identifier : email } }
}
