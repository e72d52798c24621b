import { comesLater } from '../../core/comesLater.js'
import { createSealedBook } from '../../core/sealedBook.js'
import type { ServerAdapter } from '../../core/serverAdapter.js'
import { activeSessions, ask, askApp, factorsOf, theirs, unlessGone, type Backend, type Kept } from './backend.js'
import { createSignIn } from './signIn.js'
import type { Sdk8UserFactors, WorkOSClient } from './workosClient.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

/**
 * WorkOS (SDK 8 to 11), on a server: it takes the caller's own client, which holds the API key and the client id. Sign-in by e-mail address
 * with password or Magic Auth code, through its providers, or by company (`connection` is a connection's id or an organization's; else the
 * organization whose verified domain the address is of). Second factor by WorkOS's users' authenticator apps, or with `factors` by authenticator
 * app and SMS. What WorkOS asks for beside that (an organization that `organizationId` does not answer, a verified address, SSO, Radar) is
 * `unsupported`, with WorkOS's key. The session is WorkOS's own, looked up there each time; its levels are what this adapter saw.
 *
 * Throws a `RangeError` for an SDK 11 that was not made with `maxRetries: 0`: it would send by itself again what was not answered.
 */
export function workosAdapter(workos: WorkOSClient, options: WorkOSAdapterOptions = {}): ServerAdapter {
  if (workos.multiFactorAuth && workos.options.maxRetries !== 0) throw new RangeError('SDK 11 needs maxRetries: 0.')
  const { firstFactors = ['password'], factors } = options
  const { multiFactorAuth: v11, userManagement: users } = workos
  const old = users as Partial<Sdk8UserFactors> as Sdk8UserFactors
  return (request) => {
    const backend: Backend = {
      users,
      mfa: v11 ?? workos.mfa,
      organizations: workos.organizations,
      enrollOwn: (wanted) => (v11 ? v11.createUserAuthFactor(wanted) : old.enrollAuthFactor(wanted)),
      listOwn: (whose) => (v11 ? v11.listUserAuthFactors(whose) : old.listAuthFactors(whose)),
      options,
      attempts: createSealedBook<Kept>({
        request,
        // What is proved on our own page.
        firstFactors: firstFactors.filter((strategy) => /^(pass|email)/.test(strategy)),
        newId: () => crypto.randomUUID(),
        now: Date.now,
        sessions: (userId) => activeSessions(backend, userId),
        revoke: (sessionId) => ask(users.revokeSession({ sessionId })).catch(unlessGone),
        factors: (userId) => factorsOf(backend, userId),
        async removeFactor(factorId, userId) {
          await askApp(() => factors?.remove(userId, theirs(factorId)))
          await ask(backend.mfa.deleteFactor(theirs(factorId))).catch(unlessGone)
        },
        toSecond: (kept, book, all) => steps.second.toSecond(kept, book, all),
      }),
      caller: { ipAddress: request.ip, userAgent: request.header('user-agent') ?? undefined },
    }
    const steps = createSignIn(backend)
    const { signIn } = steps
    const later = comesLater(async () => {
      const { createEnrolling, createProviders } = await import('./later.js')
      return { ...createEnrolling(backend, steps), ...createProviders(backend, steps) }
    })
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
      signIn: {
        ...signIn,
        create: async (params) => ('strategy' in params ? later('begin')(params) : signIn.create(params)),
        resume: async ({ url }) => (url ? later('land')(url) : signIn.resume({})),
      },
      stepUp: backend.attempts.stepUp,
      mfa: {
        ...backend.attempts.mfa,
        enroll: later('enroll'),
        challenge: later('challenge'),
        verify: later('verify'),
      },
      session: backend.attempts.sessionApi,
    }
  }
}
