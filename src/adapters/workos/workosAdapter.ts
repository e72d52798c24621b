import type { ServerAdapter } from '../../core/serverAdapter.js'
import { connect } from './connection.js'
import { createMfa } from './mfa.js'
import { cellOf, type Kept, type KeptSession } from './record.js'
import { createSessions } from './sessions.js'
import { createSignIn } from './signIn.js'
import { createSteps } from './steps.js'
import type { WorkOSClient } from './workosClient.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

/** Milliseconds. */
const attemptMs = 10 * 60_000

/**
 * WorkOS (SDK 8 to 11), on a server: it takes the caller's own client, which holds the API key and the client id. Sign-in by e-mail address
 * with password or Magic Auth code; second factor by WorkOS's users' authenticator apps, or with `factors` by authenticator app and SMS.
 * What WorkOS asks for beside that (an organization, a verified address, SSO, Radar) is `unsupported`, with WorkOS's key. The session is
 * WorkOS's own, looked up there each time; its levels are what this adapter saw. Throws a `TypeError` for a client without the MFA API.
 */
export function workosAdapter(workos: WorkOSClient, options: WorkOSAdapterOptions = {}): ServerAdapter {
  const { firstFactors = ['password'], factors } = options
  const connection = connect(workos, options)
  return (request) => {
    const attempts = cellOf<Kept>(request.attempt, attemptMs)
    const sessions = createSessions(connection, cellOf<KeptSession>(request.session))
    const steps = createSteps(connection, request, attempts, firstFactors)
    return {
      name: 'workos',
      capabilities: {
        identifiers: ['email'],
        firstFactors: firstFactors.map((strategy) => ({ strategy })),
        secondFactors: factors ? ['totp', 'phone_code'] : ['totp'],
        firstFactorsPerUser: false,
        enroll: (factors ? (['totp', 'phone'] as const) : (['totp'] as const)).map((type) => ({ type, many: true })),
        managePassword: false,
        survivesReload: 'browser',
        trustDevice: false,
        signOutScopes: ['this', 'others', 'all'],
      },
      ...createSignIn(connection, steps, sessions, attempts, options),
      session: sessions.api,
      mfa: createMfa(connection, steps, sessions, attempts, options),
    }
  }
}
