'use client'
import { useEffect, useState } from 'react'
import type { Clock } from '../core/clock.js'

/** setTimeout counts in 31 bits: a longer delay would fire at once. */
const longestTimer = 2 ** 31 - 1

/** Draws anew, and runs, when the clock comes to a moment. `Infinity`: never. */
export function useMoment(clock: Pick<Clock, 'now'>, at: number, run?: () => unknown): void {
  const [, again] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = () => {
      const left = at - clock.now()
      if (left > 0) return void (timer = setTimeout(wait, Math.min(left, longestTimer)))
      again((n) => n + 1)
      run?.()
    }
    if (at !== Infinity) wait()
    return () => clearTimeout(timer)
  }, [clock, at, run])
}
