import type { MfaApi } from './adapter.js'
import { toAuthError } from './AuthError.js'
import type { Factor } from './enrollment.js'
import type { Ask } from './lane.js'

/**
 * Enrolments that nobody has finished count towards a backend's limit and hold their names. Abandons those that `enroll` ran into, and enrols once
 * more if there were any. What is verified is never touched.
 */
export async function makeRoom<T>(
  { listFactors, abandon }: MfaApi,
  ask: Ask,
  friendlyName: string | undefined,
  enroll: () => Promise<T>,
): Promise<T> {
  try {
    return await enroll()
  } catch (refused) {
    const { code } = toAuthError(refused)
    if (!abandon || (code !== 'factor_limit' && code !== 'factor_name_taken')) throw refused
    const isInTheWay = (one: Factor) =>
      one.status === 'unverified' && (code === 'factor_limit' || one.friendlyName === friendlyName)
    const left = (await ask((o) => listFactors({ ...o, fresh: true })).catch(() => [])).filter(isInTheWay)
    if (left.length === 0) throw refused
    for (const { id } of left) await ask(() => abandon({ enrollmentId: id })).catch(() => undefined)
    return enroll()
  }
}
