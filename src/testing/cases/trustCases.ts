import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import type { Person } from '../adapterHarness.js'
import { check } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { passFirst, proofOf, standAtSecond, usualSecond, wantsFor } from '../walk.js'

/** A browser that the person has called their own. */
export function trustCases({ capabilities }: AuthAdapter): readonly Draft[] {
  return capabilities.trustDevice && capabilities.secondFactors.length > 0 ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'trust/same-browser',
    says: 'asks for no second factor the next time, and signs in the same person',
    async run(scene) {
      const { person, userId } = await trust(scene, true)
      const { adapter, attempt } = await passFirst(scene, person)
      check(attempt.status === 'complete', `A trusted browser should ask for no second factor; it is at "${attempt.status}".`)
      const session = await adapter.signIn.finish(attempt)
      check(isActive(session) && session.user.id === userId, 'The person should be signed in.')
    },
  },
  {
    id: 'trust/another-browser',
    says: 'is of that browser only: another one is asked',
    needs: ['another'],
    async run(scene) {
      const { person } = await trust(scene, true)
      await isAsked(scene, person, await scene.another())
    },
  },
  {
    id: 'trust/another-person',
    says: 'is of that person only: somebody else in the same browser is asked',
    async run(scene) {
      await trust(scene, true)
      await isAsked(scene, await scene.person(wantsFor[usualSecond(scene)]))
    },
  },
  {
    id: 'trust/not-wished',
    says: 'comes of the person’s wish only',
    async run(scene) {
      const { person } = await trust(scene, false)
      await isAsked(scene, person)
    },
  },
]

/** Signs in with both factors, and out again. */
async function trust(scene: Scene, trustDevice: boolean): Promise<{ person: Person; userId: string }> {
  const strategy = usualSecond(scene)
  const person = await scene.person(wantsFor[strategy])
  const stand = await standAtSecond(scene, person, strategy)
  const { signIn, session } = stand.adapter
  const params = { factorId: stand.option.id, trustDevice, ...(await proofOf(scene, stand)) }
  const { user } = await signIn.finish(await signIn.attemptSecondFactor(stand.attempt, params))
  await session.signOut()
  return { person, userId: user.id }
}

async function isAsked(scene: Scene, person: Person, browser = scene.adapter): Promise<void> {
  const { attempt } = await passFirst(scene, person, undefined, browser)
  check(attempt.status === 'needs_second_factor', `The second factor should be asked for; the attempt is at "${attempt.status}".`)
}
