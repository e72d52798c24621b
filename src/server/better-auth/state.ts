import type { GenericEndpointContext } from 'better-auth'
import { enrolledOf } from './enrolled.js'
import { findProver } from './prover.js'
import { backupCodesLeft, factorsOf, secondFactorsOf } from './secondFactors.js'
import { currentLevel, methodsOf, nextLevel } from './sessionRecord.js'

/**
 * Who is signed in and how far, or else which half-done sign-in the browser holds; never both, because Better Auth gives a code to the
 * session's person where there is one. Their `secondFactors` and enrolled `factors` are in the adapter contract's form. Durations in
 * milliseconds. No secret, and no unmasked address of somebody not signed in.
 */
export async function readState(ctx: GenericEndpointContext) {
  const prover = await findProver(ctx)
  if (!prover) return { session: null, attempt: null, secondFactors: [] }
  const { user, signedIn, method, challenge } = prover
  const enrolled = await enrolledOf(ctx, user.id)
  const remaining = await backupCodesLeft(ctx, enrolled, user.id)
  const secondFactors = secondFactorsOf(ctx, user, enrolled, method, remaining)
  if (signedIn) {
    const { session } = signedIn
    // One reading for all of them: two ages of the same moment are the same.
    const now = Date.now()
    const age = (at: Date | string | number | null | undefined) => (at ? now - new Date(at).getTime() : undefined)
    const { phoneNumber } = user as { phoneNumber?: string | null }
    return {
      session: {
        id: session.id,
        user: { id: user.id, label: user.email },
        currentLevel: currentLevel(signedIn),
        nextLevel: nextLevel(signedIn, enrolled.any),
        methods: methodsOf(session).map(([name, at]) => ({ method: name, ageMs: age(at) })),
        firstFactorAgeMs: age(session.firstFactorAt),
        secondFactorAgeMs: age(session.secondFactorAt),
        expiresInMs: new Date(session.expiresAt).getTime() - now,
      },
      ...(phoneNumber && { phone: phoneNumber }),
      attempt: null,
      secondFactors,
      factors: factorsOf(enrolled, user),
      backupCodes: { remaining: enrolled.any ? remaining : 0 },
    }
  }
  const attempt = challenge && { id: challenge.id, expiresInMs: challenge.expiresAt.getTime() - Date.now() }
  return { session: null, attempt, secondFactors }
}
