import type { AuthAdapter, SessionApi } from '../../core/adapter.js'
import { createAttempts } from './attempts.js'
import type { BetterAuthClient } from './betterAuthClient.js'
import { connect, type Connection } from './connection.js'
import { createMfa } from './mfa.js'
import { createSignIn, createStepUp } from './signIn.js'

export interface BetterAuthAdapterOptions {
  /** The first factors that the server offers; a client cannot know its plugins. `email_code` needs `emailOTP()`. Default `['password']`. */
  readonly firstFactors?: readonly ('password' | 'email_code')[]
  /**
   * `false`: the server runs without `latchkey/server/better-auth`, so it is not asked for what only that plugin tells: levels, step-up,
   * and the half-done sign-in after a reload. Default `true`; where the plugin is missing all the same, levels are `null`.
   */
  readonly serverPlugin?: boolean
}

/**
 * Better Auth (1.7) through the caller's own client. Sign-in by e-mail address with password or e-mailed code; second factor by
 * authenticator app, e-mailed code or backup code; the server needs `twoFactor()`. Note that Better Auth asks for a second factor after
 * a password only: whoever signs in by e-mailed code gets a session at aal1, which `MfaGate` can tell apart with the server plugin.
 */
export function betterAuthAdapter(
  client: BetterAuthClient,
  { firstFactors = ['password'], serverPlugin = true }: BetterAuthAdapterOptions = {},
): AuthAdapter {
  const connection = connect(client, serverPlugin)
  const attempts = createAttempts(firstFactors.map((strategy) => ({ id: strategy, strategy })))
  return {
    name: 'better-auth',
    capabilities: {
      identifiers: ['email'],
      firstFactors: firstFactors.map((strategy) => ({ strategy })),
      secondFactors: ['totp', 'email_code', 'backup_code'],
      firstFactorsPerUser: false,
      enroll: [{ type: 'totp', many: false }],
      managePassword: true,
      survivesReload: serverPlugin ? 'browser' : 'no',
      trustDevice: true,
      signOutScopes: ['this', 'others', 'all'],
    },
    signIn: createSignIn(connection, attempts),
    session: createSession(client, connection),
    mfa: createMfa(connection),
    ...(serverPlugin && { stepUp: createStepUp(connection, attempts) }),
  }
}

function createSession({ $store: { atoms } }: BetterAuthClient, { read, signOut, post, changed }: Connection): SessionApi {
  return {
    get: async (options) => (await read(options)).session,
    async signOut({ scope = 'this' } = {}) {
      if (scope === 'this') await signOut()
      else {
        await post(scope === 'all' ? '/revoke-sessions' : '/revoke-other-sessions', {})
        changed()
      }
    },
    subscribe(changed) {
      // The client's store tells of itself within its own call.
      const later = () => queueMicrotask(changed)
      // `session` also tells of other tabs, once the host's `useSession` has looked at it; only a new value counts, not its loading.
      const data = () => (atoms.session?.get() as { data?: unknown } | undefined)?.data
      let known = data()
      const stops = [
        atoms.$sessionSignal?.listen(later),
        atoms.session?.listen(() => {
          if (data() === known) return
          known = data()
          later()
        }),
      ]
      return () => stops.forEach((stop) => stop?.())
    },
  }
}
