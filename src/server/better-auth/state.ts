import type { GenericEndpointContext } from 'better-auth'
import { getAuthoritativeSessionFromCtx } from 'better-auth/api'
import { readChallenge } from './challenge.js'
import { factorsOf, secondFactorsOf } from './secondFactors.js'
import { currentLevel, methodsOf, nextLevel, type SessionAndUser } from './sessionRecord.js'

const age = (at: Date | string | number | null | undefined) => (at ? Date.now() - new Date(at).getTime() : undefined)

/**
 * Who is signed in and how far, or else which half-done sign-in the browser holds; never both, because Better Auth gives a code to the
 * session's person where there is one. Their `secondFactors` and enrolled `factors` are in the adapter contract's form. Durations in
 * milliseconds. No secret, and no unmasked address of somebody not signed in.
 */
export async function readState(ctx: GenericEndpointContext) {
  const signedIn: SessionAndUser | null = await getAuthoritativeSessionFromCtx(ctx)
  if (signedIn) {
    const { session, user } = signedIn
    const { phoneNumber } = user as { phoneNumber?: string | null }
    const secondFactors = user.twoFactorEnabled ? await secondFactorsOf(ctx, user) : []
    return {
      session: {
        id: session.id,
        user: { id: user.id, label: user.email },
        currentLevel: currentLevel(signedIn),
        nextLevel: nextLevel(signedIn),
        methods: methodsOf(session).map(([method, at]) => ({ method, ageMs: age(at) })),
        firstFactorAgeMs: age(session.firstFactorAt),
        secondFactorAgeMs: age(session.secondFactorAt),
        expiresInMs: new Date(session.expiresAt).getTime() - Date.now(),
      },
      ...(phoneNumber && { phone: phoneNumber }),
      attempt: null,
      secondFactors,
      factors: factorsOf(secondFactors),
    }
  }
  const challenge = await readChallenge(ctx)
  const user = challenge && (await ctx.context.internalAdapter.findUserById(challenge.userId))
  if (!challenge || !user) return { session: null, attempt: null, secondFactors: [] }
  const { id, method, expiresAt } = challenge
  const expiresInMs = expiresAt.getTime() - Date.now()
  return { session: null, attempt: { id, expiresInMs }, secondFactors: await secondFactorsOf(ctx, user, method) }
}
