import type { GenericEndpointContext, User } from 'better-auth'
import { APIError, getAuthoritativeSessionFromCtx } from 'better-auth/api'
import { identifierOf, readChallenge, type Challenge } from './challenge.js'
import { enrolledOf } from './enrolled.js'
import { currentLevel, methodsOf, type SessionAndUser } from './sessionRecord.js'

/** Somebody signed in, or half signed in, who proves a second factor. */
export interface Prover {
  readonly user: User
  /** How the first factor was passed; `''` where that is not known. */
  readonly method: string
  /** What Better Auth keeps a code under that was sent to them. */
  readonly key: string
  readonly signedIn: SessionAndUser | null
  readonly challenge: Challenge | null
}

/** Whoever is signed in comes first, because Better Auth gives a code to them. */
export async function findProver(ctx: GenericEndpointContext): Promise<Prover | null> {
  const signedIn: SessionAndUser | null = await getAuthoritativeSessionFromCtx(ctx)
  if (signedIn) {
    const { user, session } = signedIn
    const method = methodsOf(session)[0]?.[0] ?? ''
    return { user, method, key: `${user.id}!${session.id}`, signedIn, challenge: null }
  }
  const challenge = await readChallenge(ctx)
  const user = challenge && (await ctx.context.internalAdapter.findUserById(challenge.userId))
  if (!user) return null
  return { user, method: challenge.method, key: (await identifierOf(ctx)) || '', signedIn, challenge }
}

export async function requireProver(ctx: GenericEndpointContext): Promise<Prover> {
  const prover = await findProver(ctx)
  if (!prover) throw new APIError('UNAUTHORIZED', { code: 'INVALID_TWO_FACTOR_COOKIE', message: 'Sign in first.' })
  return prover
}

/** Whoever has a second factor proves it before they change what counts as one: a session without it must not enrol one of its own. */
export async function refuseUnlessElevated(ctx: GenericEndpointContext, signedIn: SessionAndUser): Promise<void> {
  if (currentLevel(signedIn) === 'aal2' || !(await enrolledOf(ctx, signedIn.user.id)).any) return
  throw new APIError('FORBIDDEN', { code: 'STEP_UP_REQUIRED', message: 'Prove your second factor first.' })
}

/** Whoever is signed in and may change their factors. */
export async function requireManager(ctx: GenericEndpointContext): Promise<SessionAndUser> {
  const signedIn: SessionAndUser | null = await getAuthoritativeSessionFromCtx(ctx)
  if (!signedIn) throw new APIError('UNAUTHORIZED', { code: 'UNAUTHORIZED', message: 'Sign in first.' })
  await refuseUnlessElevated(ctx, signedIn)
  return signedIn
}
