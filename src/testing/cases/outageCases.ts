import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import { check, equal, unanswered } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
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
  type Stand,
} from '../walk.js'

const needs = ['offline'] as const
const day = 24 * 3_600_000

/** The backend cannot be reached, or the device's clock is wrong. */
export function outageCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  return [
    ...always,
    ...(capabilities.secondFactors.length > 0 ? [secondOffline] : []),
    ...(mfa ? [listOffline] : []),
    ...[day, -day].map(clockOff),
  ]
}

const always: readonly Draft[] = [
  {
    id: 'offline/first-factor',
    says: 'a first factor without an answer is neither wrong nor right, and works when the backend is back',
    needs,
    async run(scene) {
      const stand = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      const proof = await proofOf(scene, stand)
      await whileOffline(scene, () => unanswered(answer(stand, proof), 'A first factor while offline'))
      const { status } = await answer(stand, proof)
      check(status === 'complete', `After the outage the right proof should complete the sign-in; it is at "${status}".`)
    },
  },
  {
    id: 'offline/session',
    says: 'a session that cannot be read is an error, never nobody and never what it was',
    needs,
    async run(scene) {
      await whileOffline(scene, () => nobodyOffline(scene))
      await signIn(scene, await scene.person())
      await whileOffline(scene, () =>
        unanswered(scene.adapter.session.get({ fresh: true }), 'Reading the session of somebody signed in while offline'),
      )
      check(isActive(await scene.adapter.session.get({ fresh: true })), 'After the outage the session should still be there.')
    },
  },
  {
    id: 'offline/finish',
    says: 'finish without an answer is rejected, and may be called again',
    needs,
    async run(scene) {
      const person = await scene.person()
      const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person))
      await whileOffline(scene, () => unanswered(adapter.signIn.finish(attempt), 'Finishing while offline'))
      check(isActive(await adapter.signIn.finish(attempt)), 'After the outage finish should answer with the session.')
    },
  },
]

const secondOffline: Draft = {
  id: 'offline/second-factor',
  says: 'a second factor without an answer is neither wrong nor right, and no session',
  needs,
  async run(scene) {
    const strategy = usualSecond(scene)
    const stand = await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
    const proof = await proofOf(scene, stand)
    await whileOffline(scene, async () => {
      await unanswered(answer(stand, proof), 'A second factor while offline')
      await reloadOffline(stand)
    })
    const now = await stand.adapter.signIn.reload(stand.attempt)
    check(
      now.status === 'needs_second_factor',
      `After the outage the attempt should stand where it stood; it is at "${now.status}".`,
    )
    check((await answer(stand, proof)).status === 'complete', 'After the outage the same code, never sent, should be right.')
  },
}

const listOffline: Draft = {
  id: 'offline/list-factors',
  says: 'a list of factors that cannot be read is an error, never an empty list',
  needs,
  async run(scene) {
    const wants = scene.capabilities.secondFactors.length > 0 ? wantsFor[usualSecond(scene)] : {}
    await signIn(scene, await scene.person(wants))
    const list = scene.adapter.mfa?.listFactors.bind(scene.adapter.mfa)
    await whileOffline(scene, () => unanswered(list?.({ fresh: true }) ?? Promise.resolve(), 'Listing factors while offline'))
    check(
      scene.capabilities.secondFactors.length === 0 || (await list?.({ fresh: true }))?.length,
      'The person’s factors should be listed.',
    )
  },
}

function clockOff(ms: number): Draft {
  return {
    id: `clock/${ms > 0 ? 'ahead' : 'behind'}`,
    says: `with the device's clock a day ${ms > 0 ? 'ahead' : 'behind'} people sign in, and no age or wait is a day off`,
    needs: ['skewClock'],
    async run(scene) {
      await scene.lever('skewClock')(ms)
      const wants = scene.capabilities.secondFactors.length > 0 ? wantsFor[usualSecond(scene)] : {}
      const person = await scene.person(wants)
      await signIn(scene, person)
      const session = await scene.adapter.session.get({ fresh: true })
      check(isActive(session), 'With a wrong clock somebody should be signed in.')
      for (const name of ['firstFactorAgeMs', 'secondFactorAgeMs'] as const) {
        const age = session[name] ?? 0
        check(age >= 0 && age < day / 2, `${name} says ${age} ms just after the sign-in.`)
      }
      check((session.expiresInMs ?? 1) > 0, 'A session that was just made should not have run out.')
    },
  }
}

/** A backend that tells of no attempt leaves an adapter its own record, which stands where it stood. */
export async function reloadOffline({ adapter, attempt }: Stand): Promise<void> {
  const call = adapter.signIn.reload(attempt)
  const now = await call.catch(() => null)
  if (now) equal(now.status, attempt.status, 'The status of an attempt that is reloaded while offline')
  else await unanswered(call, 'Reloading while offline')
}

/** A browser that holds no token has nobody signed in, which needs no asking. */
export async function nobodyOffline({ adapter }: Scene): Promise<void> {
  const call = adapter.session.get({ fresh: true })
  const session = await call.catch(() => undefined)
  if (session === undefined) await unanswered(call, 'Reading the session while offline')
  else check(!isActive(session), 'While offline nobody should become signed in.')
}

async function whileOffline(scene: Scene, act: () => Promise<unknown>): Promise<void> {
  const offline = scene.lever('offline')
  await offline(true)
  try {
    await act()
  } finally {
    await offline(false)
  }
}
