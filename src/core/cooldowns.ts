import type { Clock } from './clock.js'
import { createStore, type Store } from './store.js'

/** The few members of `Storage` that are used. May throw (storage can be denied). */
export interface CooldownStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/**
 * When the next code may be asked for, per factor. Deadlines are kept on the monotonic clock; the storage holds the wall-clock start and the
 * wait, nothing else, so that a reload or another tab does not send again. What is read back is never longer than the wait it came from.
 */
export interface Cooldowns extends Store<number> {
  /** Begins a wait of `waitMs`, from now. Waits over an hour are cut to one. */
  start(factorId: string, waitMs: number): void
  /** The deadline on the monotonic clock, in milliseconds, or 0. */
  endsAt(factorId: string): number
}

const longestMs = 3_600_000
/** The wait of a backend that does not tell it. Milliseconds. */
export const defaultResendMs = 30_000

export function createCooldowns(clock: Clock, name: string, storage?: CooldownStorage, wall: () => number = Date.now): Cooldowns {
  const ends = new Map<string, number>()
  const read = new Map<string, { readonly text: string; readonly endsAt: number }>()
  const version = createStore(0)
  const keyOf = (factorId: string) => `latchkey:resend:${name}:${factorId}`

  /** What is stored is read against the wall clock once; from then on it runs on the monotonic one. */
  function stored(factorId: string): number {
    try {
      const text = storage?.getItem(keyOf(factorId)) ?? ''
      const known = read.get(factorId)
      if (known?.text === text) return known.endsAt
      const [start = Number.NaN, wait = Number.NaN] = text.split('+').map(Number)
      const left = start + Math.min(wait, longestMs) - wall()
      // A device clock set back would stretch the wait, and a start in the future is no start.
      const endsAt = left > 0 && start <= wall() ? clock.now() + left : 0
      read.set(factorId, { text, endsAt })
      return endsAt
    } catch {
      return 0
    }
  }

  return {
    get: version.get,
    subscribe: version.subscribe,
    start(factorId, waitMs) {
      const wait = Math.min(waitMs, longestMs)
      if (!(wait > 0)) return
      const endsAt = clock.now() + wait
      const text = `${Math.round(wall())}+${Math.round(wait)}`
      ends.set(factorId, endsAt)
      read.set(factorId, { text, endsAt })
      try {
        storage?.setItem(keyOf(factorId), text)
      } catch {
        // Without storage the wait holds for this page only.
      }
      version.set(version.get() + 1)
    },
    endsAt: (factorId) => Math.max(ends.get(factorId) ?? 0, stored(factorId)),
  }
}
