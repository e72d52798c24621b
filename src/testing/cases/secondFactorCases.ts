import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { check } from '../check.js'
import type { Draft } from '../draft.js'
import { pass, standAtSecond, wantsFor, type Stand } from '../walk.js'
import { linkCases } from './linkCases.js'
import { proofCases } from './proofCases.js'

export function secondFactorCases({ capabilities }: AuthAdapter): readonly Draft[] {
  return capabilities.secondFactors.flatMap((strategy) => [
    right(strategy),
    ...tries(strategy),
    ...(strategy === 'email_link' ? linkCases('second') : []),
  ])
}

function right(strategy: SecondStrategy): Draft {
  return {
    id: `second/${strategy}/right`,
    says: 'completes the sign-in, and only it does',
    ...(strategy === 'email_link' && { needs: ['reloaded'] }),
    async run(scene) {
      const stand = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
      const { adapter, attempt } = await pass(scene, stand)
      check(
        attempt.status === 'complete',
        `After the second factor the sign-in should be complete; it is at "${attempt.status}".`,
      )
      const session = await adapter.signIn.finish(attempt)
      check(isActive(session), 'A finished sign-in should answer with a session that is not pending.')
      check(isActive(await adapter.session.get({ fresh: true })), 'After a finished sign-in somebody should be signed in.')
      check(
        session.currentLevel !== 'aal1',
        'A session with both factors should not say aal1; say null where the backend does not tell.',
      )
    },
  }
}

const tries = (strategy: SecondStrategy) =>
  proofCases('second', strategy, async (scene, again?: Stand) => {
    const person = again?.person ?? (await scene.person(wantsFor[strategy]))
    return standAtSecond(scene, person, strategy, again?.adapter)
  })
