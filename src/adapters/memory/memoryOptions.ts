import type { Channel, EnrollType, FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import type { SeedUser } from './seedUser.js'
import type { WalletVerifier } from './walletVerifier.js'
import type { WebAuthnOptions } from './webAuthnServer.js'

/** Lifetimes and limits. Times are milliseconds of the backend's clock. */
export interface MemoryLimits {
  /** Life of a sent code or link. Default 10 minutes. */
  readonly codeMs: number
  /** Life of an attempt on which nothing succeeds; a code that is out holds it open for this long past the code's end. Default 10 minutes. */
  readonly attemptMs: number
  /** Life of an enrolment that is not proved. Default 5 minutes. */
  readonly enrollmentMs: number
  /** Life of a passkey's challenge and of a wallet's message. Default 5 minutes. */
  readonly ceremonyMs: number
  /** Wait between two codes to one address for one purpose. Default 30 seconds. */
  readonly resendMs: number
  /** How often a page may look whether a link was opened or a provider has answered. Default 2 seconds. */
  readonly pollMs: number
  /** Life of a session. Default 7 days. */
  readonly sessionMs: number
  /** How long a device stays trusted. Default 30 days. */
  readonly trustMs: number
  /** How long a lock holds. Default 15 minutes. */
  readonly lockMs: number
  /** Wrong codes that one challenge takes; the last of them ends the attempt. Default 5. */
  readonly triesPerChallenge: number
  /** Failed second factors in a row, over all attempts, that lock a user. Default 10. */
  readonly failuresToLock: number
  /** Second factors and passkeys of one user, those included that are still to be proved. Default 20. */
  readonly factorsPerUser: number
}

/** What a new password has to be. Lengths in code points. */
export interface NewPasswordRules {
  /** A shorter one is `password_weak`. Default 8. */
  readonly minLength?: number
  /** A longer one is `password_weak`. Default: none is too long. */
  readonly maxLength?: number
  /** These are `password_pwned`. */
  readonly blocklist?: readonly string[]
}

export interface MemoryOptions {
  readonly users?: readonly SeedUser[]
  /**
   * Ways in, as they are offered. Passkeys need `webAuthn`, wallets (`web3_metamask_signature`, …) need `wallets`, `enterprise_sso` needs
   * `ssoDomains`. Default `password` and `email_code`.
   */
  readonly firstFactors?: readonly FirstStrategy[]
  /** In the order in which they are offered. Passkeys and security keys need `webAuthn`. Default `totp`, `email_code` and `backup_code`. */
  readonly secondFactors?: readonly SecondStrategy[]
  /** What can be enrolled. Default: apps, phones and passkeys, each where a factor that is offered rests on it. */
  readonly enroll?: readonly EnrollType[]
  /** What people sign in by. Default `email`, and `phone` where `phone_code` is a first factor. */
  readonly identifiers?: readonly ('email' | 'phone')[]
  /** Ways for codes to a phone, told as each option's `channels`. Default: text messages, and nothing is told. */
  readonly phoneChannels?: readonly Channel[]
  /** Where the sign-in goes on once a link was opened: where it began, or where the link was opened. Default `this_tab`. */
  readonly emailLink?: 'this_tab' | 'opened_tab'
  /** A link opened in another browser than the sign-in's is refused as `link_other_device`. Default false. */
  readonly emailLinkSameBrowser?: boolean
  /** For resets. */
  readonly newPassword?: NewPasswordRules
  /** A reset ends in a session; if not, at `needs_identifier` with the notice `password_changed`. Default true. */
  readonly resetSignsIn?: boolean
  /** Where `oauth_*` and `enterprise_sso` lead. Nobody is there: `backend.provider` plays it. Default `https://provider.invalid/authorize`. */
  readonly providerUrl?: string
  /** Domains of addresses that `enterprise_sso` is for; also the names of its connections. Default: none. */
  readonly ssoDomains?: readonly string[]
  /** Checks what passkeys and security keys answer. */
  readonly webAuthn?: WebAuthnOptions
  /** Checks what wallets have signed; viem's `verifyMessage` fits. Solana's need `verifySolana` besides. */
  readonly wallets?: WalletVerifier
  /** Length of sent codes, 4 to 10 characters. Default 6. */
  readonly codeLength?: number
  /** Default `numeric`. */
  readonly codeType?: 'numeric' | 'alphanumeric'
  /** Whoever has no second factor must enrol one before a session is made. Default false. */
  readonly requireMfa?: boolean
  /** `enroll`, `unenroll` and `backupCodes.generate` want the password. Default false. */
  readonly managePassword?: boolean
  /** Offer to skip the second factor on this browser later. Default true. */
  readonly trustDevice?: boolean
  /** Named in enrolment URIs whose call names none, and to whoever makes a passkey. Default `Latchkey`. */
  readonly issuer?: string
  /** How long each call takes to reach the backend. `Infinity`: it never does. Default 0. */
  readonly latencyMs?: number
  /** Backend time stands at this instant (milliseconds since 1970) and moves only by `clock.advance`. Default: the machine's time. */
  readonly manualTime?: number
  readonly limits?: Partial<MemoryLimits>
}
