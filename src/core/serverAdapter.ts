import type { AuthAdapter } from './adapter.js'
import type { Json } from './json.js'

/** What `latchkey/server` takes: an adapter for each request, with no memory of its own. Secrets go to `Sealed`, tokens never into an answer. */
export type ServerAdapter = (request: RequestContext) => AuthAdapter

export interface RequestContext {
  /** The request's header of that name, whatever the case it was sent in. */
  header(name: string): string | null
  readonly ip?: string
  /** The attempt that this browser has begun. */
  readonly attempt: Sealed
  /** The session of this browser. */
  readonly session: Sealed
}

/** A value that only the server can read, kept by the browser. */
export interface Sealed {
  read(): Json | null
  /** `null` takes it away. `ttlMs`: milliseconds after which it reads as `null`. */
  write(value: Json | null, ttlMs?: number): void
}
