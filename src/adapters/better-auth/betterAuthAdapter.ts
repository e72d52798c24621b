import type { AuthAdapter } from '../../core/adapter.js'
import type { BetterAuthClient } from './betterAuthClient.js'
import { connect } from './connection.js'
import { createMfa } from './mfa.js'
import { createSignIn, strategies } from './signIn.js'

export interface BetterAuthAdapterOptions {
  /** The first factors that the server offers; a client cannot know its plugins. `email_code` needs `emailOTP()`. Default `['password']`. */
  readonly firstFactors?: readonly ('password' | 'email_code')[]
}

/**
 * Better Auth (1.7) through the caller's own client. Sign-in by e-mail address with password or e-mailed code; second factor by
 * authenticator app, e-mailed code or backup code; the server needs `twoFactor()`. Note that Better Auth asks for a second factor after
 * a password only: whoever signs in by e-mailed code gets a session at aal1, which `MfaGate` can tell apart with the server plugin.
 */
export function betterAuthAdapter(
  client: BetterAuthClient,
  { firstFactors = ['password'] }: BetterAuthAdapterOptions = {},
): AuthAdapter {
  const connection = connect(client)
  const { read, post, changed } = connection
  const { signIn, stepUp } = createSignIn(connection, firstFactors)
  return {
    name: 'better-auth',
    capabilities: {
      identifiers: ['email'],
      firstFactors: firstFactors.map((strategy) => ({ strategy })),
      secondFactors: strategies,
      firstFactorsPerUser: false,
      enroll: [{ type: 'totp', many: false }],
      managePassword: true,
      survivesReload: 'browser',
      trustDevice: true,
      signOutScopes: ['this', 'others', 'all'],
    },
    signIn,
    stepUp,
    mfa: createMfa(connection),
    session: {
      get: async (options) => (await read(options)).session,
      async signOut({ scope = 'this' } = {}) {
        await post(scope === 'this' ? '/sign-out' : `/revoke-${scope === 'all' ? '' : 'other-'}sessions`, {})
        changed()
      },
      // The client's store tells within its own call; of other tabs too. Its loading and its errors are no change.
      subscribe: (listener) =>
        client.$store.atoms.session.listen((now, before) => now.data !== before?.data && queueMicrotask(listener)),
    },
  }
}
