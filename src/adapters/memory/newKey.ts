import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { takeSent } from './codeChallenge.js'
import type { EnrollmentRecord, KeyFactor, MemoryStore, Sent, UserRecord } from './memoryStore.js'
import { descriptorOf, handleOf, keyChallenge } from './passkey.js'

type Made = Pick<KeyFactor, 'strategy' | 'credential' | 'transports'>

/** Options of a new passkey or security key (WebAuthn Level 3 §5.4). */
export function askNewKey(store: MemoryStore, user: UserRecord): Sent {
  const { settings } = store
  const { passkey, securityKey } = kindsOf(store)
  return keyChallenge(store, (challenge, timeout) => ({
    challenge,
    timeout,
    rp: { id: settings.webAuthn?.rpId, name: settings.issuer },
    user: { id: handleOf(user), name: user.email, displayName: user.label ?? user.email },
    // EdDSA, ES256, RS256.
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: user.factors.flatMap((one) => ('credential' in one && one.credential ? [descriptorOf(one)] : [])),
    authenticatorSelection: {
      residentKey: !passkey ? 'discouraged' : securityKey ? 'preferred' : 'required',
      userVerification: 'preferred',
    },
    attestation: 'none',
    extensions: { credProps: true },
  }))
}

/** The challenge serves one answer. Rejects `passkey_unknown` for one that does not prove a key. */
export async function checkNewKey(
  store: MemoryStore,
  { enrollment }: KeyFactor & { readonly enrollment: EnrollmentRecord },
  response: Json,
): Promise<Made> {
  const { code } = takeSent(store, enrollment)
  const { webAuthn } = store.settings
  const { verified, registrationInfo } =
    (await Promise.resolve(webAuthn)
      .then((given) =>
        given?.server.verifyRegistrationResponse({
          response: response as never,
          expectedChallenge: code,
          expectedOrigin: given.origin,
          expectedRPID: given.rpId,
          requireUserVerification: false,
        }),
      )
      .catch(() => null)) ?? {}
  if (!verified || !registrationInfo) throw new AuthError('passkey_unknown')
  const { transports, ...credential } = registrationInfo.credential
  return { credential, transports, strategy: kindOf(store, response) }
}

/** Rejects `factor_exists` for a key that somebody has already. */
export function takeNewKey(store: MemoryStore, factor: KeyFactor, made: Made): void {
  const all = [...store.users.values()].flatMap(({ factors }) => factors)
  const isTaken = all.some((one) => 'credential' in one && one.credential?.id === made.credential?.id)
  if (isTaken) throw new AuthError('factor_exists')
  Object.assign(factor, made, { verified: true })
}

/** One that did not stay on the authenticator cannot be found by itself, so it is no passkey where there is another name for it. */
function kindOf(store: MemoryStore, response: Json): KeyFactor['strategy'] {
  const { passkey, securityKey } = kindsOf(store)
  const { clientExtensionResults: results } = Object(response) as { clientExtensionResults?: { credProps?: { rk?: boolean } } }
  return passkey && !(securityKey && results?.credProps?.rk === false) ? 'passkey' : 'security_key'
}

function kindsOf({ settings: { firstFactors, secondFactors } }: MemoryStore) {
  return {
    passkey: firstFactors.includes('passkey') || secondFactors.includes('passkey'),
    securityKey: secondFactors.includes('security_key'),
  }
}
