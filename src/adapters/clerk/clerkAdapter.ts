import type { AuthAdapter, Capabilities } from '../../core/adapter.js'
import { mfaLater } from '../../core/mfaLater.js'
import type { EnrollType, FirstStrategy, IdentifierType, SecondStrategy } from '../../core/strategy.js'
import { createAttempts } from './attempts.js'
import type { ClerkInstance } from './clerkInstance.js'
import { createSessions } from './session.js'
import { createSignIn } from './signIn.js'

/** What is switched on in Clerk's dashboard: its client does not tell before the identifier. */
export interface ClerkAdapterOptions {
  /** What people may be known by. Default `['email']`. */
  readonly identifiers?: readonly IdentifierType[]
  /** Default `['password', 'email_code']`. With `passkey` a passkey can be used without an identifier. */
  readonly firstFactors?: readonly FirstStrategy[]
  /** Default `['totp', 'backup_code']`. */
  readonly secondFactors?: readonly SecondStrategy[]
  /** What people may add. Clerk runs the ceremony of `webauthn` by itself. Default `['totp']`. */
  readonly enroll?: readonly Exclude<EnrollType, 'email'>[]
  /** Where links and providers lead back to, unless the call says; Clerk wants an address for both. */
  readonly redirectUrl?: string
}

/**
 * Clerk (clerk-js 6) through the caller's own loaded instance. Clerk asks for the identifier first and then tells each person's own factors; an
 * unknown identifier is refused like a wrong password, but known and unknown ones part there unless the instance protects against that.
 * Clerk gives no time that a wait or an expiry could be read from, and ages of factors in whole minutes.
 */
export function clerkAdapter(
  clerk: ClerkInstance,
  {
    identifiers = ['email'],
    firstFactors = ['password', 'email_code'],
    secondFactors = ['totp', 'backup_code'],
    enroll = ['totp'],
    redirectUrl,
  }: ClerkAdapterOptions = {},
): AuthAdapter {
  const capabilities: Capabilities = {
    identifiers,
    firstFactors: firstFactors.map((strategy) => ({ strategy })),
    secondFactors,
    firstFactorsPerUser: true,
    enroll: enroll.map((type) => ({ type, many: type !== 'totp', ...(type === 'webauthn' && { ceremony: 'vendor' }) })),
    managePassword: false,
    survivesReload: 'browser',
    emailLink: 'this_tab',
    trustDevice: false,
    signOutScopes: ['this', 'others', 'all'],
  }
  const sessions = createSessions(clerk)
  const attempts = createAttempts(sessions, enroll)
  const { signIn, stepUp } = createSignIn(clerk, sessions, attempts, { firstFactors, redirectUrl })
  return {
    name: 'clerk',
    capabilities,
    signIn,
    session: sessions.api,
    stepUp,
    mfa: mfaLater(
      async () => (await import('./later.js')).createMfa(clerk, sessions, attempts, signIn),
      ['rename', 'makeDefault', 'backupCodes'],
    ),
  }
}
