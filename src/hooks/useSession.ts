'use client'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { Level, Reading, Session } from '../core/session.js'
import { freshFor } from '../core/sessionSource.js'
import { onReturn } from './onReturn.js'
import { sessionQueryOf } from './sessionQuery.js'
import { unseen, type Seen } from './sharedRead.js'
import { useEngine } from './useEngine.js'

export interface UseSessionReading extends Seen<Reading> {
  recheck(): Promise<void>
}

/** The session as the server last told it. All who ask share one request; it is asked again on focus, on reconnect and after every change. */
export function useSessionReading(): UseSessionReading {
  const { adapter, sessions, clock } = useEngine()
  const query = sessionQueryOf(adapter)
  const seen = useSyncExternalStore(query.subscribe, query.get, () => unseen)
  const read = useCallback(() => sessions.read({ fresh: true }), [sessions])
  const recheck = useCallback(() => query.ask(read), [query, read])

  useEffect(() => {
    const stops = [sessions.subscribe(() => void query.ask(read, true)), onReturn(() => void recheck())]
    // Who comes on the heels of others, as a gate inside of a gate, takes their answer.
    const { reading } = query.get()
    if (!reading || clock.now() - reading.at > freshFor) void recheck()
    return () => stops.forEach((stop) => stop())
  }, [query, sessions, clock, read, recheck])
  return { ...seen, recheck }
}

export interface UseSession {
  readonly status: 'loading' | 'error' | 'ready'
  /** `null`: nobody is signed in. Absent unless `ready`. */
  readonly session: Session | null | undefined
  recheck(): Promise<void>
}

export function useSession(): UseSession {
  const { reading, failed, recheck } = useSessionReading()
  return { status: failed ? 'error' : reading ? 'ready' : 'loading', session: reading?.session, recheck }
}

/** The session's assurance level and the one that the person could reach. `null`: not known, which satisfies nothing. */
export function useAuthenticatorAssuranceLevel(): {
  currentLevel: Level | null
  nextLevel: Level | null
  status: UseSession['status']
} {
  const { session, status } = useSession()
  return { currentLevel: session?.currentLevel ?? null, nextLevel: session?.nextLevel ?? null, status }
}
