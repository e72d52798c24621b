import type { OAuthStrategy } from '../../core/strategy.js'

/** An e-mail code that is to be sent. */
export interface CodeMessage {
  readonly email: string
  readonly code: string
  /** Milliseconds. */
  readonly expiresInMs?: number
}

/**
 * WorkOS's plain MFA factors belong to no user, so the app keeps which are whose: the ids of the factors that each of WorkOS's users has
 * proved. Secrets and numbers stay with WorkOS.
 */
export interface FactorStore {
  list(userId: string): Promise<readonly string[]>
  /** May be called again with the same id. */
  add(userId: string, factorId: string): Promise<void>
  /** May be called with an id that is not there. */
  remove(userId: string, factorId: string): Promise<void>
}

export interface WorkOSAdapterOptions {
  /**
   * What the environment allows: `password`, `email_code` for Magic Auth, `oauth_google` and the like for its providers, `oauth_authkit` for the
   * hosted sign-in, `enterprise_sso` for the organizations' connections. Default `['password']`.
   */
  readonly firstFactors?: readonly ('password' | 'email_code' | OAuthStrategy | 'enterprise_sso')[]
  /**
   * Whom people are signed in for where WorkOS has them choose between organizations of which it is one, and whose `enterprise_sso` is where the
   * page names no `connection`. Not a check: who belongs to one other organization is not asked, and signs in for that.
   */
  readonly organizationId?: string
  /** Sends the code of Magic Auth. Needed where the environment has WorkOS's own e-mail turned off. */
  readonly deliver?: ((message: CodeMessage) => unknown) | undefined
  /** Second factors by WorkOS's plain MFA API (authenticator app and SMS) instead of its users' own, and asked for at every sign-in. */
  readonly factors?: FactorStore
  /** The text of an SMS, with `{{code}}` in it. Default WorkOS's own. */
  readonly smsTemplate?: string
  /** Named by the authenticator app where the enrolment names none. Default `Latchkey`. */
  readonly issuer?: string
}
