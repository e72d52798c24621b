import { isActive } from '../../core/session.js'
import type { Person } from '../adapterHarness.js'
import { check, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, optionOf, passSecond, prepare, type Stand } from '../walk.js'
import { other } from './proofCases.js'

type ResetStrategy = 'reset_password_email_code' | 'reset_password_phone_code'

export function resetCases(strategy: ResetStrategy): readonly Draft[] {
  const at = (name: string) => `first/${strategy}/${name}`
  return [
    {
      id: at('right'),
      says: 'the code leads to a new password, which works, and the old one does not',
      async run(scene) {
        const person = await scene.person({ first: [strategy] })
        const stand = await standAtReset(scene, person, strategy)
        const attempt = await answer(stand, { code: await person.delivered(strategy) })
        check(
          attempt.status === 'needs_new_password',
          `After the code a new password should be needed; it is at "${attempt.status}".`,
        )
        await refused(scene.adapter.signIn.finish(attempt), ['not_supported'], 'Finishing before the new password')
        const { resetPassword } = scene.adapter.signIn
        if (!resetPassword) return fail('A reset is claimed, and there is no resetPassword.')
        const password = `${person.password}-new-1`
        const reached = await passSecond(scene, person, {
          adapter: scene.adapter,
          attempt: await resetPassword(attempt, { password }),
        })
        check(isActive(await reached.adapter.signIn.finish(reached.attempt)), 'After the reset somebody should be signed in.')
        await scene.adapter.session.signOut()
        const { identifier } = person
        await refused(
          scene.adapter.signIn.create({ identifier, password: person.password }),
          ['invalid_credentials'],
          'The old password',
        )
        const again = await scene.adapter.signIn.create({ identifier, password })
        check(again.status !== 'needs_first_factor', 'The new password should work.')
      },
    },
    {
      id: at('wrong'),
      says: 'a wrong code is refused, and no password can be set',
      async run(scene) {
        const person = await scene.person({ first: [strategy] })
        const stand = await standAtReset(scene, person, strategy)
        const code = await person.delivered(strategy)
        await refused(answer(stand, other({ code })), ['code_incorrect', 'code_incorrect_or_expired'], 'A wrong code')
        const { resetPassword } = scene.adapter.signIn
        if (!resetPassword) return fail('A reset is claimed, and there is no resetPassword.')
        const early = resetPassword(stand.attempt, { password: 'any-new-password-1' })
        await refused(early, ['not_supported', 'attempt_lost', 'session_lost'], 'A new password without the code')
      },
    },
  ]
}

async function standAtReset(scene: Scene, person: Person, strategy: ResetStrategy): Promise<Stand> {
  const { adapter } = scene
  const attempt = await adapter.signIn.create({ strategy, identifier: person.identifier })
  check(attempt.purpose === 'reset_password', `The attempt should be a reset; it is a ${attempt.purpose}.`)
  const stand: Stand = { adapter, person, side: 'first', attempt, option: optionOf(attempt, 'first', strategy) }
  const isSent = attempt.firstFactorVerification?.factorId === stand.option.id
  return isSent ? stand : { ...stand, attempt: await prepare(scene, stand) }
}
