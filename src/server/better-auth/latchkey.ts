import { BetterAuthError, type BetterAuthPlugin, type GenericEndpointContext } from 'better-auth'
import {
  createAuthEndpoint,
  createAuthMiddleware,
  getAuthoritativeSessionFromCtx,
  getSessionFromCtx,
  isAPIError,
} from 'better-auth/api'
import { endChallenge, readChallenge } from './challenge.js'
import { countFailure, findTwoFactor, forgetFailures, refuseWhileLocked, takeCode } from './secondFactors.js'
import {
  firstFactorPassed,
  methodsOf,
  record,
  secondFactorPassed,
  secondFactorRemoved,
  sessionFields,
  type SessionAndUser,
} from './sessionRecord.js'
import { readState } from './state.js'

const firstFactors = new Map([
  ['/sign-in/email', 'password'],
  ['/sign-up/email', 'password'],
  ['/sign-in/email-otp', 'email_code'],
])
const secondFactors = new Map([
  ['/two-factor/verify-totp', 'totp'],
  ['/two-factor/verify-otp', 'email_code'],
  ['/two-factor/verify-backup-code', 'backup_code'],
])

type HookContext = GenericEndpointContext & { context: { returned?: unknown } }

/** As much of it as apps see. */
export interface LatchkeyPlugin extends Pick<BetterAuthPlugin, 'init' | 'hooks'> {
  readonly id: 'latchkey'
  readonly schema: { readonly session: { readonly fields: typeof sessionFields } }
}

/** What the hook before a second factor's check hands to the hook after it. */
interface Note {
  readonly signedIn: SessionAndUser | null
  readonly startedAt: Date | undefined
  readonly twoFactor: Awaited<ReturnType<typeof findTwoFactor>>
  readonly taken: string | undefined
}

/**
 * A Better Auth plugin beside `twoFactor()`: records on each session its assurance level, the methods passed and when; answers
 * `GET /latchkey/state`; counts wrong codes of signed-in people; refuses a TOTP code that was used already (`TOTP_ALREADY_USED`).
 * Needs its fields on the session table, and verification values in the database.
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
    const code: unknown = (ctx.body as { code?: unknown } | undefined)?.code
    const totp = ctx.path === '/two-factor/verify-totp' && typeof code === 'string'
    const taken = totp ? await takeCode(ctx, userId, code) : undefined
    notes.set(ctx.headers, { signedIn, startedAt: challenge?.startedAt, twoFactor, taken })
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
    // Only a password leads to a challenge (Better Auth asks for a second factor after nothing else).
    const startedAt = note?.startedAt ?? new Date()
    const passed = note?.signedIn ? methodsOf(note.signedIn.session) : ([['password', startedAt.getTime()]] as const)
    await record(ctx, now, secondFactorPassed(method, passed, note?.signedIn ? undefined : startedAt))
  }

  async function afterRemoval(ctx: GenericEndpointContext) {
    const { internalAdapter, newSession } = ctx.context
    if (!newSession) return
    const sessions = await internalAdapter.listSessions(newSession.user.id)
    await Promise.all(sessions.map(({ token }) => internalAdapter.updateSession(token, secondFactorRemoved)))
    await record(ctx, newSession, secondFactorRemoved)
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
    },
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
          matcher: ({ path }) => firstFactors.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            const { newSession } = ctx.context
            if (newSession) await record(ctx, newSession, firstFactorPassed(firstFactors.get(ctx.path) ?? ''))
          }),
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
