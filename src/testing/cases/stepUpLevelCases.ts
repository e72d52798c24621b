import type { AuthAdapter, StepUpApi, StepUpLevel } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { isActive } from '../../core/session.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, optionOf, pass, passSecond, proofOf, signIn, usualFirst, usualSecond, wantsFor, type Stand } from '../walk.js'
import { other } from './proofCases.js'

/** Proving the first factor again, or both, and hearing that it is wanted. */
export function stepUpLevelCases({ stepUp, capabilities }: AuthAdapter): readonly Draft[] {
  if (!stepUp || capabilities.secondFactors.length === 0) return []
  const claimed = (['first_factor', 'multi_factor'] as const).filter((level) => stepUp.levels.includes(level))
  return [...claimed.flatMap(levelCases), ...(stepUp.detect ? detecting : [])]
}

function levelCases(level: 'first_factor' | 'multi_factor'): readonly Draft[] {
  const isBoth = level === 'multi_factor'
  return [
    {
      id: `step-up/${level}/right`,
      says: `asks for the first factor${isBoth ? ', then for the second' : ' and nothing more'}, and keeps the session’s person`,
      async run(scene) {
        const { stand, userId } = await begin(scene, level)
        const { adapter, attempt } = await pass(scene, stand)
        const next = isBoth ? 'needs_second_factor' : 'complete'
        equal(attempt.status, next, 'Where the step-up is after the first factor')
        equal(attempt.purpose, 'step_up', 'The purpose after the first factor')
        if (isBoth) await refused(adapter.signIn.finish(attempt), ['not_supported'], 'Finishing before the second factor')
        const reached = await passSecond(scene, stand.person, { adapter, attempt })
        const session = await adapter.signIn.finish(reached.attempt)
        equal(session.user.id, userId, 'The person after a step-up')
        const { firstFactorAgeMs } = session
        check(firstFactorAgeMs === undefined || firstFactorAgeMs < 60_000, 'The first factor was passed just now.')
      },
    },
    {
      id: `step-up/${level}/wrong`,
      says: 'a wrong first factor is refused, finish too, and the session stays',
      async run(scene) {
        const { stand } = await begin(scene, level)
        const { adapter, attempt } = stand
        const wrong = other(await proofOf(scene, stand))
        const codes = ['invalid_credentials', 'code_incorrect', 'code_incorrect_or_expired'] as const
        await refused(answer(stand, wrong), codes, 'A wrong first factor')
        await refused(adapter.signIn.finish(attempt), ['not_supported'], 'Finishing a step-up that was not passed')
        check(isActive(await adapter.session.get({ fresh: true })), 'A refused step-up should leave the session alone.')
      },
    },
  ]
}

const detecting: readonly Draft[] = [
  {
    id: 'step-up/detect',
    says: 'what the app is refused with for want of a step-up is recognised, and names a level that the adapter has',
    needs: ['refusedForStepUp'],
    async run(scene) {
      await signIn(scene, await scene.person(wantsFor[usualSecond(scene)]))
      const { levels, detect } = stepUpOf(scene)
      const wanted = detect?.(await scene.lever('refusedForStepUp')()) ?? fail('The refusal should be recognised.')
      check(levels.includes(wanted.level), `The level should be one of the adapter’s; it is "${wanted.level}".`)
      const { maxAgeMs } = wanted
      check(maxAgeMs === undefined || (maxAgeMs >= 0 && Number.isFinite(maxAgeMs)), 'The age should be a duration.')
    },
  },
  {
    id: 'step-up/detect-others',
    says: 'what else goes wrong asks for no step-up',
    async run(scene) {
      const { detect } = stepUpOf(scene)
      const { identifier, password } = await scene.person()
      const refusal: unknown = await scene.adapter.signIn
        .create({ identifier, password: `${password}x` })
        .catch((thrown: unknown) => thrown)
      const others = { refusal, 'an AuthError': new AuthError('session_lost'), 'an error': new Error('Forbidden'), ...plain }
      for (const [what, one] of Object.entries(others)) equal(detect?.(one), null, `What is made of ${what}`)
    },
  },
]

const plain = {
  nothing: undefined,
  null: null,
  text: 'step-up',
  'a number': 403,
  'an empty body': {},
  'a 403': { status: 403, error: { code: 'forbidden', message: 'Forbidden' } },
}

function stepUpOf({ adapter }: Scene): StepUpApi {
  return adapter.stepUp ?? fail('The adapter has no stepUp.')
}

async function begin(scene: Scene, level: StepUpLevel): Promise<{ stand: Stand; userId: string }> {
  const { adapter } = scene
  const person = await scene.person(wantsFor[usualSecond(scene)])
  const { user } = await signIn(scene, person)
  const attempt = await stepUpOf(scene).create({ level })
  equal(attempt.purpose, 'step_up', 'The purpose of a step-up')
  equal(attempt.cancelSignsOut, false, 'Whether giving a step-up up signs out')
  equal(attempt.status, 'needs_first_factor', 'Where a step-up of the first factor begins')
  return { stand: { adapter, person, side: 'first', attempt, option: optionFor(scene, attempt) }, userId: user.id }
}

function optionFor(scene: Scene, attempt: SignInAttempt) {
  const usual = usualFirst(scene)
  const offered = attempt.supportedFirstFactors.map(({ strategy }) => strategy)
  return optionOf(attempt, 'first', offered.includes(usual) ? usual : (offered[0] ?? usual))
}
