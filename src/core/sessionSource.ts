import type { AuthAdapter, ReadOptions } from './adapter.js'
import { AuthError } from './AuthError.js'
import { bounded } from './bounded.js'
import type { Clock } from './clock.js'
import { levels, type Reading, type Session } from './session.js'

/** So long an answer of the server's will do for whoever comes on the heels of who asked. Milliseconds. */
export const freshFor = 5_000

export interface SessionSource {
  /** Reads that are under way are shared. Rejects with an `AuthError`; a malformed answer is a rejection, not a session. */
  read(options?: ReadOptions): Promise<Reading>
  /** Told when the session may have changed and no verb is in flight: vendors speak of a session before their own call has answered. */
  subscribe(changed: () => void): () => void
  /** The kit itself changed the session. */
  changed(): void
  /** Until the answer is called no read settles: what somebody has to see out must not be taken away by what the session has become. */
  hold(): () => void
}

export function createSessionSource(
  adapter: AuthAdapter,
  clock: Clock,
  timeoutMs: number,
  idle: () => Promise<void>,
): SessionSource {
  const listeners = new Set<() => void>()
  let reading: { fresh: boolean; promise: Promise<Reading> } | null = null
  let last: Reading | null = null
  let stop: (() => void) | null = null
  let holds: Promise<unknown> = Promise.resolve()

  /** What was asked before a hold is old when it ends, so it is asked again. */
  async function askUnheld(options: ReadOptions): Promise<Reading> {
    const before = holds
    await before
    const answer = await ask(options)
    return holds === before ? answer : askUnheld(options)
  }

  async function ask(options: ReadOptions): Promise<Reading> {
    const controller = new AbortController()
    const asked = Promise.resolve().then(() => adapter.session.get({ ...options, signal: controller.signal }))
    const session = await bounded(clock, timeoutMs, asked, () => controller.abort())
    return { session: wellFormed(session), at: clock.now() }
  }

  function tell() {
    // A read that began before the change may not know of it, so nobody shares it any more.
    reading = null
    last = null
    for (const listener of [...listeners]) listener()
  }

  return {
    read(options = {}) {
      const fresh = options.fresh ?? false
      if (reading && (reading.fresh || !fresh)) return reading.promise
      if (last && !fresh && clock.now() - last.at < freshFor) return Promise.resolve(last)
      const promise = askUnheld(options)
        .then((answer) => {
          if (fresh && reading?.promise === promise) last = answer
          return answer
        })
        .finally(() => {
          if (reading?.promise === promise) reading = null
        })
      reading = { fresh, promise }
      return promise
    },
    subscribe(changed) {
      listeners.add(changed)
      stop ??= adapter.session.subscribe(() => void idle().then(tell))
      return () => {
        listeners.delete(changed)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
    changed: () => void idle().then(tell),
    hold() {
      let release = () => {}
      holds = Promise.all([holds, new Promise<void>((resolve) => (release = resolve))])
      return () => release()
    },
  }
}

/** Backends drift and proxies answer in their place. What does not look like a session must not be read as one, nor as its absence. */
function wellFormed(session: Session | null): Session | null {
  if (session === null) return null
  const known = (level: unknown) => level === null || levels.includes(level as never)
  if (
    typeof session === 'object' &&
    typeof session.user?.id === 'string' &&
    known(session.currentLevel) &&
    known(session.nextLevel)
  ) {
    return session
  }
  throw new AuthError('unavailable', 'The adapter answered with something that is not a session.', { outcome: 'unknown' })
}
