import type { GenericEndpointContext } from 'better-auth'
import { expireCookie } from 'better-auth/cookies'

export interface Challenge {
  readonly id: string
  readonly userId: string
  readonly startedAt: Date
  readonly expiresAt: Date
}

const cookieOf = (ctx: GenericEndpointContext) => ctx.context.createAuthCookie('two_factor')

function identifierOf(ctx: GenericEndpointContext) {
  return ctx.getSignedCookie(cookieOf(ctx).name, ctx.context.secret)
}

/** The half-done sign-in that the request's signed cookie names, as long as Better Auth would still accept it. */
export async function readChallenge(ctx: GenericEndpointContext): Promise<Challenge | null> {
  const identifier = await identifierOf(ctx)
  const row = identifier ? await ctx.context.internalAdapter.findVerificationValue(identifier) : null
  if (!row) return null
  const [startedAt, expiresAt] = [new Date(row.createdAt), new Date(row.expiresAt)]
  return expiresAt > new Date() ? { id: row.id, userId: row.value, startedAt, expiresAt } : null
}

/** Ends it, so that a sign-in that was given up does not come back after a reload. */
export async function endChallenge(ctx: GenericEndpointContext): Promise<void> {
  const identifier = await identifierOf(ctx)
  if (!identifier) return
  await ctx.context.internalAdapter.consumeVerificationValue(identifier)
  await ctx.context.internalAdapter.consumeVerificationValue(`2fa-attempts-${identifier}`)
  expireCookie(ctx, cookieOf(ctx))
}
