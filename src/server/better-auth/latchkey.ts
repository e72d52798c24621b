import { BetterAuthError, type BetterAuthPlugin, type GenericEndpointContext } from 'better-auth'
import { createAuthEndpoint, createAuthMiddleware, getAuthoritativeSessionFromCtx, isAPIError } from 'better-auth/api'
import { endChallenge } from './challenge.js'
import { turnOn, userFields, type Passkey } from './enrolled.js'
import {
  askSecondFactor,
  credentialOf,
  firstMethodOf,
  isFirstFactor,
  isNew,
  isUserVerified,
  type HookContext,
} from './firstFactors.js'
import { passkeyOptions, verifyPasskey } from './passkeyFactor.js'
import { enrollPhone, removePhone, sendPhoneCode, verifyPhone } from './phoneFactor.js'
import { checkPhoneReset } from './phoneReset.js'
import { refuseUnlessElevated } from './prover.js'
import { createSecondFactorHooks } from './secondFactorHooks.js'
import { firstFactorPassed, raise, record, sessionFields, type SessionAndUser } from './sessionRecord.js'
import { settle } from './settle.js'
import { readState } from './state.js'

/** Where factors come and go, or what proves one is shown. */
const managing: readonly (string | undefined)[] = [
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  '/two-factor/get-totp-uri',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
]

export interface LatchkeyOptions {
  /**
   * Passkeys are second factors too: whoever has one is asked for it after any other first factor, and adding the first one turns two-factor
   * on. Needs `passkey()`. Default `false`: they sign in, and are no second factor.
   */
  readonly passkeyAsSecondFactor?: boolean
}

/** As much of it as apps see. */
export interface LatchkeyPlugin extends Pick<BetterAuthPlugin, 'init' | 'hooks' | 'rateLimit'> {
  readonly id: 'latchkey'
  readonly options: LatchkeyOptions
  readonly schema: {
    readonly session: { readonly fields: typeof sessionFields }
    readonly user: { readonly fields: typeof userFields }
  }
}

/**
 * A Better Auth plugin beside `twoFactor()`: asks for the second factor after every first one, not after passwords only (a passkey that has
 * checked who holds it is both); records on each session its assurance level, the methods passed and when; answers `GET /latchkey/state`; counts
 * wrong codes of signed-in people; refuses a TOTP code that was used already (`TOTP_ALREADY_USED`); takes phones of `phoneNumber()` and, where it is
 * told to, passkeys as second factors; lets nobody change factors who has not proved one of those that they have (`STEP_UP_REQUIRED`). Needs its
 * fields on the tables of sessions and users, and verification values in the database.
 */
export function latchkey(options: LatchkeyOptions = {}): LatchkeyPlugin {
  const { beforeSecondFactor, beforeSending, afterSecondFactor, isSecondFactor } = createSecondFactorHooks()

  async function afterFirstFactor(ctx: HookContext) {
    const { newSession } = ctx.context
    if (!newSession || !(await isNew(ctx, newSession))) return undefined
    const method = firstMethodOf(ctx)
    const both = isUserVerified(ctx)
    const asked = both ? undefined : await askSecondFactor(ctx, method)
    if (asked) return asked.answer
    return record(ctx, newSession, firstFactorPassed(method, both, credentialOf(ctx)))
  }

  async function beforeManaging(ctx: GenericEndpointContext) {
    const signedIn: SessionAndUser | null = await getAuthoritativeSessionFromCtx(ctx)
    if (signedIn) await refuseUnlessElevated(ctx, signedIn)
  }

  async function afterManaging(ctx: HookContext) {
    const { returned, session, internalAdapter } = ctx.context
    if (isAPIError(returned)) return
    if (ctx.path === '/passkey/verify-registration' && options.passkeyAsSecondFactor) {
      const { userId: ofWhom, credentialID } = returned as Passkey & { userId: string }
      await turnOn(ctx, ofWhom)
      if (session?.user.id === ofWhom) await raise(ctx, session, 'passkey', credentialID)
    }
    const userId = session?.user.id
    if (!userId) return
    const { method } = Object(ctx.body) as { method?: unknown }
    if (ctx.path === '/two-factor/enable' && method === 'otp')
      await internalAdapter.updateUser(userId, { secondFactorByMail: true })
    if (ctx.path === '/two-factor/disable' || ctx.path === '/passkey/delete-passkey') await settle(ctx, userId)
  }

  const plugin = {
    id: 'latchkey',
    options,
    init({ options: all }) {
      if (all.secondaryStorage && !all.verification?.storeInDatabase) {
        throw new BetterAuthError('latchkey() needs `verification: { storeInDatabase: true }` beside a secondary storage.')
      }
    },
    schema: { session: { fields: sessionFields }, user: { fields: userFields } },
    endpoints: {
      latchkeyState: createAuthEndpoint(
        '/latchkey/state',
        { method: 'GET', requireHeaders: true, metadata: { noStore: true } },
        async (ctx) => ctx.json(await readState(ctx)),
      ),
      latchkeyCheckPhoneReset: checkPhoneReset,
      latchkeyEnrollPhone: enrollPhone,
      latchkeyVerifyPhone: verifyPhone,
      latchkeyRemovePhone: removePhone,
      latchkeySendPhoneCode: sendPhoneCode,
      latchkeyPasskeyOptions: passkeyOptions,
      latchkeyVerifyPasskey: verifyPasskey,
    },
    rateLimit: [
      { pathMatcher: (path: string) => path.startsWith('/latchkey/') && path !== '/latchkey/state', window: 60, max: 10 },
    ],
    hooks: {
      before: [
        { matcher: ({ path }) => isSecondFactor(path), handler: createAuthMiddleware(async (ctx) => beforeSecondFactor(ctx)) },
        {
          matcher: ({ path }) => path === '/two-factor/send-otp',
          handler: createAuthMiddleware(async (ctx) => beforeSending(ctx)),
        },
        { matcher: ({ path }) => managing.includes(path), handler: createAuthMiddleware(async (ctx) => beforeManaging(ctx)) },
      ],
      after: [
        { matcher: ({ path }) => isSecondFactor(path), handler: createAuthMiddleware(async (ctx) => afterSecondFactor(ctx)) },
        { matcher: ({ path }) => isFirstFactor(path), handler: createAuthMiddleware(async (ctx) => afterFirstFactor(ctx)) },
        { matcher: ({ path }) => managing.includes(path), handler: createAuthMiddleware(async (ctx) => afterManaging(ctx)) },
        { matcher: ({ path }) => path === '/sign-out', handler: createAuthMiddleware(async (ctx) => endChallenge(ctx)) },
      ],
    },
  } as const satisfies BetterAuthPlugin
  return plugin
}
