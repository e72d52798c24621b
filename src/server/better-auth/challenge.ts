import { BetterAuthError, type GenericEndpointContext } from 'better-auth'
import { expireCookie, parseSetCookieHeader } from 'better-auth/cookies'

export interface Challenge {
  readonly id: string
  readonly userId: string
  /** How the first factor was passed. */
  readonly method: string
  readonly startedAt: Date
  readonly expiresAt: Date
}

const firstMethodName = (identifier: string) => `latchkey-first-${identifier}`

const cookieOf = (ctx: GenericEndpointContext) => ctx.context.createAuthCookie('two_factor')

/** What Better Auth calls the half-done sign-in of the request's signed cookie. Not its id, which may be told. */
export function identifierOf(ctx: GenericEndpointContext) {
  return ctx.getSignedCookie(cookieOf(ctx).name, ctx.context.secret)
}

/** The half-done sign-in that the request's signed cookie names, as long as Better Auth would still accept it. */
export async function readChallenge(ctx: GenericEndpointContext): Promise<Challenge | null> {
  const identifier = await identifierOf(ctx)
  const row = identifier ? await ctx.context.internalAdapter.findVerificationValue(identifier) : null
  if (!row) return null
  const [startedAt, expiresAt] = [new Date(row.createdAt), new Date(row.expiresAt)]
  if (expiresAt <= new Date()) return null
  const first = await ctx.context.internalAdapter.findVerificationValue(firstMethodName(identifier || ''))
  // Better Auth itself asks for a second factor after nothing else.
  return { id: row.id, userId: row.value, method: first?.value ?? 'password', startedAt, expiresAt }
}

/** Notes how the first factor was passed, beside the challenge that this answer's cookie names. */
export async function writeFirstMethod(ctx: GenericEndpointContext, method: string): Promise<void> {
  const cookie = parseSetCookieHeader(ctx.responseHeaders.getSetCookie().join(', ')).get(cookieOf(ctx).name)
  const [identifier = ''] = decodeURIComponent(cookie?.value ?? '').split('.')
  const row = await ctx.context.internalAdapter.findVerificationValue(identifier)
  if (!row) throw new BetterAuthError('latchkey() does not know this version of twoFactor().')
  const { expiresAt } = row
  await ctx.context.internalAdapter.createVerificationValue({ identifier: firstMethodName(identifier), value: method, expiresAt })
}

/** Ends it, so that a sign-in that was given up does not come back after a reload. */
export async function endChallenge(ctx: GenericEndpointContext): Promise<void> {
  const identifier = await identifierOf(ctx)
  if (!identifier) return
  await ctx.context.internalAdapter.consumeVerificationValue(identifier)
  await ctx.context.internalAdapter.consumeVerificationValue(`2fa-attempts-${identifier}`)
  await ctx.context.internalAdapter.consumeVerificationValue(firstMethodName(identifier))
  expireCookie(ctx, cookieOf(ctx))
}
