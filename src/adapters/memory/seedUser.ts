import type { FirstStrategy } from '../../core/strategy.js'

/** A passkey or security key that is registered already. */
export interface SeedPasskey {
  /** The credential's id, in base64url. */
  readonly id: string
  /** The COSE key, as `verifyRegistrationResponse` tells it. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** How often it has signed. Default 0: it does not count. */
  readonly counter?: number
  readonly friendlyName?: string
  readonly transports?: readonly string[]
  /** A `passkey` opens the door by itself; a `security_key` is a second factor only. Default `passkey`. */
  readonly strategy?: 'passkey' | 'security_key'
}

/** A user as tests, stories and demos give one. Passwords stay in plain text in memory: for made-up users only. */
export interface SeedUser {
  readonly id: string
  readonly email: string
  /** Absent: there is none, and every one is wrong. */
  readonly password?: string
  readonly label?: string
  /** In full (`+15550100`). Where `phone_code` as a first factor sends to; an identifier, where phones are. */
  readonly phone?: string
  /** `phone` is a second factor. Default false. */
  readonly phoneSecondFactor?: boolean
  /** An authenticator app that is enrolled already; `secret` in base32. */
  readonly totp?: { readonly secret: string }
  /** `email` is a second factor, by code or link. Default false. */
  readonly emailSecondFactor?: boolean
  /** Their `userHandle` is the user's id in UTF-8. */
  readonly passkeys?: readonly SeedPasskey[]
  readonly backupCodes?: readonly string[]
  /** Addresses: Ethereum's (`0x…`) in any case, Solana's in base58. */
  readonly wallets?: readonly string[]
  /** Through which providers they come in, by their e-mail address there. Default: all that the backend offers. */
  readonly providers?: readonly FirstStrategy[]
  /** As long as they have no second factor, they must enrol one before a session is made; `requireMfa` says so of everybody. Default false. */
  readonly mustEnroll?: boolean
  /** Locked from the start, for as long as `limits.lockMs`. */
  readonly locked?: boolean
}
