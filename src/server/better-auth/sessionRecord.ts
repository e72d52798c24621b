import type { GenericEndpointContext, Session, User } from 'better-auth'
import { setCookieCache } from 'better-auth/cookies'
import type { Level } from '../../core/session.js'

/** What the plugin adds to Better Auth's session row. `input: false` keeps `/update-session` away from it. */
export const sessionFields = {
  aal: { type: 'string', required: false, input: false },
  amr: { type: 'string', required: false, input: false },
  firstFactorAt: { type: 'date', required: false, input: false },
  secondFactorAt: { type: 'date', required: false, input: false },
} as const

export type RecordedSession = Session & {
  aal?: string | null
  /** JSON of `[method, Unix time in milliseconds, which passkey][]`; the first factor comes first, the newest second one last. */
  amr?: string | null
  firstFactorAt?: Date | string | null
  secondFactorAt?: Date | string | null
}

export type SessionAndUser = { session: RecordedSession; user: User & { twoFactorEnabled?: boolean | null } }

type MethodTime = readonly [method: string, at: number, credential?: string]

export function methodsOf({ amr }: RecordedSession): readonly MethodTime[] {
  return amr ? (JSON.parse(amr) as MethodTime[]) : []
}

/** `null`: the session was made in a way that the plugin did not see, so nothing is known of it. */
export function currentLevel({ session, user }: SessionAndUser): Level | null {
  if (!session.aal) return null
  // A second factor that was removed since protects nobody any more. A passkey alone was both.
  return session.aal === 'aal2' && (user.twoFactorEnabled || isPasskeyAlone(session)) ? 'aal2' : 'aal1'
}

/** `hasSecond`: the person has a second factor. */
export function nextLevel(signedIn: SessionAndUser, hasSecond: boolean): Level {
  return hasSecond || currentLevel(signedIn) === 'aal2' ? 'aal2' : 'aal1'
}

export function isPasskeyAlone(session: RecordedSession): boolean {
  const methods = methodsOf(session)
  // Without a time of the first factor it is not known what the first was.
  return methods.length === 1 && methods[0]?.[0] === 'passkey' && Boolean(session.firstFactorAt)
}

/** A session made by one factor alone. `both`: it was two in one, as a passkey is that checked who holds it. */
export function firstFactorPassed(method: string, both = false, credential?: string) {
  const now = new Date()
  const amr = JSON.stringify([[method, now.getTime(), credential]])
  return { aal: both ? 'aal2' : 'aal1', amr, firstFactorAt: now, secondFactorAt: both ? now : null }
}

/** A session that a second factor has made or raised. `passed`: what was passed before, the newest time of each method. */
export function secondFactorPassed(
  method: string,
  passed: readonly MethodTime[],
  firstFactorAt: Date | undefined,
  credential?: string,
) {
  const now = new Date()
  return {
    aal: 'aal2',
    amr: JSON.stringify([...passed.filter(([name]) => name !== method), [method, now.getTime(), credential]]),
    ...(firstFactorAt && { firstFactorAt }),
    secondFactorAt: now,
  }
}

/** The session of somebody signed in, by a factor that they have just proved; not where the first was the same once more. */
export async function raise(
  ctx: GenericEndpointContext,
  { session, user }: SessionAndUser,
  method: string,
  credential?: string,
): Promise<void> {
  const passed = methodsOf(session)
  if (passed[0]?.[0] === method) return
  const signedIn = { session, user: { ...user, twoFactorEnabled: true } }
  await record(ctx, signedIn, secondFactorPassed(method, passed, undefined, credential))
}

export const secondFactorRemoved = { aal: 'aal1', secondFactorAt: null }

export async function record(ctx: GenericEndpointContext, { session, user }: SessionAndUser, fields: object): Promise<void> {
  const updated = await ctx.context.internalAdapter.updateSession(session.token, fields)
  const dontRemember = await ctx.getSignedCookie(ctx.context.authCookies.dontRememberToken.name, ctx.context.secret)
  // The cookie cache was written before the fields were known.
  await setCookieCache(ctx, { session: { ...session, ...fields, ...updated }, user }, Boolean(dontRemember))
}
