import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import { check, equal, fail } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { noSession } from './proofCases.js'

/** Passkeys before anybody has said who they are. */
export function passkeyOptionsCases({ signIn }: AuthAdapter): readonly Draft[] {
  return signIn.passkeyOptions ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'passkey-options/nobody-named',
    says: 'name no credential, and so nobody; they are no attempt to resume',
    async run(scene) {
      await scene.person({ first: ['passkey'] })
      const { publicKey } = await options(scene)
      check(typeof publicKey.challenge === 'string' && publicKey.challenge.length >= 16, 'The options should have a challenge.')
      equal(publicKey.allowCredentials ?? [], [], 'The credentials that the options name')
      await noSession(scene, 'options for a passkey')
    },
  },
  {
    id: 'passkey-options/again',
    says: 'asked for a second time they have another challenge, and the credential for it signs in',
    async run(scene) {
      const person = await scene.person({ first: ['passkey'] })
      const before = await options(scene)
      const { id, publicKey, json } = await options(scene)
      check(publicKey.challenge !== before.publicKey.challenge, 'Each challenge should be a new one.')
      const credential = await (person.credential?.(json) ?? fail('The person has no passkey.'))
      const { signIn } = scene.adapter
      const attempt = await signIn.attemptFirstFactor({ id }, { factorId: 'passkey', credential })
      equal(attempt.status, 'complete', 'Where the sign-in is after the passkey')
      check(isActive(await signIn.finish(attempt)), 'After the passkey the person should be signed in.')
    },
  },
]

async function options({ adapter }: Scene) {
  const { id, publicKey: json } = await (adapter.signIn.passkeyOptions?.() ?? fail('The adapter has no passkeyOptions.'))
  const publicKey = Object(json) as { challenge?: unknown; allowCredentials?: readonly unknown[] }
  return { id, json, publicKey }
}
