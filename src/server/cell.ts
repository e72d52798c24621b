import type { Json } from '../core/json.js'
import type { Sealed } from '../core/serverAdapter.js'
import type { CookieJar } from './cookieJar.js'
import type { Seal } from './seal.js'

export interface Cell extends Sealed {
  /** Milliseconds for which it still reads as it does. `undefined`: it is empty, or no end is known. */
  leftMs(): number | undefined
  /** The `Set-Cookie` lines for what was written since it was opened. */
  lines(): Promise<string[]>
}

/**
 * Opens a cell before the adapter runs, so that it can be read and written without waiting. `mostMs`: no value is kept for longer, nor one that
 * takes another's place: that has what was left of it.
 */
export async function openCell(name: string, jar: CookieJar, seal: Seal, now: () => number, mostMs = Infinity): Promise<Cell> {
  const sealed = jar.read(name)
  const opened = sealed === null ? null : await seal.open(sealed)
  let value = opened?.value ?? null
  let end = opened?.end ?? Infinity
  let written = false
  const leftMs = () => (value === null || end === Infinity ? undefined : end - now())
  return {
    read: () => value,
    write(next: Json | null, nextMs) {
      written = true
      // Whoever guesses at what is pending must not hold it open by that.
      const latest = value === null || mostMs === Infinity ? Infinity : end
      end = Math.min(latest, now() + Math.min(nextMs ?? Infinity, mostMs))
      value = end > now() ? next : null
    },
    leftMs,
    async lines() {
      if (!written) return []
      const ttlMs = leftMs()
      if (value === null || (ttlMs !== undefined && ttlMs <= 0)) return jar.lines(name, null)
      return jar.lines(name, await seal.close(value, end), ttlMs)
    },
  }
}
