import type { AuthAdapter } from '../../core/adapter.js'
import type { Factor, FactorChange } from '../../core/enrollment.js'
import type { EnrollType } from '../../core/strategy.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { passFirst, signIn } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'
import { losing } from './lostReplyCases.js'
import { paramsOf, prove } from './otherEnrollmentCases.js'

export const takes = ({ changes }: Factor, change: FactorChange) => changes?.includes(change) ?? true

/** Which factor sign-in offers first. */
export function makeDefaultCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  if (!mfa?.makeDefault) return []
  const kinds = (['phone', 'totp', 'webauthn'] as const).flatMap((type) => capabilities.enroll.filter((one) => one.type === type))
  const [one, other] = kinds
  if (!one || !(other || one.many)) return []
  return cases([one.type, other?.type ?? one.type])
}

function cases(types: readonly EnrollType[]): readonly Draft[] {
  return [
    {
      id: 'default/right',
      says: 'the list says so of that factor alone, and sign-in offers it first',
      needs: ['another'],
      async run(scene) {
        const { person, factors, makeDefault, defaults } = await begin(scene, types)
        for (const { id, strategy } of factors) {
          await makeDefault(id)
          equal(await defaults(), [id], 'The default ones in the list')
          const { attempt } = await passFirst(scene, person, undefined, await scene.another())
          const first = attempt.supportedSecondFactors?.find(({ primary }) => primary)
          equal(first?.strategy, strategy, 'What sign-in offers first')
        }
      },
    },
    {
      id: 'default/unknown',
      says: 'a factor that there is not, and one that says it cannot be, are refused, and the default one stays',
      async run(scene) {
        const { factors, others, makeDefault, defaults } = await begin(scene, types)
        const [factor = fail('No factor can be made the default one.')] = factors
        await makeDefault(factor.id)
        for (const id of ['made-up', ...others.map((one) => one.id)])
          await refused(makeDefault(id), ['factor_not_found', 'not_supported'], `Making ${id} the default one`)
        equal(await defaults(), [factor.id], 'The default ones in the list')
      },
    },
    {
      id: 'default/lost-reply',
      says: 'after the answer was lost, the list tells which is the default one',
      needs: ['loseNextReply', 'sent'],
      async run(scene) {
        const { factors, makeDefault, defaults } = await begin(scene, types)
        const { id, strategy } = factors.find(({ isDefault }) => !isDefault) ?? fail('No factor can be made the default one.')
        await losing(scene, { verb: 'mfa.makeDefault', strategy }, () => makeDefault(id))
        equal(await defaults(), [id], 'The default ones in the list')
      },
    },
  ]
}

async function begin(scene: Scene, types: readonly EnrollType[]) {
  const person = await scene.person()
  await signIn(scene, person)
  const mfa = mfaOf(scene.adapter)
  for (const [index, type] of types.entries()) {
    const enrollment = await mfa.enroll({ ...paramsOf(type, person), password: person.password, friendlyName: `Factor ${index}` })
    await prove(scene, mfa, person, enrollment)
  }
  const list = () => mfa.listFactors({ fresh: true })
  const all = await list()
  const factors = all.filter((one) => takes(one, 'make_default'))
  check(factors.length > 0, 'The adapter makes factors the default one, and none of those that can be enrolled takes it.')
  return {
    person,
    factors,
    others: all.filter((one) => !factors.includes(one)),
    defaults: async () => (await list()).filter(({ isDefault }) => isDefault).map(({ id }) => id),
    makeDefault: async (factorId: string) =>
      mfa.makeDefault ? mfa.makeDefault({ factorId }) : fail('The adapter makes no factor the default one.'),
  }
}
