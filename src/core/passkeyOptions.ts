import type { AuthAdapter } from './adapter.js'
import type { AttemptRef } from './attempt.js'
import { AuthError } from './AuthError.js'
import { bounded } from './bounded.js'
import { deadline, type Clock } from './clock.js'
import type { Json } from './json.js'

/** Of a backend that does not say how long its challenge is good: shorter than the five minutes that are common. Milliseconds. */
const defaultLifeMs = 240_000

/** What a passkey is asked with before there is an attempt. */
export interface PasskeyAsk extends AttemptRef {
  readonly publicKey: Json
  /** Until when the challenge is good. Monotonic milliseconds. */
  readonly until: number
}

/** Challenges for the passkey button and for autofill, fetched ahead of the click (WebAuthn Level 3 §13.4.3). */
export interface PasskeyOptions {
  /** The challenge that is kept, or a new one. Rejects with an `AuthError`. */
  get(): Promise<PasskeyAsk>
  /** The challenge that is kept, if it is still good, and lets it go: each serves one answer. */
  take(): PasskeyAsk | undefined
}

export function createPasskeyOptions({ signIn, name }: AuthAdapter, clock: Clock, timeoutMs: number): PasskeyOptions {
  let kept: PasskeyAsk | undefined
  let asking: Promise<PasskeyAsk> | undefined

  const good = () => (kept && kept.until > clock.now() ? kept : undefined)

  async function fetch(): Promise<PasskeyAsk> {
    if (!signIn.passkeyOptions) throw new AuthError('not_supported', `The ${name} adapter offers no passkeys.`)
    const controller = new AbortController()
    const asked = signIn.passkeyOptions({ signal: controller.signal })
    const { id, publicKey, expiresInMs } = await bounded(clock, timeoutMs, asked, () => controller.abort())
    const now = clock.now()
    return (kept = { id, publicKey, until: deadline(now, expiresInMs) ?? now + defaultLifeMs })
  }

  return {
    async get() {
      return good() ?? (asking ??= fetch().finally(() => (asking = undefined)))
    },
    take() {
      const ask = good()
      kept = undefined
      return ask
    },
  }
}
