import type { CallOptions } from '../../core/adapter.js'
import type { PrepareParams, SignInAttempt } from '../../core/attempt.js'
import type { KeptAttempt } from '../../core/attemptBook.js'
import type { FirstStrategy } from '../../core/strategy.js'
import type { State } from './claims.js'
import type { Contact } from './supabaseAuth.js'

export interface Kept extends KeptAttempt {
  /** The session that was there before; it is not this attempt's. */
  before?: string | undefined
  /** Another tab may sign in for this one. */
  isWatched?: boolean
  isPasswordSet?: boolean
  readonly web3?: { readonly address: string; readonly chainId?: number | undefined; readonly origin: string }
  /** What a wallet was asked to sign. */
  message?: string
  /** Of a passkey. */
  challengeId?: string
}

/** What the other ways in need of it. */
export interface Steps {
  readonly start: (strategies: readonly FirstStrategy[], attempt: object, kept?: object) => Kept
  readonly startIn: (state: State, attempt: object) => Kept
  readonly prepare: (kept: Kept, params: PrepareParams, options?: CallOptions) => Promise<SignInAttempt>
  readonly pickUp: (state: State | null, isBack: boolean) => SignInAttempt | null
}

export const first = 'needs_first_factor'
export const second = 'needs_second_factor'
export const newPassword = 'needs_new_password'
export const reset = 'reset_password'

/** What the attempt's person is known by, in Supabase's words. */
export function contactOf({ identifier }: SignInAttempt): Contact {
  const typed = `${identifier}`
  return typed.includes('@') ? { email: typed } : { phone: typed }
}
