import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { takeSent } from './codeChallenge.js'
import type { EnrollmentRecord, KeyFactor, MemoryStore, Sent, UserRecord } from './memoryStore.js'
import { checkKey, descriptorOf, handleOf, keyChallenge } from './passkey.js'
import { isKey } from './secondFactorOptions.js'

type Made = Pick<KeyFactor, 'strategy' | 'credential' | 'transports'>

/** Options of a new passkey or security key (WebAuthn Level 3 §5.4). */
export function askNewKey(store: MemoryStore, user: UserRecord): Sent {
  const { webAuthn, issuer: name } = store.settings
  return keyChallenge(store, (challenge, timeout) => ({
    challenge,
    timeout,
    rp: { id: webAuthn?.rpId, name },
    user: { id: handleOf(user), name: user.email, displayName: user.label ?? user.email },
    // EdDSA, ES256, RS256.
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: user.factors.filter(isKey).map(descriptorOf),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
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
  const { registrationInfo } = await checkKey(store, code, response, false, (server, expected) =>
    server.verifyRegistrationResponse(expected),
  )
  if (!registrationInfo) throw new AuthError('passkey_unknown')
  const { transports, ...credential } = registrationInfo.credential
  const { clientExtensionResults } = Object(response) as { clientExtensionResults?: { credProps?: { rk?: boolean } } }
  // One that did not stay on the authenticator cannot be found by itself.
  const strategy = clientExtensionResults?.credProps?.rk === false ? 'security_key' : 'passkey'
  return { credential, transports, strategy }
}

/** Rejects `factor_exists` for a key that somebody has already. */
export function takeNewKey(store: MemoryStore, factor: KeyFactor, made: Made): void {
  for (const { factors } of store.users.values()) {
    if (factors.some((one) => isKey(one) && one.credential.id === made.credential?.id)) throw new AuthError('factor_exists')
  }
  Object.assign(factor, made, { verified: true })
}
