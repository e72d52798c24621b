import type { AuthAdapter } from '../../core/adapter.js'
import { check, equal, fail, refused, unanswered } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, signIn, standAtSecond } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'

/** Making new backup codes. */
export function backupCodeCases({ mfa, capabilities }: AuthAdapter): readonly Draft[] {
  return mfa?.backupCodes && capabilities.secondFactors.includes('backup_code') ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'backup-codes/generate',
    says: 'new codes are all different and work; the old ones are dead',
    needs: ['another'],
    async run(scene) {
      const { person, generate } = await begin(scene)
      const codes = await generate()
      check(codes.length > 0, 'There should be new codes.')
      equal(new Set(codes).size, codes.length, 'How many of the new codes differ')
      const old = person.backupCodes ?? []
      check(!codes.some((code) => old.includes(code)), 'New codes should be new.')
      const stand = await standAtSecond(scene, person, 'backup_code', await scene.another())
      const wrong = ['code_incorrect', 'code_incorrect_or_expired'] as const
      await refused(answer(stand, { code: old[0] ?? '' }), wrong, 'An old backup code')
      const { status } = await answer(stand, { code: codes[0] ?? '' })
      check(status === 'complete', `A new backup code should complete the sign-in; it is at "${status}".`)
    },
  },
  {
    id: 'backup-codes/lost-reply',
    says: 'where the answer with the new codes was lost, none are shown, and generating again makes others',
    needs: ['loseNextReply'],
    async run(scene) {
      const { generate } = await begin(scene)
      const seen = await generate()
      await scene.lever('loseNextReply')({ verb: 'mfa.backupCodes.generate', strategy: 'backup_code' })
      await unanswered(generate(), 'Generating codes, the answer lost,')
      const codes = await generate()
      check(!codes.some((code) => seen.includes(code)), 'Codes from before should not be handed out as new.')
    },
  },
  {
    id: 'backup-codes/offline',
    says: 'where codes cannot be made, none are shown',
    needs: ['offline'],
    async run(scene) {
      const { generate } = await begin(scene)
      await generate()
      const offline = scene.lever('offline')
      await offline(true)
      await unanswered(generate(), 'Generating codes while offline')
      await offline(false)
    },
  },
]

async function begin(scene: Scene) {
  const person = await scene.person({ totp: true, backupCodes: true })
  await signIn(scene, person)
  const { backupCodes } = mfaOf(scene.adapter)
  if (!backupCodes) return fail('The adapter makes no backup codes.')
  return { person, generate: () => backupCodes.generate({ password: person.password }) }
}
