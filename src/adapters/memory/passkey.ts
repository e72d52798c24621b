import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { publicKeyJson } from '../../core/publicKeyJson.js'
import { type Later, requireStatus } from './attemptRecord.js'
import { takeSent } from './codeChallenge.js'
import type { AttemptRecord, FactorStep, KeyFactor, MemoryStore, Sent, UserRecord } from './memoryStore.js'
import { randomToken } from './randomText.js'
import { isKey, keysOf } from './secondFactorOptions.js'
import { oneActProvedBoth } from './sessionRecord.js'
import type { Expected, WebAuthnServer } from './webAuthnServer.js'

/** Options of a sign-in (WebAuthn Level 3 §5.5). Before the first factor they name nobody's keys. */
export function askKey(store: MemoryStore, record: AttemptRecord, step: FactorStep, strategy: string): Sent {
  const keys = step === 'second' && record.user ? keysOf(store, record.user.factors, strategy) : []
  return keyChallenge(store, (challenge, timeout) => ({
    challenge,
    timeout,
    rpId: store.settings.webAuthn?.rpId,
    userVerification: mustVerify(record) ? 'required' : 'preferred',
    ...(step === 'second' && { allowCredentials: keys.map(descriptorOf) }),
  }))
}

export function keyChallenge({ settings, clock }: MemoryStore, options: (challenge: string, timeout: number) => object): Sent {
  const code = randomToken()
  const { ceremonyMs } = settings
  return { code, expiresAt: clock.now() + ceremonyMs, facts: { publicKey: publicKeyJson(options(code, ceremonyMs)) } }
}

export function descriptorOf({ credential, transports }: KeyFactor) {
  return { type: 'public-key', id: credential?.id, transports }
}

/** Where the key alone is asked to prove both factors. */
function mustVerify({ level, session }: AttemptRecord): boolean {
  return level === 'multi_factor' || (level === 'second_factor' && session !== null && oneActProvedBoth(session))
}

/**
 * The challenge serves one answer. A key that is not known, one of somebody else, a bad signature and a counter that tells of a copy all are
 * `passkey_unknown`. `pass` is called where the answer is good and the attempt still at that step.
 */
export async function passKey(
  store: MemoryStore,
  record: AttemptRecord,
  step: FactorStep,
  { id: factorId, strategy }: { id: string; strategy: string },
  response: Json,
  pass: (record: AttemptRecord, user: UserRecord, userVerified: boolean) => void,
): Later {
  const { challenges } = record[step]
  const { code } = takeSent(store, challenges.get(factorId))
  challenges.delete(factorId)
  const isRequired = mustVerify(record)
  const found = findKey(store, record, step, strategy, response)
  if (!found) throw new AuthError('passkey_unknown')
  const { user, factor } = found
  const { credential } = factor
  const { authenticationInfo } = await checkKey(store, code, response, isRequired, (server, expected) =>
    server.verifyAuthenticationResponse({ ...expected, credential: { ...credential } }),
  )
  return (now) => {
    const { newCounter, userVerified } = authenticationInfo
    const isCopy = newCounter <= credential.counter && newCounter + credential.counter > 0
    requireStatus(now, `needs_${step}_factor`)
    if (isCopy || !user.factors.includes(factor)) throw new AuthError('passkey_unknown')
    credential.counter = newCounter
    factor.lastUsedAt = store.clock.now()
    pass(now, user, userVerified)
  }
}

/** Asks the server's library. Rejects `passkey_unknown` for whatever it does not find right. */
export async function checkKey<Answer extends { verified: boolean }>(
  { settings: { webAuthn } }: MemoryStore,
  expectedChallenge: string,
  response: Json,
  requireUserVerification: boolean,
  ask: (server: WebAuthnServer, expected: Expected) => Promise<Answer>,
): Promise<Answer> {
  try {
    if (webAuthn) {
      const { server, origin: expectedOrigin, rpId: expectedRPID } = webAuthn
      const expected = { response: response as never, expectedChallenge, expectedOrigin, expectedRPID, requireUserVerification }
      const answer = await ask(server, expected)
      if (answer.verified) return answer
    }
  } catch {
    // What it says of the answer may quote it.
  }
  throw new AuthError('passkey_unknown')
}

/** Whose key it is: before an identifier was typed anybody's, else only that person's. */
function findKey(
  store: MemoryStore,
  { user: known, identifier }: AttemptRecord,
  step: FactorStep,
  strategy: string,
  given: Json,
) {
  const { id, response } = Object(given) as { id?: unknown; response?: { userHandle?: unknown } }
  const handle = response?.userHandle
  for (const user of store.users.values()) {
    const isTheirs = (known ?? (identifier === null ? user : null)) === user && (!handle || handle === handleOf(user))
    const keys = step === 'second' ? keysOf(store, user.factors, strategy) : user.factors.filter(isKey)
    const factor = keys.find((one) => one.credential.id === id && (step === 'second' || one.strategy === strategy))
    if (isTheirs && factor) return { user, factor }
  }
  return null
}

/** By which an authenticator tells its accounts apart, as it stands in JSON. */
export function handleOf({ id }: UserRecord): string {
  return publicKeyJson(new TextEncoder().encode(id)) as string
}
