import type { AuthAdapter } from '../../core/adapter.js'
import { isActive, type Session } from '../../core/session.js'
import { check, equal } from '../check.js'
import type { Draft } from '../draft.js'
import { passFirst, passSecond, signIn, standAtSecond, usualSecond, wantsFor } from '../walk.js'

/** Who is signed in, where, and how far. */
export function sessionCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const { signOutScopes, secondFactors, survivesReload } = capabilities
  return [
    ...always,
    ...signOutScopes.filter((scope) => scope !== 'this').map(otherBrowsers),
    ...(secondFactors.length > 0 ? [reloadBetween(survivesReload)] : []),
  ]
}

const always: readonly Draft[] = [
  {
    id: 'session/nobody',
    says: 'a new browser has nobody signed in and nothing to resume, and signing out there is no error',
    async run({ adapter }) {
      equal(await adapter.session.get({ fresh: true }), null, 'The session of a new browser')
      const { attempt } = await adapter.signIn.resume({})
      equal(attempt, null, 'The attempt of a new browser')
      await adapter.session.signOut()
    },
  },
  {
    id: 'session/finish-is-what-get-reads',
    says: 'the session that finish answers with is the one that the backend has: person, level and methods',
    async run(scene) {
      const wants = scene.capabilities.secondFactors.length > 0 ? wantsFor[usualSecond(scene)] : {}
      const finished = await signIn(scene, await scene.person(wants))
      equal(gist(await scene.adapter.session.get({ fresh: true })), gist(finished), 'The session that was read')
      equal(gist(await scene.adapter.session.get()), gist(finished), 'The session that was read, not afresh,')
    },
  },
  {
    id: 'session/sign-out',
    says: 'after signing out nobody is signed in, here and after a reload, and a finished attempt does not bring it back',
    async run(scene) {
      const person = await scene.person()
      const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person))
      await adapter.signIn.finish(attempt)
      await adapter.session.signOut()
      equal(await adapter.session.get({ fresh: true }), null, 'The session after signing out')
      equal(await adapter.session.get(), null, 'The session after signing out, not read afresh,')
      await adapter.signIn.finish(attempt).then(
        () => check(false, 'A finished attempt should not bring a session back.'),
        () => undefined,
      )
      if (scene.has('reloaded')) {
        equal(await (await scene.reloaded()).session.get({ fresh: true }), null, 'The session after signing out and a reload')
      }
      check(isActive(await signIn(scene, person)), 'After signing out the same person should get in again.')
    },
  },
  {
    id: 'session/reload',
    says: 'somebody who is signed in stays so over a reload, and that is no attempt to resume',
    needs: ['reloaded'],
    async run(scene) {
      const session = await signIn(scene, await scene.person())
      const after = await scene.reloaded()
      equal(gist(await after.session.get({ fresh: true })), gist(session), 'The session after a reload')
      const { attempt } = await after.signIn.resume({})
      equal(attempt, null, 'The attempt after a reload')
    },
  },
  {
    id: 'session/next-person',
    says: 'after somebody else has signed in, nothing of the person before is left',
    async run(scene) {
      const [one, two] = [await scene.person(), await scene.person()]
      const first = await signIn(scene, one)
      await scene.adapter.session.signOut()
      const second = await signIn(scene, two)
      check(first.user.id !== second.user.id, 'Two people should have two ids.')
      check(second.id === null || second.id !== first.id, 'A new sign-in should have a new session.')
    },
  },
  {
    id: 'session/subscribe',
    says: 'signing in and out is told, later and without a payload, and no more once the listener has gone',
    async run(scene) {
      const { adapter } = scene
      const heard: unknown[][] = []
      let inside = false
      const stop = adapter.session.subscribe((...payload: unknown[]) => {
        check(!inside, 'A listener should not be called inside the call that changed the session.')
        heard.push(payload)
      })
      await signIn(scene, await scene.person())
      check(await inTime(() => heard.length > 0), 'Signing in should be told.')
      await aMoment()
      const before = heard.length
      inside = true
      const out = adapter.session.signOut()
      inside = false
      await out
      check(await inTime(() => heard.length > before), 'Signing out should be told.')
      check(
        heard.every((payload) => payload.length === 0),
        'A listener should be called without a payload.',
      )
      stop()
      const told = heard.length
      await signIn(scene, await scene.person())
      await aMoment()
      equal(heard.length, told, 'What a listener that has gone was told')
    },
  },
]

function otherBrowsers(scope: 'this' | 'others' | 'all'): Draft {
  return {
    id: `session/sign-out-${scope}`,
    says: `signing out with scope "${scope}" ends the person's sessions ${scope === 'all' ? 'everywhere' : 'in other browsers, and not this one'}`,
    needs: ['another'],
    async run(scene) {
      const [person, bystander] = [await scene.person(), await scene.person()]
      const [second, third] = [await scene.another(), await scene.another()]
      await signIn(scene, person)
      await signIn(scene, person, second)
      await signIn(scene, bystander, third)
      await scene.adapter.session.signOut({ scope })
      equal(await second.session.get({ fresh: true }), null, 'The session in the other browser')
      equal(isActive(await scene.adapter.session.get({ fresh: true })), scope === 'others', 'Whether this browser is signed in')
      check(isActive(await third.session.get({ fresh: true })), 'Somebody else’s session should still be there.')
    },
  }
}

function reloadBetween(survives: 'no' | 'browser'): Draft {
  const says =
    survives === 'browser'
      ? 'resume finds the attempt between the factors, and it goes on'
      : 'a reload between the factors starts again'
  return {
    id: 'resume/between',
    says: `${says}; nobody is signed in`,
    needs: ['reloaded'],
    async run(scene) {
      const strategy = usualSecond(scene)
      const person = await scene.person(wantsFor[strategy])
      await standAtSecond(scene, person, strategy)
      const adapter = await scene.reloaded()
      check(
        !isActive(await adapter.session.get({ fresh: true })),
        'Between the factors nobody should be signed in, after a reload either.',
      )
      const { attempt } = await adapter.signIn.resume({})
      if (survives === 'no') {
        equal(attempt, null, 'What resume finds where nothing survives a reload')
        check(isActive(await signIn(scene, person, adapter)), 'After a reload a new sign-in should work.')
        return
      }
      check(
        attempt?.status === 'needs_second_factor',
        `Resume should find the attempt at the second factor; it found "${attempt?.status}".`,
      )
      const reached = await passSecond(scene, person, { adapter, attempt })
      check(isActive(await adapter.signIn.finish(reached.attempt)), 'The resumed attempt should end in a session.')
    },
  }
}

/** What does not change between two reads. */
function gist(session: Session | null) {
  if (!session) return null
  const { id, user, currentLevel, nextLevel, methods, pending } = session
  return { id, user: user.id, currentLevel, nextLevel, methods: methods.map(({ method }) => method).toSorted(), pending }
}

/** For listeners, which are told later. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 50))

/** On a machine that is busy, later is not at once: two seconds. */
async function inTime(is: () => boolean): Promise<boolean> {
  for (let moments = 0; moments < 40 && !is(); moments++) await aMoment()
  return is()
}
