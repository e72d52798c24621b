'use client'
import { QueryClient, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import type { AuthAdapter } from '../core/adapter.js'
import type { Level, Reading, Session } from '../core/session.js'
import { useEngine } from './useEngine.js'

/** One per adapter and never the app's own: nothing of it is persisted or dehydrated with the app's data. */
const clients = new WeakMap<AuthAdapter, QueryClient>()

function clientOf(adapter: AuthAdapter): QueryClient {
  const client = clients.get(adapter) ?? new QueryClient()
  clients.set(adapter, client)
  return client
}

const queryKey = ['session']

export interface UseSessionReading {
  /** Absent while the first answer is waited for, and after a read that failed: what was true before is not taken for true now. */
  readonly reading: Reading | undefined
  readonly failed: boolean
  readonly checking: boolean
  recheck(): Promise<void>
}

/** The session as the server last told it. All who ask share one request; it is asked again on focus, on reconnect and after every change. */
export function useSessionReading(): UseSessionReading {
  const { adapter, sessions } = useEngine()
  const client = clientOf(adapter)
  const query = useQuery(
    {
      queryKey,
      queryFn: () => sessions.read({ fresh: true }),
      // Offline is a failure to say, not a reason to wait in silence.
      networkMode: 'always',
      retry: 1,
      retryDelay: 1000,
      // Kept only while somebody looks: a gate that opens anew must not open on what was true before.
      gcTime: 0,
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
      structuralSharing: false,
    },
    client,
  )
  const { refetch } = query
  useEffect(() => sessions.subscribe(() => void client.invalidateQueries({ queryKey })), [sessions, client])
  return {
    reading: query.isError ? undefined : query.data,
    failed: query.isError,
    checking: query.isFetching,
    recheck: useCallback(async () => void (await refetch()), [refetch]),
  }
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
