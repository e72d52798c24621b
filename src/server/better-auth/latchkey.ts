import { BetterAuthError, type BetterAuthPlugin, type GenericEndpointContext } from 'better-auth'
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  getAuthoritativeSessionFromCtx,
  getSessionFromCtx,
  isAPIError,
} from 'better-auth/api'
import { endChallenge, readChallenge, type Challenge } from './challenge.js'
import { askSecondFactor, firstMethodOf, isFirstFactor, isNew, isUserVerified, type HookContext } from './firstFactors.js'
import { checkPhoneReset } from './phoneReset.js'
import { countFailure, findTwoFactor, forgetFailures, isByMail, refuseWhileLocked, takeCode } from './secondFactors.js'
import {
  firstFactorPassed,
  isPasskeyAlone,
  methodsOf,
  record,
  secondFactorPassed,
  secondFactorRemoved,
  sessionFields,
  type RecordedSession,
  type SessionAndUser,
} from './sessionRecord.js'
import { readState } from './state.js'

const secondFactors = new Map([
  ['/two-factor/verify-totp', 'totp'],
  ['/two-factor/verify-otp', 'email_code'],
  ['/two-factor/verify-backup-code', 'backup_code'],
])

/** As much of it as apps see. */
export interface LatchkeyPlugin extends Pick<BetterAuthPlugin, 'init' | 'hooks' | 'rateLimit'> {
  readonly id: 'latchkey'
  readonly schema: { readonly session: { readonly fields: typeof sessionFields } }
}

/** What the hook before a second factor's check hands to the hook after it. */
interface Note {
  readonly signedIn: SessionAndUser | null
  readonly challenge: Challenge | null
  readonly twoFactor: Awaited<ReturnType<typeof findTwoFactor>>
  readonly taken: string | undefined
}

/**
 * A Better Auth plugin beside `twoFactor()`: asks for the second factor after every first one, not after passwords only (a passkey that has
 * checked who holds it is both); records on each session its assurance level, the methods passed and when; answers `GET /latchkey/state`; counts
 * wrong codes of signed-in people; refuses a TOTP code that was used already (`TOTP_ALREADY_USED`). Needs its fields on the session table, and verification values in the database.
 */
export function latchkey(): LatchkeyPlugin {
  // Keyed by the request's own header object: plugins may replace the context between the two hooks, never this.
  const notes = new WeakMap<Headers, Note>()

  async function beforeSecondFactor(ctx: GenericEndpointContext) {
    const signedIn: SessionAndUser | null = await getAuthoritativeSessionFromCtx(ctx)
    const challenge = signedIn ? null : await readChallenge(ctx)
    const userId = signedIn?.user.id ?? challenge?.userId
    if (!userId || !ctx.headers) return
    const twoFactor = await findTwoFactor(ctx, userId)
    refuseWhileLocked(twoFactor)
    // With an app there is something better than the same mailbox twice.
    if (ctx.path.endsWith('-otp') && challenge && isByMail(challenge.method)) {
      throw new APIError('BAD_REQUEST', {
        code: 'OTP_NOT_ENABLED',
        message: 'The first factor was a message to the same address.',
      })
    }
    const code: unknown = (ctx.body as { code?: unknown } | undefined)?.code
    const totp = ctx.path === '/two-factor/verify-totp' && typeof code === 'string'
    const taken = totp ? await takeCode(ctx, userId, code) : undefined
    notes.set(ctx.headers, { signedIn, challenge, twoFactor, taken })
  }

  async function afterSecondFactor(ctx: HookContext, method: string) {
    const note = ctx.headers && notes.get(ctx.headers)
    const refused = ctx.context.returned
    if (isAPIError(refused)) {
      if (note?.taken) await ctx.context.internalAdapter.deleteVerificationByIdentifier(note.taken)
      const wrong = refused.body?.code === 'INVALID_CODE' || refused.body?.code === 'INVALID_BACKUP_CODE'
      // Who is still enrolling holds the secret, so there is nothing to guess.
      if (wrong && note?.signedIn && note.twoFactor && note.twoFactor.verified !== false) await countFailure(ctx, note.twoFactor)
      return
    }
    const now: SessionAndUser | null = ctx.context.newSession ?? ctx.context.session ?? (await getSessionFromCtx(ctx))
    if (!now) return
    if (note?.signedIn && note.twoFactor) await forgetFailures(ctx, note.twoFactor)
    const { startedAt = new Date(), method: first = 'password' } = note?.challenge ?? {}
    const passed = note?.signedIn ? methodsOf(note.signedIn.session) : ([[first, startedAt.getTime()]] as const)
    await record(ctx, now, secondFactorPassed(method, passed, note?.signedIn ? undefined : startedAt))
  }

  async function afterFirstFactor(ctx: HookContext) {
    const { newSession } = ctx.context
    if (!newSession || !(await isNew(ctx, newSession))) return undefined
    const method = firstMethodOf(ctx)
    const both = isUserVerified(ctx)
    const asked = both ? undefined : await askSecondFactor(ctx, method)
    if (asked) return asked.answer
    return record(ctx, newSession, firstFactorPassed(method, both))
  }

  async function afterRemoval(ctx: GenericEndpointContext) {
    const { internalAdapter, newSession } = ctx.context
    if (!newSession) return
    const sessions: RecordedSession[] = await internalAdapter.listSessions(newSession.user.id)
    const raised = sessions.filter((session) => !isPasskeyAlone(session))
    await Promise.all(raised.map(({ token }) => internalAdapter.updateSession(token, secondFactorRemoved)))
    if (!isPasskeyAlone(newSession.session)) await record(ctx, newSession, secondFactorRemoved)
  }

  const plugin = {
    id: 'latchkey',
    init({ options }) {
      if (options.secondaryStorage && !options.verification?.storeInDatabase) {
        throw new BetterAuthError('latchkey() needs `verification: { storeInDatabase: true }` beside a secondary storage.')
      }
    },
    schema: { session: { fields: sessionFields } },
    endpoints: {
      latchkeyState: createAuthEndpoint(
        '/latchkey/state',
        { method: 'GET', requireHeaders: true, metadata: { noStore: true } },
        async (ctx) => ctx.json(await readState(ctx)),
      ),
      latchkeyCheckPhoneReset: checkPhoneReset,
    },
    rateLimit: [{ pathMatcher: (path: string) => path === checkPhoneReset.path, window: 60, max: 10 }],
    hooks: {
      before: [
        {
          matcher: ({ path }) => secondFactors.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => beforeSecondFactor(ctx)),
        },
      ],
      after: [
        {
          matcher: ({ path }) => secondFactors.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => afterSecondFactor(ctx, secondFactors.get(ctx.path) ?? '')),
        },
        {
          matcher: ({ path }) => isFirstFactor(path),
          handler: createAuthMiddleware(async (ctx) => afterFirstFactor(ctx)),
        },
        {
          matcher: ({ path }) => path === '/sign-out',
          handler: createAuthMiddleware(async (ctx) => endChallenge(ctx)),
        },
        {
          matcher: ({ path }) => path === '/two-factor/disable',
          handler: createAuthMiddleware(async (ctx) => afterRemoval(ctx)),
        },
      ],
    },
  } as const satisfies BetterAuthPlugin
  return plugin
}
