import type { AuthAdapter } from '../../core/adapter.js'
import type { AuthError } from '../../core/AuthError.js'
import { isAuthError } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import type { FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import type { Lever } from '../adapterHarness.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { isAway, isCode, passFirst, passSecond, standAtFirst, usualSecond, wantsFor, type Stand } from '../walk.js'
import { linkCases } from './linkCases.js'
import { noSession, proofCases } from './proofCases.js'
import { providerCases } from './providerCases.js'
import { resetCases } from './resetCases.js'
import { shownOf, told } from './told.js'

export function firstFactorCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const { firstFactors, secondFactors } = capabilities
  return firstFactors.flatMap(({ strategy }) =>
    strategy === 'reset_password_email_code' || strategy === 'reset_password_phone_code'
      ? resetCases(strategy)
      : [
          ...waysIn(strategy, secondFactors),
          ...tries(strategy),
          ...strangers(strategy),
          ...providerCases(strategy),
          ...(strategy === 'email_link' ? linkCases('first') : []),
        ],
  )
}

function waysIn(strategy: FirstStrategy, secondFactors: readonly SecondStrategy[]): readonly Draft[] {
  const wants = { first: [strategy] }
  const needs: readonly Lever[] = isAway(strategy) || strategy === 'email_link' ? ['reloaded'] : []
  const right: Draft = {
    id: `first/${strategy}/right`,
    says: 'leads to a session of that person',
    needs,
    async run(scene) {
      const person = await scene.person(wants)
      const { adapter, attempt } = await passFirst(scene, person, strategy)
      check(
        attempt.status === 'complete',
        `Without a second factor the sign-in should be complete; it is at "${attempt.status}".`,
      )
      check(attempt.purpose === 'sign_in', `The attempt should be a sign-in; it is a ${attempt.purpose}.`)
      const session = await adapter.signIn.finish(attempt)
      check(isActive(session), 'A finished sign-in should answer with a session that is not pending.')
      check(isActive(await adapter.session.get({ fresh: true })), 'After a finished sign-in somebody should be signed in.')
      check(session.currentLevel !== 'aal2' || strategy === 'passkey', 'One factor alone should not be aal2.')
    },
  }
  if (secondFactors.length === 0) return [right]
  return [
    right,
    {
      id: `first/${strategy}/second-factor-follows`,
      says: 'of somebody with a second factor makes no session before that is passed',
      needs,
      async run(scene) {
        const person = await scene.person({ ...wants, ...wantsFor[usualSecond(scene)] })
        const reached = await passFirst(scene, person, strategy)
        const { status, supportedSecondFactors } = reached.attempt
        // A passkey that has checked its person is both factors in one act.
        if (strategy === 'passkey' && status === 'complete') {
          const { currentLevel } = await reached.adapter.signIn.finish(reached.attempt)
          return equal(currentLevel, 'aal2', 'The level of a passkey that stands for both factors')
        }
        check(status === 'needs_second_factor', `The attempt should need the second factor; it is at "${status}".`)
        check(supportedSecondFactors?.length, 'The attempt should offer the person’s second factors.')
        check(
          !isActive(await reached.adapter.session.get({ fresh: true })),
          'Nobody should be signed in before the second factor.',
        )
        await refused(reached.adapter.signIn.finish(reached.attempt), ['not_supported'], 'Finishing before the second factor')
        const { adapter, attempt } = await passSecond(scene, person, reached)
        check(isActive(await adapter.signIn.finish(attempt)), 'With both factors somebody should be signed in.')
      },
    },
  ]
}

function tries(strategy: FirstStrategy): readonly Draft[] {
  if (isAway(strategy)) return []
  return proofCases('first', strategy, async (scene, again?: Stand) => {
    const person = again?.person ?? (await scene.person({ first: [strategy] }))
    return standAtFirst(scene, person, strategy, again?.adapter)
  })
}

/** Who does not exist is answered like who does. */
function strangers(strategy: FirstStrategy): readonly Draft[] {
  if (strategy === 'password') {
    return [
      {
        id: 'first/password/unknown-user',
        says: 'an unknown user is refused exactly like a wrong password',
        async run(scene) {
          const plain = await scene.person()
          const password = `${plain.password}x`
          const wrong = await refusal(scene, plain.identifier, password)
          const unknown = await refusal(scene, scene.stranger(plain), password)
          equal(told(unknown), told(wrong), 'What is told of an unknown user')
          await noSession(scene, 'a refused password')
        },
      },
      {
        id: 'first/password/unknown-user-with-mfa',
        says: 'a wrong password does not tell whether the person has a second factor',
        async run(scene) {
          if (scene.capabilities.secondFactors.length === 0) return
          const guarded = await scene.person(wantsFor[usualSecond(scene)])
          const password = `${guarded.password}x`
          const wrong = await refusal(scene, guarded.identifier, password)
          equal(
            told(wrong),
            told(await refusal(scene, scene.stranger(guarded), password)),
            'What is told of somebody with a second factor',
          )
        },
      },
    ]
  }
  if (!isCode(strategy)) return []
  return [
    {
      id: `first/${strategy}/unknown-user`,
      says: 'asking for a code tells nobody whether the user exists',
      async run(scene) {
        const person = await scene.person({ first: [strategy] })
        const known = await askFor(scene, person.identifier, strategy)
        const unknown = await askFor(scene, scene.stranger(person), strategy)
        equal(unknown, known, 'What is told of an unknown user')
      },
    },
  ]
}

async function refusal({ adapter }: Scene, identifier: string, password: string): Promise<AuthError> {
  const thrown = await passPassword(adapter, identifier, password).then(
    () => fail('A wrong password should be refused.'),
    (error: unknown) => error,
  )
  return isAuthError(thrown) ? thrown : fail('A wrong password was refused with something that is no AuthError.')
}

/** Both ways in which the kit gives a password. */
async function passPassword({ signIn, capabilities }: AuthAdapter, identifier: string, password: string) {
  if (!capabilities.firstFactorsPerUser) return signIn.create({ identifier, password })
  const attempt = await signIn.create({ identifier })
  const option = attempt.supportedFirstFactors.find(({ strategy }) => strategy === 'password')
  return signIn.attemptFirstFactor(attempt, { factorId: option?.id ?? '', password })
}

/** What an attempt shows after a code was asked for. */
async function askFor({ adapter }: Scene, identifier: string, strategy: FirstStrategy) {
  const begun = await adapter.signIn.create({ identifier })
  const factorId = begun.supportedFirstFactors.find((one) => one.strategy === strategy)?.id ?? ''
  return shownOf(await adapter.signIn.prepareFirstFactor(begun, { factorId }))
}
