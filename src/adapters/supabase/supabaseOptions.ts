import type { FirstStrategy } from '../../core/strategy.js'

export interface SupabaseAdapterOptions {
  /** What people may type to be known by. Default `['email']`. */
  readonly identifiers?: readonly ('email' | 'phone')[]
  /**
   * The first factors that the project offers; a client cannot know them. `email_code` and `email_link` are one message there, whose
   * template decides which it holds. `web3_solana_signature` is Solana, any other `web3_*` Ethereum, with any wallet. Default `['password']`.
   */
  readonly firstFactors?: readonly FirstStrategy[]
  /** The second factors that the project lets people enrol. Those that they have are asked for either way. Default `['totp']`. */
  readonly secondFactors?: readonly ('totp' | 'phone_code' | 'security_key')[]
  /**
   * What people get who add a key, where the project has both: a passkey signs in and is no second factor there, a security key is nothing else.
   * Default `security_key` if `secondFactors` has it, else `passkey`.
   */
  readonly webauthn?: 'passkey' | 'security_key'
  /** Characters of the codes in messages, where the project has changed them. Those of authenticator apps have 6. */
  readonly codeLength?: number
}
