import { Secret, TOTP } from 'otpauth'

/** A server's time, in milliseconds, and a way to let it pass. */
export interface ServerClock {
  now(): number
  wait(ms: number): Promise<void>
}

export const realClock: ServerClock = {
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** Codes of authenticator apps by the server's time. Each is of a period of its own, which is waited for where it has to be. */
export function createAuthenticators({ now, wait }: ServerClock): (secret: string) => Promise<string> {
  const periodMs = 30_000
  const used = new Map<string, number>()
  return async (secret) => {
    const next = (used.get(secret) ?? 0) + 1
    const early = next * periodMs - now()
    if (early > 0) await wait(early)
    const period = Math.floor(now() / periodMs)
    used.set(secret, period)
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: period * periodMs })
  }
}
