import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, optionOf, passSecond, proofOf, signIn, usualSecond, wantsFor } from '../walk.js'
import { other } from './proofCases.js'

/** Proving a factor again, in a session. */
export function stepUpCases({ stepUp, capabilities }: AuthAdapter): readonly Draft[] {
  return stepUp?.levels.includes('second_factor') && capabilities.secondFactors.length > 0 ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'step-up/right',
    says: 'is an attempt of its own kind, keeps the session, and what finish says of the level is what the backend says',
    async run(scene) {
      const { adapter } = scene
      const { person, session, attempt } = await begin(scene, 10 * 60_000)
      const { attempt: done } = await passSecond(scene, person, { adapter, attempt })
      const after = await adapter.signIn.finish(done)
      equal(after.user.id, session.user.id, 'The person after a step-up')
      const read = await adapter.session.get({ fresh: true })
      equal(
        { level: read?.currentLevel, recent: recent(read?.secondFactorAgeMs) },
        { level: after.currentLevel, recent: recent(after.secondFactorAgeMs) },
        'What the backend says of the session after a step-up',
      )
      check(after.secondFactorAgeMs === undefined || after.secondFactorAgeMs < 60_000, 'The second factor was passed just now.')
    },
  },
  {
    id: 'step-up/wrong',
    says: 'a wrong code is refused, finish too, and the session stays',
    async run(scene) {
      const { adapter } = scene
      const { person, attempt } = await begin(scene)
      const option = optionOf(attempt, 'second', usualSecond(scene))
      const stand = { adapter, person, attempt, option, side: 'second' } as const
      const wrong = other(await proofOf(scene, stand))
      await refused(answer(stand, wrong), ['code_incorrect', 'code_incorrect_or_expired'], 'A wrong code')
      await refused(adapter.signIn.finish(attempt), ['not_supported'], 'Finishing a step-up that was not passed')
      check(isActive(await adapter.session.get({ fresh: true })), 'A refused step-up should leave the session alone.')
    },
  },
  {
    id: 'step-up/cancel',
    says: 'given up, it leaves the session alone, and is gone',
    async run(scene) {
      const { adapter } = scene
      const { attempt } = await begin(scene)
      await adapter.signIn.cancel(attempt)
      check(isActive(await adapter.session.get({ fresh: true })), 'Giving up a step-up should leave the session alone.')
      await refused(adapter.signIn.finish(attempt), ['attempt_lost', 'not_supported'], 'Finishing a step-up that was given up')
    },
  },
  {
    id: 'step-up/signed-out',
    says: 'is refused without a session',
    async run({ adapter }) {
      const call = adapter.stepUp?.create({ level: 'second_factor' }) ?? fail('The adapter has no stepUp.')
      await refused(call, ['session_lost'], 'A step-up without a session')
    },
  },
]

const recent = (ageMs: number | undefined) => (ageMs === undefined ? null : ageMs < 60_000)

/** `agoMs`: so long ago the session was made, so that its age tells whether the step-up was counted. */
async function begin(scene: Scene, agoMs = 0) {
  const { adapter } = scene
  const person = await scene.person(wantsFor[usualSecond(scene)])
  const session = await signIn(scene, person)
  if (agoMs > 0 && scene.has('passTime')) await scene.lever('passTime')(agoMs)
  const attempt = await (adapter.stepUp?.create({ level: 'second_factor' }) ?? fail('The adapter has no stepUp.'))
  equal(attempt.purpose, 'step_up', 'The purpose of a step-up')
  equal(attempt.cancelSignsOut, false, 'Whether giving a step-up up signs out')
  equal(attempt.status, 'needs_second_factor', 'Where a step-up of the second factor begins')
  return { person, session, attempt }
}
