import type { AuthAdapter, Capabilities } from '../../core/adapter.js'
import { check, equal } from '../check.js'
import type { Draft } from '../draft.js'
import { signIn, usualSecond, wantsFor } from '../walk.js'

/** What the kit's larger parts rest on. A backend without one says so as a gap, so that whoever reads the result knows. */
export function offerCases(sample: AuthAdapter): readonly Draft[] {
  return [
    {
      id: 'offers/as-the-sample',
      says: 'the adapter claims what the harness’s sample claims',
      async run({ adapter }) {
        equal(outline(adapter), outline(sample), 'What the adapter claims')
      },
    },
    offer('second-factor', 'sign-in can ask for a second factor', ({ secondFactors }) => secondFactors.length > 0),
    offer('mfa', 'people manage their factors', (_, { mfa }) => mfa !== undefined),
    offer('backup-codes', 'people make new backup codes', (_, { mfa }) => mfa?.backupCodes !== undefined),
    offer('step-up', 'a session can be stepped up', (_, { stepUp }) => stepUp !== undefined),
    offer('resume', 'an attempt outlives a reload', ({ survivesReload }) => survivesReload !== 'no'),
    {
      id: 'offers/levels',
      says: 'a session tells its level, so that gates can open',
      async run(scene) {
        const plain = await signIn(scene, await scene.person())
        check(plain.currentLevel !== null, 'The session does not tell its level.')
        if (scene.capabilities.secondFactors.length === 0) return
        await scene.adapter.session.signOut()
        const { currentLevel } = await signIn(scene, await scene.person(wantsFor[usualSecond(scene)]))
        check(currentLevel === 'aal2', `With both factors the session says "${currentLevel}".`)
      },
    },
  ]
}

function offer(id: string, says: string, holds: (capabilities: Capabilities, adapter: AuthAdapter) => boolean): Draft {
  return {
    id: `offers/${id}`,
    says,
    run: async ({ adapter }) => check(holds(adapter.capabilities, adapter), `The adapter does not offer it: ${says}.`),
  }
}

function outline({ capabilities, signIn: api, stepUp, mfa }: AuthAdapter) {
  return {
    capabilities,
    passkeyOptions: api.passkeyOptions !== undefined,
    resetPassword: api.resetPassword !== undefined,
    stepUp: stepUp && { levels: stepUp.levels, detect: stepUp.detect !== undefined },
    mfa: mfa && {
      abandon: mfa.abandon !== undefined,
      rename: mfa.rename !== undefined,
      makeDefault: mfa.makeDefault !== undefined,
      acceptedPasskeys: mfa.acceptedPasskeys !== undefined,
      backupCodes: mfa.backupCodes && { status: mfa.backupCodes.status !== undefined },
    },
  }
}
