import { isAuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import type { AuthAdapter } from '../../core/adapter.js'
import type { Person } from '../adapterHarness.js'
import { check, equal, fail, nameOf, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, optionOf, passSecond, prepare, verificationOf, type Stand } from '../walk.js'
import { endOfGuessing, lateCodes, noSession, other, spent, wrongCodes } from './proofCases.js'
import { shownOf, told } from './told.js'

type ResetStrategy = 'reset_password_email_code' | 'reset_password_phone_code'

const early: readonly AuthErrorCode[] = ['not_supported', 'attempt_lost', 'session_lost']

export function resetCases(strategy: ResetStrategy): readonly Draft[] {
  const at = (name: string) => `first/${strategy}/${name}`
  const begin = async (scene: Scene) => {
    const person = await scene.person({ first: [strategy] })
    const stand = await standAtReset(scene, person.identifier, strategy, person)
    return { person, stand, code: await person.delivered(strategy) }
  }
  return [
    {
      id: at('right'),
      says: 'the code leads to a new password, which works, and the old one does not',
      async run(scene) {
        const { person, stand, code } = await begin(scene)
        const attempt = await answer(stand, { code })
        check(
          attempt.status === 'needs_new_password',
          `After the code a new password should be needed; it is at "${attempt.status}".`,
        )
        await refused(scene.adapter.signIn.finish(attempt), ['not_supported'], 'Finishing before the new password')
        const password = `${person.password}-new-1`
        const reached = await passSecond(scene, person, {
          adapter: scene.adapter,
          attempt: await resetOf(scene.adapter)(attempt, { password }),
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
        const { stand, code } = await begin(scene)
        await refused(answer(stand, other({ code })), wrongCodes, 'A wrong code')
        await noNewPassword(scene, stand, 'without the code')
      },
    },
    {
      id: at('unknown-user'),
      says: 'neither asking for a code nor a wrong one tells whether the user exists',
      async run(scene) {
        const { person, stand, code } = await begin(scene)
        const unknown = await standAtReset(scene, scene.stranger(person), strategy, person).catch((thrown: unknown) =>
          fail(`A reset for nobody should begin like any other; it was refused with "${codeOf(thrown)}".`),
        )
        equal(shownOf(unknown.attempt), shownOf(stand.attempt), 'What is told of an unknown user')
        const [wrong, wrongOfNobody] = [
          await refused(answer(stand, other({ code })), [], 'A wrong code'),
          await refused(answer(unknown, other({ code })), [], 'A code for nobody'),
        ]
        equal(told(wrongOfNobody), told(wrong), 'What is told of a wrong code for an unknown user')
      },
    },
    {
      id: at('expired'),
      says: 'a code that came too late is refused as expired, and no password can be set',
      needs: ['passTime'],
      async run(scene) {
        const { stand, code } = await begin(scene)
        await scene.lever('passTime')((verificationOf(stand.attempt, 'first')?.expiresInMs ?? 25 * 3_600_000) + 1_000)
        await refused(answer(stand, { code }), lateCodes, 'An expired code')
        await noNewPassword(scene, stand, 'after an expired code')
      },
    },
    {
      id: at('reused'),
      says: 'a code that has reset a password resets it no second time, in another browser either',
      needs: ['another', 'passTime'],
      async run(scene) {
        const { person, stand, code } = await begin(scene)
        await resetOf(scene.adapter)(await answer(stand, { code }), { password: `${person.password}-new-1` })
        const adapter = await scene.another()
        const again = await standAtReset(scene, person.identifier, strategy, person, adapter)
        await refused(answer(again, { code }), spent, 'A used code')
        await noNewPassword({ adapter }, again, 'after a used code')
      },
    },
    {
      id: at('too-many'),
      says: 'wrong codes are counted: there is an end to guessing, and then the right one does not pass either',
      async run(scene) {
        const { stand, code } = await begin(scene)
        await endOfGuessing(stand, { code })
        await noNewPassword(scene, stand, 'after too many wrong codes')
      },
    },
  ]
}

const codeOf = (thrown: unknown) => (isAuthError(thrown) ? thrown.code : nameOf(thrown))

const resetOf = ({ signIn }: AuthAdapter): NonNullable<AuthAdapter['signIn']['resetPassword']> =>
  signIn.resetPassword?.bind(signIn) ?? fail('A reset is claimed, and there is no resetPassword.')

async function noNewPassword(scene: Pick<Scene, 'adapter'>, { attempt }: Stand, when: string): Promise<void> {
  await refused(resetOf(scene.adapter)(attempt, { password: 'any-new-password-1' }), early, `A new password ${when}`)
  await noSession(scene, `a new password ${when}`)
}

async function standAtReset(
  scene: Scene,
  identifier: string,
  strategy: ResetStrategy,
  person: Person,
  adapter = scene.adapter,
): Promise<Stand> {
  const attempt = await adapter.signIn.create({ strategy, identifier })
  check(attempt.purpose === 'reset_password', `The attempt should be a reset; it is a ${attempt.purpose}.`)
  const stand: Stand = { adapter, person, side: 'first', attempt, option: optionOf(attempt, 'first', strategy) }
  const isSent = attempt.firstFactorVerification?.factorId === stand.option.id
  return isSent ? stand : { ...stand, attempt: await prepare(scene, stand) }
}
