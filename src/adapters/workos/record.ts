import type { KeptAttempt } from '../../core/attemptBook.js'
import type { Json } from '../../core/json.js'
import type { Sealed } from '../../core/serverAdapter.js'
import type { Session } from '../../core/session.js'

/** What the adapter saw the person prove. WorkOS itself does not tell how a session came about. */
export interface Proved {
  readonly method: string
  readonly second?: boolean
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number
}

/** A factor that has been enrolled and not proved. */
export interface Enrolling {
  readonly id: string
  readonly type: 'totp' | 'phone'
  challenge?: string
  /** An answer to `verify` was lost. */
  doubt?: boolean
  done?: boolean
}

/** WorkOS's session by its id; its tokens are not kept. */
export interface KeptSession {
  readonly id: string
  readonly userId: string
  readonly email: string
  proved: readonly Proved[]
  enrolling?: Enrolling | undefined
}

export interface Kept extends KeptAttempt {
  proved: readonly Proved[]
  /** WorkOS's challenges, by the factor option that they are of. */
  challenges: Record<string, string | undefined>
  /** WorkOS's for a sign-in that waits for a second factor. */
  token?: string | undefined
  /** Made by WorkOS, and not yet this browser's. Of a step-up: the session that it is for. */
  session?: KeptSession
  enrolling?: Enrolling | undefined
}

/** A cell of the request, by the type of what this adapter keeps in it. */
export interface Cell<T> {
  read(): T | null
  write(value: T | null): void
}

export function cellOf<T>(sealed: Sealed, ttlMs?: number): Cell<T> {
  return {
    read: () => sealed.read() as T | null,
    write: (value) => sealed.write(value as Json, ttlMs),
  }
}

/** `proved` with a newer proof of the same method in the older one's place. */
export function prove(proved: readonly Proved[], method: string, second?: boolean): readonly Proved[] {
  return [...proved.filter((one) => one.method !== method), { method, at: Date.now(), ...(second && { second }) }]
}

export const isElevated = ({ proved }: KeptSession) => proved.some(({ second }) => second)

/** `hasFactors`: there is a second factor that this person could prove. */
export function sessionOf(kept: KeptSession, hasFactors: boolean): Session & { readonly pending?: never } {
  const { id, userId, email, proved } = kept
  const age = ({ at }: Proved) => Math.max(0, Date.now() - at)
  const ages = (wanted: boolean) => proved.filter(({ second = false }) => second === wanted).map(age)
  const elevated = isElevated(kept)
  return {
    id,
    user: { id: userId, label: email },
    currentLevel: elevated ? 'aal2' : 'aal1',
    nextLevel: elevated || hasFactors ? 'aal2' : 'aal1',
    methods: proved.map((one) => ({ method: one.method, ageMs: age(one) })),
    firstFactorAgeMs: Math.min(...ages(false)),
    ...(elevated && { secondFactorAgeMs: Math.min(...ages(true)) }),
  }
}
