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

/** Opens a cell before the adapter runs, so that it can be read and written without waiting. `mostMs`: no value is kept for longer. */
export async function openCell(name: string, jar: CookieJar, seal: Seal, mostMs?: number): Promise<Cell> {
  const sealed = jar.read(name)
  const opened = sealed === null ? null : await seal.open(sealed)
  let value = opened?.value ?? null
  let ttlMs = opened?.leftMs
  let written = false
  return {
    read: () => value,
    write(next: Json | null, nextMs) {
      written = true
      ttlMs = mostMs === undefined ? nextMs : Math.min(nextMs ?? mostMs, mostMs)
      value = ttlMs === undefined || ttlMs > 0 ? next : null
    },
    leftMs: () => (value === null ? undefined : ttlMs),
    async lines() {
      if (!written) return []
      return value === null ? jar.lines(name, null) : jar.lines(name, await seal.close(value, ttlMs), ttlMs)
    },
  }
}
