import type { AuthErrorCode } from '../../core/AuthError.js'
import { isAuthError } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import { check, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { followLink, prepare, standAtFirst, standAtSecond, verificationOf, wantsFor, type Side } from '../walk.js'
import { noSession } from './proofCases.js'

const late: readonly AuthErrorCode[] = ['code_expired', 'code_incorrect_or_expired', 'attempt_lost', 'already_used']

/** A link in a message. */
export const linkCases = (side: Side): readonly Draft[] => [
  {
    id: `${side}/email_link/wrong`,
    says: 'a link that was tampered with is refused and brings nobody in',
    needs: ['reloaded'],
    async run(scene) {
      const { url } = await begin(scene, side)
      const tab = await scene.reloaded()
      const tampered = url.replaceAll(
        /(?<==)[\w.~-]{16,}/g,
        (token) => token.slice(0, 1) + [...token.slice(1)].toReversed().join(''),
      )
      check(tampered !== url, 'A link should carry a token.')
      await refused(tab.signIn.resume({ url: tampered }), [], 'A link that was tampered with')
      await noSession(scene, 'a link that was tampered with')
    },
  },
  {
    id: `${side}/email_link/reused`,
    says: 'a link that has served brings nobody in again, in another browser either',
    needs: ['reloaded', 'another'],
    async run(scene) {
      const { stand, url, strategy } = await begin(scene, side)
      const { adapter, attempt } = await followLink(scene, stand, url)
      await adapter.signIn.finish(attempt)
      await adapter.session.signOut()
      for (const browser of [await scene.reloaded(), await scene.another()]) {
        // Followed anew: where a link goes through the backend first, that says that it has served.
        const again = await stand.person.delivered(strategy)
        await refused(browser.signIn.resume({ url: again }), [], 'A used link')
        check(!isActive(await browser.session.get({ fresh: true })), 'After a used link nobody should be signed in.')
      }
    },
  },
  {
    id: `${side}/email_link/expired`,
    says: 'a link that came too late is refused as expired',
    needs: ['reloaded', 'passTime'],
    async run(scene) {
      const { url, lifeMs } = await begin(scene, side, async (ms) => scene.lever('passTime')(ms))
      const tab = await scene.reloaded()
      await refused(tab.signIn.resume({ url }), late, `A link after ${lifeMs} ms`)
      await noSession(scene, 'an expired link')
    },
  },
  {
    id: `${side}/email_link/another-browser`,
    says: 'opened in another browser it is told, or goes on in one of the two and not in the other',
    needs: ['another'],
    async run(scene) {
      const { stand, url } = await begin(scene, side)
      const there = await scene.another()
      const opened = await there.signIn.resume({ url }).catch((thrown: unknown) => thrown)
      const isIn = () => there.session.get({ fresh: true }).then(isActive)
      if (isAuthError(opened)) {
        check(
          ['link_other_device', 'attempt_lost'].includes(opened.code),
          `It should be told; it was refused with "${opened.code}".`,
        )
      } else {
        const { attempt } = opened as Awaited<ReturnType<typeof there.signIn.resume>>
        const allowed =
          scene.capabilities.emailLink === 'opened_tab' ? ['verified_elsewhere', 'complete'] : ['verified_elsewhere']
        check(attempt && allowed.includes(attempt.status), `It should be told; the attempt there is at "${attempt?.status}".`)
        if (attempt.status === 'complete') check(isActive(await there.signIn.finish(attempt)), 'It should go on there.')
      }
      const { signIn, session } = stand.adapter
      if (await isIn()) {
        check(!isActive(await session.get({ fresh: true })), 'Where the link was opened it goes on, and only there.')
        await refused(signIn.finish(stand.attempt), [], 'Finishing where the sign-in does not go on')
        return
      }
      const here = await signIn.reload(stand.attempt)
      check(
        [stand.attempt.status, 'complete'].includes(here.status),
        `The browser that asked should wait or go on; it is at "${here.status}".`,
      )
      if (here.status === 'complete') check(isActive(await signIn.finish(here)), 'The browser that asked should go on.')
      else check(!isActive(await session.get({ fresh: true })), 'As long as it waits nobody should be signed in.')
      check(!(await isIn()), 'The browser in which the link was opened should not be signed in besides.')
    },
  },
]

/** Has asked for a link and holds it. `wait`: lets its life pass. */
async function begin(scene: Scene, side: Side, wait?: (ms: number) => void | Promise<void>) {
  const strategy = 'email_link' as const
  const stand =
    side === 'first'
      ? await standAtFirst(scene, await scene.person({ first: [strategy] }), strategy)
      : await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
  const prepared = await prepare(scene, stand)
  const url = wait ? '' : await stand.person.delivered(strategy)
  const lifeMs = (verificationOf(prepared, side)?.expiresInMs ?? 25 * 3_600_000) + 1_000
  await wait?.(lifeMs)
  // Whoever follows a link goes through the backend, which looks at the time then.
  return { stand, strategy, lifeMs, url: url || (await stand.person.delivered(strategy)) }
}
