import type { AuthAdapter } from '../../core/adapter.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, passFirst, proofOf, signIn, standAtFirst, standAtSecond, usualFirst, usualSecond, wantsFor } from '../walk.js'
import { other } from './proofCases.js'

/** The watch looks in every case; these go where secrets are, so that there is something to see. */
export function secretCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const wants = (scene: Scene) => (capabilities.secondFactors.length > 0 ? wantsFor[usualSecond(scene)] : {})
  return [
    {
      id: 'secrets/answers',
      says: 'no password, code or secret is in an attempt, a session or a list of factors',
      async run(scene) {
        await signIn(scene, await scene.person(wants(scene)))
        await scene.adapter.session.get({ fresh: true })
        await scene.adapter.mfa?.listFactors({ fresh: true })
        await scene.adapter.signIn.resume({})
      },
    },
    {
      id: 'secrets/errors',
      says: 'no password and no code is in an error, its message, its stack or its cause',
      async run(scene) {
        const person = await scene.person(wants(scene))
        const stand = await standAtFirst(scene, person, usualFirst(scene))
        await answer(stand, other(await proofOf(scene, stand))).catch(() => undefined)
        const wrong = { identifier: person.identifier, password: `${person.password}-wrong` }
        await scene.adapter.signIn.create(wrong).catch(() => undefined)
        if (capabilities.secondFactors.length === 0) return
        const second = await standAtSecond(
          scene,
          person,
          usualSecond(scene),
          scene.has('another') ? await scene.another() : undefined,
        )
        await answer(second, other(await proofOf(scene, second))).catch(() => undefined)
      },
    },
    {
      id: 'secrets/tokens',
      says: 'no token and no cookie of the browser is in anything that is handed back',
      needs: ['secrets'],
      async run(scene) {
        const person = await scene.person(wants(scene))
        await passFirst(scene, person)
        await signIn(scene, person)
        await scene.adapter.session.get({ fresh: true })
        await scene.adapter.mfa?.listFactors({ fresh: true })
      },
    },
  ]
}
