import type { AuthAdapter } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { isAuthError } from '../../core/AuthError.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import { isAway, leave, passFirst, visit } from '../walk.js'
import { noSession } from './proofCases.js'

/** The way back from a provider. */
export function providerCases(strategy: FirstStrategy): readonly Draft[] {
  if (!isAway(strategy)) return []
  const wants = { first: [strategy] }
  return [
    {
      id: `first/${strategy}/denied`,
      says: 'who said no there is told so, nobody is signed in, and another try works',
      needs: ['reloaded'],
      async run(scene) {
        const person = await scene.person(wants)
        const to = await leave(scene, person, strategy, scene.adapter)
        const url = (await person.deny?.(to)) ?? fail('The person cannot say no on a provider’s pages.')
        await refused((await scene.reloaded()).signIn.resume({ url }), ['redirect_denied'], 'Coming back with a no')
        await noSession(scene, 'a no at the provider')
        const { attempt } = await passFirst(scene, person, strategy)
        equal(attempt.status, 'complete', 'Where the sign-in is after a yes')
      },
    },
    {
      id: `first/${strategy}/twice`,
      says: 'the address of the way back serves once: after signing out it brings nobody in',
      needs: ['reloaded'],
      async run(scene) {
        const person = await scene.person(wants)
        const url = await visit(person, await leave(scene, person, strategy, scene.adapter))
        const back = await scene.reloaded()
        const { attempt } = await back.signIn.resume({ url })
        await back.signIn.finish(attempt ?? fail('Coming back from the provider should answer with the attempt.'))
        await back.session.signOut()
        // What has nothing of the provider's in it is an address like any other, and no attempt.
        const again = await resumed(await scene.reloaded(), url)
        check(again?.status !== 'complete', 'The same address for a second time should complete nothing.')
        await noSession(scene, 'a used address')
      },
    },
    {
      id: `first/${strategy}/elsewhere`,
      says: 'the address of the way back brings nobody in in another browser',
      needs: ['another'],
      async run(scene) {
        const person = await scene.person(wants)
        const url = await visit(person, await leave(scene, person, strategy, scene.adapter))
        const there = await scene.another()
        const attempt = await resumed(there, url)
        check(attempt?.status !== 'complete', 'An address that another browser began should complete nothing.')
        equal(await there.session.get({ fresh: true }), null, 'The session of another browser')
      },
    },
    {
      id: `first/${strategy}/clean-url`,
      says: 'the clean address is the app’s own, with what the app had put there and nothing else',
      needs: ['reloaded'],
      async run(scene) {
        const person = await scene.person(wants)
        const { href: home } = withParameter(scene.redirectUrl)
        const url = await visit(person, await leave(scene, person, strategy, scene.adapter, home))
        const { cleanUrl } = await (await scene.reloaded()).signIn.resume({ url })
        // Absent where there is nothing to clean.
        equal(cleanUrl ?? url, home, 'The clean address')
      },
    },
  ]
}

/** `null` for a refusal too. */
async function resumed({ signIn }: AuthAdapter, url: string): Promise<SignInAttempt | null> {
  const { attempt } = await signIn.resume({ url }).catch((thrown: unknown) => {
    if (isAuthError(thrown) && thrown.outcome === 'refused') return { attempt: null }
    throw thrown
  })
  return attempt
}

function withParameter(address: string): URL {
  const url = new URL(address)
  url.searchParams.set('from', 'menu')
  return url
}
