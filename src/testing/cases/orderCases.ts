import type { AuthAdapter } from '../../core/adapter.js'
import type { AuthErrorCode } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import { check, equal, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { passFirst, passSecond, signIn, standAtFirst, standAtSecond, usualFirst, usualSecond, wantsFor } from '../walk.js'

const outOfTurn: readonly AuthErrorCode[] = ['not_supported']
const gone: readonly AuthErrorCode[] = ['attempt_lost']
const notTheirs: readonly AuthErrorCode[] = ['session_mismatch', 'session_lost', 'attempt_lost']

/** Which step may follow which, and whose attempt it is. */
export function orderCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const withSecond = capabilities.secondFactors.length > 0
  return [...always, ...(withSecond ? twoSteps : [])]
}

const always: readonly Draft[] = [
  {
    id: 'order/finish-before-first',
    says: 'finish is refused before any factor was passed',
    async run(scene) {
      const { adapter, attempt } = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      await refused(adapter.signIn.finish(attempt), outOfTurn, 'Finishing before the first factor')
    },
  },
  {
    id: 'order/second-before-first',
    says: 'a second factor is refused before the first, and nothing is sent for it',
    async run(scene) {
      const { adapter, attempt } = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      const factorId = attempt.supportedFirstFactors[0]?.id ?? ''
      await refused(
        adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '123456' }),
        outOfTurn,
        'A second factor before the first',
      )
      await refused(
        adapter.signIn.prepareSecondFactor(attempt, { factorId }),
        outOfTurn,
        'Preparing a second factor before the first',
      )
    },
  },
  {
    id: 'order/foreign-factor',
    says: 'a factor that the attempt does not offer is refused',
    async run(scene) {
      const { adapter, attempt } = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      const factorId = 'not-offered:1'
      await refused(
        adapter.signIn.attemptFirstFactor(attempt, { factorId, code: '123456' }),
        ['factor_not_found'],
        'A factor not offered',
      )
      await refused(
        adapter.signIn.prepareFirstFactor(attempt, { factorId }),
        ['factor_not_found'],
        'Preparing a factor not offered',
      )
    },
  },
  {
    id: 'order/unknown-attempt',
    says: 'an attempt that the adapter does not know is lost, for every verb',
    async run({ adapter: { signIn: api } }) {
      const made = { id: 'made-up' }
      const params = { factorId: 'totp', code: '123456' }
      await refused(api.reload(made), gone, 'Reloading a made-up attempt')
      await refused(api.finish(made), gone, 'Finishing a made-up attempt')
      await refused(api.prepareFirstFactor(made, { factorId: 'totp' }), gone, 'Preparing for a made-up attempt')
      await refused(api.attemptFirstFactor(made, params), gone, 'The first factor of a made-up attempt')
      await refused(api.prepareSecondFactor(made, { factorId: 'totp' }), gone, 'Preparing for a made-up attempt')
      await refused(api.attemptSecondFactor(made, params), gone, 'The second factor of a made-up attempt')
      if (api.resetPassword) await refused(api.resetPassword(made, { password: 'x-0123456789' }), gone, 'A made-up reset')
    },
  },
  {
    id: 'order/finish-twice',
    says: 'finish may be called again and answers with the same session',
    async run(scene) {
      const person = await scene.person()
      const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person))
      const { id, user } = await adapter.signIn.finish(attempt)
      const again = await adapter.signIn.finish(attempt)
      equal({ id: again.id, user: again.user.id }, { id, user: user.id }, 'The session of a second finish')
    },
  },
  {
    id: 'order/finish-foreign-session',
    says: 'finish is refused when somebody else is signed in by then',
    async run(scene) {
      const [one, two] = [await scene.person(), await scene.person()]
      const { adapter, attempt } = await passSecond(scene, one, await passFirst(scene, one))
      await adapter.signIn.finish(attempt)
      await adapter.session.signOut()
      await refused(adapter.signIn.finish(attempt), notTheirs, 'Finishing without a session')
      await signIn(scene, two)
      await refused(adapter.signIn.finish(attempt), notTheirs, 'Finishing on another person’s session')
    },
  },
  {
    id: 'order/other-browser',
    says: 'an attempt is no key: in another browser its id opens nothing',
    needs: ['another'],
    async run(scene) {
      const person = await scene.person()
      const { attempt } = await passFirst(scene, person)
      const elsewhere = await scene.another()
      await refused(elsewhere.signIn.reload(attempt), gone, 'Another browser’s attempt')
      await refused(elsewhere.signIn.finish(attempt), gone, 'Another browser’s attempt')
      check(!isActive(await elsewhere.session.get({ fresh: true })), 'In the other browser nobody should be signed in.')
    },
  },
  {
    id: 'order/not-claimed',
    says: 'a way in that is not claimed is refused',
    async run({ adapter }) {
      const strategy = 'oauth_nobody-has-this'
      const redirectUrl = 'http://localhost/callback'
      const error = await refused(adapter.signIn.create({ strategy, redirectUrl }), [], 'A provider that is not claimed')
      check(['not_supported', 'sso_not_found', 'redirect_denied'].includes(error.code), `It was refused with "${error.code}".`)
    },
  },
]

const twoSteps: readonly Draft[] = [
  {
    id: 'order/no-session-between',
    says: 'between the factors there is no session, or a pending one, and finish is refused',
    async run(scene) {
      const { adapter, attempt } = await standBetween(scene)
      const session = await adapter.session.get({ fresh: true })
      check(!isActive(session), 'Between the factors nobody should be signed in.')
      await refused(adapter.signIn.finish(attempt), outOfTurn, 'Finishing between the factors')
    },
  },
  {
    id: 'order/first-after-first',
    says: 'the first factor is refused when it was passed already, and a second one that is not offered too',
    async run(scene) {
      const { adapter, attempt, person } = await standBetween(scene)
      const factorId = attempt.supportedFirstFactors[0]?.id ?? 'password'
      const again = adapter.signIn.attemptFirstFactor(attempt, { factorId, password: person.password })
      await refused(again, ['not_supported', 'factor_not_found'], 'The first factor once more')
      const foreign = adapter.signIn.attemptSecondFactor(attempt, { factorId: 'not-offered:1', code: '123456' })
      await refused(foreign, ['factor_not_found'], 'A second factor not offered')
    },
  },
  {
    id: 'order/single-use',
    says: 'an attempt that is complete takes no further proof',
    async run(scene) {
      const { adapter, attempt, option, person } = await standBetween(scene)
      await passSecond(scene, person, { adapter, attempt })
      const params = { factorId: option.id, code: '123456' }
      await refused(
        adapter.signIn.attemptSecondFactor(attempt, params),
        ['not_supported', 'attempt_lost'],
        'A proof after the last',
      )
      await adapter.signIn.finish(attempt)
      await refused(
        adapter.signIn.attemptSecondFactor(attempt, params),
        ['not_supported', 'attempt_lost'],
        'A proof after finish',
      )
    },
  },
]

async function standBetween(scene: Scene) {
  const strategy = usualSecond(scene)
  return standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy)
}
