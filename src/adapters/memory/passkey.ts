import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import { publicKeyJson } from '../../core/publicKeyJson.js'
import { type Later, requireStatus } from './attemptRecord.js'
import { takeSent } from './codeChallenge.js'
import type { AttemptRecord, FactorStep, KeyFactor, MemoryStore, Sent, UserRecord } from './memoryStore.js'
import { randomToken } from './randomText.js'
import { keysOf, secondFactorsOf } from './secondFactorOptions.js'
import { oneActProvedBoth } from './sessionRecord.js'
import type { WebAuthnServer } from './webAuthnServer.js'

/** Options of a sign-in (WebAuthn Level 3 §5.5). Before the first factor they name nobody's keys. */
export function askKey(store: MemoryStore, record: AttemptRecord, step: FactorStep, strategy: string): Sent {
  const keys = step === 'second' && record.user ? keysOf(store, record.user.factors, strategy) : []
  return keyChallenge(store, (challenge, timeout) => ({
    challenge,
    timeout,
    rpId: store.settings.webAuthn?.rpId,
    userVerification: mustVerify(store, record, step) ? 'required' : 'preferred',
    ...(step === 'second' && { allowCredentials: keys.map(descriptorOf) }),
  }))
}

export function keyChallenge({ settings, clock }: MemoryStore, options: (challenge: string, timeout: number) => object): Sent {
  const code = randomToken()
  const { ceremonyMs } = settings
  return { code, expiresAt: clock.now() + ceremonyMs, facts: { publicKey: publicKeyJson(options(code, ceremonyMs)) } }
}

export function descriptorOf({ credential, transports }: KeyFactor) {
  return { type: 'public-key', id: credential?.id, ...(transports && { transports }) }
}

/** A passkey alone serves for both factors when it has checked its person. */
function mustVerify(store: MemoryStore, { level, user, session }: AttemptRecord, step: FactorStep): boolean {
  if (step === 'second') return session !== null && oneActProvedBoth(session)
  return level === 'multi_factor' && user !== null && secondFactorsOf(store, user, ['passkey']).length === 0
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
  const isRequired = mustVerify(store, record, step)
  const found = findKey(store, record, step, strategy, response)
  const { webAuthn } = store.settings
  if (!found || !webAuthn) throw new AuthError('passkey_unknown')
  const { user, factor, credential } = found
  let answer: Awaited<ReturnType<WebAuthnServer['verifyAuthenticationResponse']>>
  try {
    answer = await webAuthn.server.verifyAuthenticationResponse({
      response: response as never,
      expectedChallenge: code,
      expectedOrigin: webAuthn.origin,
      expectedRPID: webAuthn.rpId,
      credential: { ...credential },
      requireUserVerification: isRequired,
    })
  } catch {
    throw new AuthError('passkey_unknown')
  }
  const { verified, authenticationInfo } = answer
  return (now) => {
    const { newCounter, userVerified } = authenticationInfo
    const isCopy = newCounter <= credential.counter && newCounter + credential.counter > 0
    requireStatus(now, `needs_${step}_factor`)
    if (!verified || isCopy || !user.factors.includes(factor)) throw new AuthError('passkey_unknown')
    credential.counter = newCounter
    factor.lastUsedAt = store.clock.now()
    pass(now, user, userVerified)
  }
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
  for (const user of store.users.values()) {
    const keys = step === 'second' ? keysOf(store, user.factors, strategy) : user.factors
    const factor = keys.find((one): one is KeyFactor => 'credential' in one && one.verified && one.credential?.id === id)
    if (!factor?.credential || (step === 'first' && factor.strategy !== 'passkey')) continue
    const isTheirs = (known ?? (identifier === null ? user : null)) === user
    const { userHandle } = response ?? {}
    return isTheirs && (!userHandle || userHandle === handleOf(user)) ? { user, factor, credential: factor.credential } : null
  }
  return null
}

/** By which an authenticator tells its accounts apart, as it stands in JSON. */
export function handleOf({ id }: UserRecord): Json {
  return publicKeyJson(new TextEncoder().encode(id))
}
