import type { AuthAdapter } from '../../core/adapter.js'
import type { Factor } from '../../core/enrollment.js'
import type { EnrollType } from '../../core/strategy.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { signIn } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'
import { losing } from './lostReplyCases.js'
import { takes } from './makeDefaultCases.js'
import { paramsOf, prove } from './otherEnrollmentCases.js'

/** Giving a factor another name. Passkeys first: where only some factors have names, they do. */
export function renameCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  if (!mfa?.rename) return []
  const kinds = (['webauthn', 'totp'] as const).flatMap((type) => capabilities.enroll.filter((one) => one.type === type))
  const [kind] = kinds
  if (!kind) return []
  return kind.many ? [...cases(kind.type), taken(kind.type)] : cases(kind.type)
}

function cases(type: EnrollType): readonly Draft[] {
  return [
    {
      id: 'rename/right',
      says: 'the factor has its new name, in the answer and in the list, and is the same factor',
      async run(scene) {
        const { mfa, add, rename } = await begin(scene, type)
        const factor = await add('Old name')
        check(takes(factor, 'rename'), 'A factor that is renamed should not say that it takes no name.')
        const { id, friendlyName } = await rename(factor, 'New name')
        equal({ id, friendlyName }, { id: factor.id, friendlyName: 'New name' }, 'The renamed factor')
        const listed = (await mfa.listFactors({ fresh: true })).find((one) => one.id === id)
        equal(listed?.friendlyName, 'New name', 'The name in the list')
        check(listed?.status === 'verified', 'A renamed factor should still be verified.')
      },
    },
    {
      id: 'rename/unknown',
      says: 'a factor that there is not is refused, and none gets the name',
      async run(scene) {
        const { mfa, add, rename } = await begin(scene, type)
        const factor = await add('Old name')
        await refused(rename({ id: 'made-up' }, 'New name'), ['factor_not_found', 'not_supported'], 'Renaming a made-up factor')
        const listed = (await mfa.listFactors({ fresh: true })).find(({ id }) => id === factor.id)
        check(listed?.friendlyName !== 'New name', 'No other factor should get the name.')
      },
    },
    {
      id: 'rename/lost-reply',
      says: 'after the answer to a new name was lost, the list tells whether the factor has it',
      needs: ['loseNextReply', 'sent'],
      async run(scene) {
        const { mfa, add, rename } = await begin(scene, type)
        const { id, strategy } = await add('Old name')
        await losing(scene, { verb: 'mfa.rename', strategy }, () => rename({ id }, 'New name'))
        const listed = (await mfa.listFactors({ fresh: true })).find((one) => one.id === id)
        equal(listed?.friendlyName, 'New name', 'The name in the list')
      },
    },
  ]
}

function taken(type: EnrollType): Draft {
  return {
    id: 'rename/taken',
    says: 'a name that another factor has is refused as taken, and both keep theirs',
    async run(scene) {
      const { mfa, add, rename } = await begin(scene, type)
      const factors = [await add('One'), await add('Other')] as const
      const error = await refused(rename(factors[1], 'One'), ['factor_name_taken'], 'A name that is taken')
      check(error.field === undefined || error.field === 'friendlyName', 'The error should speak of the name.')
      const names = (await mfa.listFactors({ fresh: true })).map(({ friendlyName }) => friendlyName)
      equal(names.toSorted(), ['One', 'Other'], 'The names after one was refused')
    },
  }
}

async function begin(scene: Scene, type: EnrollType) {
  const person = await scene.person()
  await signIn(scene, person)
  const mfa = mfaOf(scene.adapter)
  return {
    mfa,
    async add(friendlyName: string): Promise<Factor> {
      const enrollment = await mfa.enroll({ ...paramsOf(type, person), password: person.password, friendlyName })
      const { factor } = await prove(scene, mfa, person, enrollment)
      return factor
    },
    rename: async ({ id }: Pick<Factor, 'id'>, friendlyName: string): Promise<Factor> =>
      mfa.rename?.({ factorId: id, friendlyName }) ?? fail('The adapter renames nothing.'),
  }
}
