import type { AuthAdapter } from '../../core/adapter.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import { signIn } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'

/** What a password manager may be told: one that is left out may be gone for good. */
export function acceptedPasskeysCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  if (!mfa?.acceptedPasskeys) return []
  return [
    {
      id: 'accepted-passkeys/nobody',
      says: 'nobody who is not signed in is told of any',
      async run({ adapter }) {
        await refused(ask(adapter), ['session_lost', 'not_supported'], 'Asking without a session')
      },
    },
    ...(capabilities.enroll.some(({ type }) => type === 'webauthn') ? [all] : []),
  ]
}

const all: Draft = {
  id: 'accepted-passkeys/all',
  says: 'a new passkey is among them, beside all others, and is not once it was removed',
  async run(scene) {
    const person = await scene.person()
    await signIn(scene, person)
    const mfa = mfaOf(scene.adapter)
    const before = await ask(scene.adapter)
    const enrollment = await mfa.enroll({ type: 'webauthn', password: person.password })
    if (enrollment.status !== 'pending' || enrollment.type !== 'webauthn') return fail('The passkey should wait for its proof.')
    const { rp, user } = enrollment.publicKey as { rp?: { id?: string }; user?: { id?: string } }
    const credential = await (person.credential?.(enrollment.publicKey) ?? fail('The person has no passkey.'))
    equal((await ask(scene.adapter)).credentialIds, before.credentialIds, 'The passkeys before the proof')
    const { factor } = await mfa.verify({ enrollmentId: enrollment.id, credential })
    const { rpId, userHandle, credentialIds } = await ask(scene.adapter)
    equal([rpId, userHandle], [rp?.id, user?.id], 'What the passkey was made with')
    const { id } = credential as { id: string }
    equal(credentialIds.toSorted(), [...before.credentialIds, id].toSorted(), 'The passkeys')
    await mfa.unenroll({ factorId: factor.id, password: person.password })
    const left = await ask(scene.adapter)
    check(!left.credentialIds.includes(id), 'A removed passkey should not be among them.')
    equal(left.credentialIds, before.credentialIds, 'The passkeys after one was removed')
  },
}

async function ask({ mfa }: AuthAdapter) {
  return mfa?.acceptedPasskeys ? mfa.acceptedPasskeys({ fresh: true }) : fail('The adapter does not tell the accepted passkeys.')
}
