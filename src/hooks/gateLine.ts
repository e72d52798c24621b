'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { graceLeft, type Grace } from '../core/assurance.js'
import { createStore } from '../core/store.js'
import type { AuthClient } from './client.js'
import { useAuth } from './context.js'

/** What all gates under one provider share. */
export interface GateLine {
  /** Who waits for the one sign-in, step-up or enrolment. The first one draws it. */
  readonly challenge: ReturnType<typeof createStore<readonly object[]>>
  /** Whose time runs out. The first one says so. */
  readonly warning: ReturnType<typeof createStore<readonly object[]>>
  /** The id of the person who has put their enrolment off. */
  readonly putOff: ReturnType<typeof createStore<string | null>>
  /** When a period of grace was first seen, on the client's clock: a gate that is drawn anew does not begin it anew. */
  readonly graceSeen: Map<string, number>
}

const nobody: readonly object[] = []
const lines = new WeakMap<AuthClient, GateLine>()

export function useGateLine(): GateLine {
  const { client } = useAuth()
  const line = lines.get(client) ?? {
    challenge: createStore(nobody),
    warning: createStore(nobody),
    putOff: createStore<string | null>(null),
    graceSeen: new Map<string, number>(),
  }
  lines.set(client, line)
  return line
}

/** Of all who wait for the same, one has the turn: who came first, or who goes in front. When that one goes, the next has it. */
export function useTurn(name: 'challenge' | 'warning', waiting: boolean, inFront = false): boolean {
  const { [name]: line } = useGateLine()
  const [me] = useState(() => ({}))
  useEffect(() => {
    if (!waiting) return
    line.set(inFront ? [me, ...line.get()] : [...line.get(), me])
    return () => line.set(line.get().filter((one) => one !== me))
  }, [line, me, waiting, inFront])
  const [first] = useSyncExternalStore(line.subscribe, line.get, () => nobody)
  return waiting && first === me
}

/** When a period of grace is over, on the clock of `now`. */
export function graceEnd({ graceSeen }: GateLine, grace: Grace, now: number): number {
  const key = `${String(grace.until)} ${String(grace.now)}`
  const seen = graceSeen.get(key) ?? now
  graceSeen.set(key, seen)
  return seen + graceLeft(grace)
}
