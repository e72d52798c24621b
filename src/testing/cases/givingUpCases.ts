import type { AuthAdapter } from '../../core/adapter.js'
import type { AttemptRef } from '../../core/attempt.js'
import type { AuthErrorCode } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import { check, equal, refused } from '../check.js'
import type { Draft } from '../draft.js'
import {
  answer,
  passFirst,
  passSecond,
  proofOf,
  signIn,
  standAtFirst,
  standAtSecond,
  usualFirst,
  usualSecond,
  wantsFor,
} from '../walk.js'
import { noSession } from './proofCases.js'

const over: readonly AuthErrorCode[] = ['attempt_lost', 'session_lost', 'not_supported']

/** `cancel` undoes what its attempt has made, and nothing else. */
export function givingUpCases({ capabilities }: AuthAdapter): readonly Draft[] {
  return [...always, ...(capabilities.secondFactors.length > 0 ? between : [])]
}

const always: readonly Draft[] = [
  {
    id: 'cancel/at-the-first-factor',
    says: 'the attempt is gone',
    async run(scene) {
      const { adapter, attempt } = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      await adapter.signIn.cancel(attempt)
      await isGone(adapter, attempt)
    },
  },
  {
    id: 'cancel/complete',
    says: 'before finish it signs out whom the attempt has signed in',
    async run(scene) {
      const person = await scene.person()
      const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person))
      const made = isActive(await adapter.session.get({ fresh: true }))
      check(!made || attempt.cancelSignsOut, 'An attempt that has made a session should say that giving it up signs out.')
      await adapter.signIn.cancel(attempt)
      await isGone(adapter, attempt)
      await noSession(scene, 'giving up')
    },
  },
  {
    id: 'cancel/finished',
    says: 'once finished, nothing happens: the person has signed in, and signing out is signOut’s',
    async run(scene) {
      const person = await scene.person()
      const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person))
      const { user } = await adapter.signIn.finish(attempt)
      await adapter.signIn.cancel(attempt)
      const session = await adapter.session.get({ fresh: true })
      check(isActive(session), 'Giving up a sign-in that was finished should leave its person signed in.')
      equal(session.user.id, user.id, 'The person after giving up what was finished')
    },
  },
  {
    id: 'cancel/made-up',
    says: 'of what never was it is no error, and changes nothing',
    async run(scene) {
      await signIn(scene, await scene.person())
      await scene.adapter.signIn.cancel({ id: 'made-up' })
      check(
        isActive(await scene.adapter.session.get({ fresh: true })),
        'Giving up what never was should leave the session alone.',
      )
    },
  },
  {
    id: 'cancel/somebody-signed-in',
    says: 'an attempt that has made nothing leaves whoever is signed in alone',
    async run(scene) {
      await signIn(scene, await scene.person())
      const { adapter, attempt } = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      await adapter.signIn.cancel(attempt)
      check(isActive(await adapter.session.get({ fresh: true })), 'The session from before should still be there.')
    },
  },
  {
    id: 'cancel/in-flight',
    says: 'a verb that is aborted when it has reached the backend settles, and giving up after it undoes what it made there',
    needs: ['sent'],
    async run(scene) {
      const stand = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      const proof = await proofOf(scene, stand)
      const sent = scene.lever('sent')
      const act = { verb: 'signIn.attemptFirstFactor', strategy: stand.option.strategy } as const
      const before = await sent(act)
      const aborting = new AbortController()
      // Either is right: a vendor's client may not know how to abort. What is watched is that it settles, and as what.
      const call = answer(stand, proof, aborting.signal).then(
        () => 'settled',
        () => 'settled',
      )
      const tick = () => new Promise((resolve) => setTimeout(resolve))
      while ((await sent(act)) === before && (await Promise.race([call, tick()])) !== 'settled');
      aborting.abort()
      await call
      await stand.adapter.signIn.cancel(stand.attempt)
      await isGone(stand.adapter, stand.attempt)
      await noSession(scene, 'giving up a verb in flight')
    },
  },
  {
    id: 'cancel/aborted-before',
    says: 'a verb whose signal is aborted already settles',
    async run(scene) {
      const { identifier, password } = await scene.person()
      const call = scene.adapter.signIn.create({ identifier, password }, { signal: AbortSignal.abort() })
      await call.catch(() => undefined)
      await scene.adapter.session.get({ fresh: true, signal: AbortSignal.abort() }).catch(() => undefined)
    },
  },
]

const between: readonly Draft[] = [
  {
    id: 'cancel/between',
    says: 'between the factors it ends the attempt on the backend too: after a reload nothing of it is left',
    async run(scene) {
      const strategy = usualSecond(scene)
      const { adapter, attempt } = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
      await adapter.signIn.cancel(attempt)
      await isGone(adapter, attempt)
      await noSession(scene, 'giving up between the factors')
      if (!scene.has('reloaded')) return
      const { attempt: left } = await (await scene.reloaded()).signIn.resume({})
      check(left === null, 'After a reload an attempt that was given up should not come back.')
    },
  },
  {
    id: 'cancel/lost-reply',
    says: 'it signs out what a lost answer may have signed in',
    needs: ['loseNextReply'],
    async run(scene) {
      const strategy = usualSecond(scene)
      const stand = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
      const proof = await proofOf(scene, stand)
      await scene.lever('loseNextReply')({ verb: 'signIn.attemptSecondFactor', strategy })
      await answer(stand, proof).catch(() => undefined)
      await stand.adapter.signIn.cancel(stand.attempt)
      await isGone(stand.adapter, stand.attempt)
      await noSession(scene, 'giving up after a lost answer')
    },
  },
]

async function isGone({ signIn: api }: AuthAdapter, attempt: AttemptRef): Promise<void> {
  await refused(api.reload(attempt), over, 'Reloading what was given up')
  await refused(api.finish(attempt), over, 'Finishing what was given up')
}
