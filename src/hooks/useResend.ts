'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Clock } from '../core/clock.js'
import { useEngine } from './useEngine.js'

export interface UseResend {
  /** Milliseconds until a code may be asked for again; 0: now. */
  readonly waitMs: number
  readonly canResend: boolean
}

/** The wait before the next code of a factor. It goes on after a reload and in other tabs. */
export function useResend(factorId: string): UseResend {
  const { clock, cooldowns } = useEngine()
  useSyncExternalStore(cooldowns.subscribe, cooldowns.get, cooldowns.get)
  const waitMs = useTimeLeft(clock, cooldowns.endsAt(factorId))
  return { waitMs, canResend: waitMs === 0 }
}

/**
 * Milliseconds left until a deadline on the monotonic clock, counted anew each second and whenever the page is looked at again: timers sleep in
 * background tabs, deadlines do not.
 */
export function useTimeLeft(clock: Clock, endsAt: number | undefined): number {
  const left = () => (endsAt === undefined ? 0 : Math.max(0, endsAt - clock.now()))
  const [, tick] = useState(0)
  const open = left() > 0

  useEffect(() => {
    if (!open) return
    const again = () => tick((n) => n + 1)
    const timer = setInterval(again, 1000)
    document.addEventListener('visibilitychange', again)
    addEventListener('pageshow', again)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', again)
      removeEventListener('pageshow', again)
    }
  }, [open, endsAt])
  return left()
}
