import type { Clock } from '../../src/core/clock.js'

export interface FakeClock extends Clock {
  /** Moves the time on; timers that fall due fire in order, and what hangs on each has run before the next. */
  advance(ms: number): Promise<void>
  /** Timers that stand. */
  readonly timers: number
}

/** A monotonic clock that stands until a test moves it. It begins at a crooked number, so that nothing takes it for a wall clock. */
export function fakeClock(start = 5_000.25): FakeClock {
  let now = start
  let count = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  return {
    now: () => now,
    setTimeout(run, ms) {
      timers.set(++count, { at: now + ms, run })
      return count
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
    get timers() {
      return timers.size
    },
    async advance(ms) {
      await flush()
      const end = now + ms
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)[0]
        if (!due) break
        const [id, { at, run }] = due
        timers.delete(id)
        now = Math.max(now, at)
        run()
        await flush()
      }
      now = end
    },
  }
}

/** One turn of the task queue: every chain of settled promises has run by then. Not setTimeout, which tests fake. */
export function flush(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
