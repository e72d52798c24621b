import type { Json } from './json.js'
import type { Channel, EnrollType, FirstStrategy, IdentifierType, SecondStrategy, Strategy } from './strategy.js'

/** All that callers hand back of an attempt. The adapter keeps its own record under this id. */
export interface AttemptRef {
  readonly id: string
}

interface AttemptBase extends AttemptRef {
  readonly purpose: 'sign_in' | 'reset_password' | 'step_up'
  readonly identifier: string | null
  readonly supportedFirstFactors: readonly FactorOption<FirstStrategy>[]
  /** `null`: not known yet. `[]`: the person has none. */
  readonly supportedSecondFactors: readonly FactorOption<SecondStrategy>[] | null
  readonly firstFactorVerification: Verification | null
  readonly secondFactorVerification: Verification | null
  /** This attempt made a session, so giving it up signs out. False for every step-up. */
  readonly cancelSignsOut: boolean
  readonly notice?: 'password_changed' | 'new_device'
  /** Milliseconds from the answer's arrival. */
  readonly expiresInMs?: number
}

export type SignInAttempt = AttemptBase &
  (
    | { readonly status: 'needs_identifier' | 'needs_first_factor' | 'needs_second_factor' | 'needs_new_password' | 'complete' }
    | { readonly status: 'needs_redirect'; readonly redirectUrl: string }
    | { readonly status: 'needs_enrollment'; readonly enroll: readonly EnrollType[] }
    /** A link was opened here for an attempt that waits on another device. */
    | { readonly status: 'verified_elsewhere' }
    /** The backend asks for something that the kit has never heard of; `detail` is the backend's own key for it. */
    | { readonly status: 'unsupported'; readonly detail: string }
  )

export interface FactorOption<S extends Strategy = Strategy> {
  /** Made by the adapter and unique in the attempt (`email_code:idn_1`), never a bare vendor id. */
  readonly id: string
  readonly strategy: S
  /** Where a code goes, masked by the adapter. The kit has no way to unmask it. */
  readonly hint?: string
  readonly label?: string
  /** Opened without asking: the choice of the person or the backend among all of them, not an address's rank among addresses. */
  readonly primary?: boolean
  readonly channels?: readonly Channel[]
}

/** What the backend says of a challenge. Facts that it does not give stay absent. Durations are milliseconds from arrival. */
export interface Verification {
  readonly status: 'unverified' | 'verified' | 'failed' | 'expired'
  readonly factorId: string
  readonly expiresInMs?: number
  readonly resendInMs?: number
  readonly attemptsLeft?: number
  /** Characters. */
  readonly codeLength?: number
  readonly codeType?: 'numeric' | 'alphanumeric'
  /** `reload()` may answer differently without an act of the person (link, popup). */
  readonly pollEveryMs?: number
  /** Text for a wallet to sign. */
  readonly message?: string
  /** WebAuthn request options. */
  readonly publicKey?: Json
}

/**
 * `signature`: as an Ethereum wallet gives it (`0x` and hex; EIP-191). Of a Solana wallet the 64 bytes of Ed25519 (RFC 8032 §5.1.6) in base64 with
 * its padding (RFC 4648 §4), over the text's UTF-8.
 */
export type Proof = { code: string } | { password: string } | { credential: Json } | { signature: string }

export type CreateParams =
  | { identifier: string; identifierType?: IdentifierType; password?: string }
  | { strategy: 'reset_password_email_code' | 'reset_password_phone_code'; identifier: string }
  | { strategy: `oauth_${string}`; redirectUrl: string }
  | { strategy: 'enterprise_sso'; identifier?: string; connection?: string; redirectUrl: string }
  /** A Solana account, in base58. It is the same one on all networks, so there is no chain to name. */
  | { strategy: 'web3_solana_signature'; address: string; chainId?: undefined; origin: string }
  /** An Ethereum account (`0x…`) and its chain's number (EIP-155). */
  | { strategy: `web3_${string}_signature`; address: string; chainId: number; origin: string }

export interface PrepareParams {
  factorId: string
  channel?: Channel
  redirectUrl?: string
}
