import type { AuthAdapter } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { isAuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import type { Act, Person } from '../adapterHarness.js'
import { check, fail, refused, unanswered } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import {
  answer,
  isCode,
  prepare,
  proofOf,
  signIn,
  standAtFirst,
  standAtSecond,
  usualSecond,
  wantsFor,
  type Stand,
} from '../walk.js'
import { nobodyOffline, reloadOffline } from './outageCases.js'

const gone: readonly AuthErrorCode[] = ['attempt_lost', 'session_lost']
const needs = ['loseNextReply', 'sent'] as const

/** The backend has acted and its answer never arrived: nothing is called wrong, nothing is sent again, and the truth can be asked for. */
export function lostReplyCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const { firstFactors, secondFactors } = capabilities
  const codes = firstFactors.map(({ strategy }) => strategy).filter(isCode)
  return [
    ...(firstFactors.some(({ strategy }) => strategy === 'password') ? [password] : []),
    ...codes.map((strategy): Draft => ({
      id: `lost-reply/send-${strategy}`,
      says: 'a message whose answer was lost is sent once, its code works, and it may have been sent is all that is said',
      needs,
      async run(scene) {
        const stand = await standAtFirst(scene, await scene.person({ first: [strategy] }), strategy)
        await losing(scene, { verb: 'signIn.prepareFirstFactor', strategy }, () => prepare(scene, stand))
        const { status } = await answer(stand, { code: await stand.person.delivered(strategy) })
        check(status !== 'needs_first_factor', 'The code of a message whose answer was lost should work.')
      },
    })),
    ...(secondFactors.length > 0 ? second : []),
  ]
}

const password: Draft = {
  id: 'lost-reply/password',
  says: 'after the answer to a password was lost, resume finds what it began, or nothing, and sign-in still works',
  needs,
  async run(scene) {
    const person = await scene.person()
    const { identifier } = person
    const act = { verb: 'signIn.create', strategy: 'password' } as const
    await losing(scene, act, () => scene.adapter.signIn.create({ identifier, password: person.password }))
    const { attempt } = await scene.adapter.signIn.resume({})
    if (attempt) check(isActive(await scene.adapter.signIn.finish(attempt)), 'What resume found should be the sign-in, complete.')
    else check(isActive(await signIn(scene, person)), 'Where resume finds nothing, a new sign-in should work.')
  },
}

const second: readonly Draft[] = [
  {
    id: 'lost-reply/second-factor',
    says: 'after the answer to a right code was lost, reload tells the truth, and a sign-in works in the end',
    needs,
    async run(scene) {
      const { stand } = await loseSecond(scene)
      await truth(scene, stand)
    },
  },
  {
    id: 'lost-reply/second-factor-then-offline',
    says: 'while the truth cannot be asked for, nothing is made up; when it can be, it is told',
    needs: [...needs, 'offline'],
    async run(scene) {
      const { stand } = await loseSecond(scene)
      const { adapter, attempt } = stand
      const offline = scene.lever('offline')
      await offline(true)
      await reloadOffline(stand)
      // What never completed may be refused for that, without asking.
      await unanswered(adapter.signIn.finish(attempt), 'Finishing while offline', ['not_supported'])
      await nobodyOffline(scene)
      await offline(false)
      await truth(scene, stand)
    },
  },
  {
    id: 'lost-reply/attempt-gone',
    says: 'an attempt that ended on the backend meanwhile is lost, and said to be',
    needs: ['passTime'],
    async run(scene) {
      const strategy = usualSecond(scene)
      const { adapter, attempt } = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
      await scene.lever('passTime')((attempt.expiresInMs ?? 0) + 25 * 3_600_000)
      await refused(adapter.signIn.reload(attempt), gone, 'Reloading an attempt that has expired')
      await refused(adapter.signIn.finish(attempt), [...gone, 'not_supported'], 'Finishing an attempt that has expired')
    },
  },
]

/** Plays a call whose answer is lost; it has to arrive at the backend exactly once. */
export async function losing(scene: Scene, act: Act, call: () => Promise<unknown>): Promise<void> {
  const sent = scene.lever('sent')
  const before = await sent(act)
  await scene.lever('loseNextReply')(act)
  await unanswered(call(), `${act.verb}, its answer lost,`)
  const times = (await sent(act)) - before
  check(times === 1, `${act.verb} should have been sent once; it was sent ${times} times.`)
}

async function loseSecond(scene: Scene): Promise<{ stand: Stand }> {
  const strategy = usualSecond(scene)
  const stand = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
  const proof = await proofOf(scene, stand)
  await losing(scene, { verb: 'signIn.attemptSecondFactor', strategy }, () => answer(stand, proof))
  return { stand }
}

/**
 * The code was accepted, so the attempt is complete; or, where the answer took the session along, it is gone or stands where it stood, and then
 * nobody is signed in. Whichever: the person gets in.
 */
async function truth(scene: Scene, { adapter, attempt, person }: Stand): Promise<void> {
  const now = await reloadOrGone(adapter, attempt)
  if (now?.status === 'complete') {
    check(isActive(await adapter.signIn.finish(now)), 'What reload calls complete should be finished with a session.')
    return
  }
  check(now === null || now.status === attempt.status, `A reload found the attempt at "${now?.status}".`)
  check(!isActive(await adapter.session.get({ fresh: true })), 'Where the attempt is not complete, nobody should be signed in.')
  await inTheEnd(scene, person, adapter)
}

async function inTheEnd(scene: Scene, person: Person, adapter: AuthAdapter): Promise<void> {
  check(isActive(await signIn(scene, person, adapter)), 'A new sign-in should work.')
}

async function reloadOrGone(adapter: AuthAdapter, attempt: SignInAttempt): Promise<SignInAttempt | null> {
  try {
    return await adapter.signIn.reload(attempt)
  } catch (thrown) {
    if (isAuthError(thrown) && gone.includes(thrown.code)) return null
    return fail(
      `After a lost answer a reload should tell the truth; it was rejected with "${isAuthError(thrown) ? thrown.code : 'no AuthError'}".`,
    )
  }
}
