import { act } from '@testing-library/react'
import { onTestFinished, vi } from 'vitest'

/**
 * Stops the clocks, for one test: timers, the wall clock and the monotonic one. `pass` moves all of them; `settle` lets promises and module loads
 * come to rest without moving any.
 */
export function fakeTime() {
  const wait = globalThis.setTimeout
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const settle = () => act(() => new Promise<void>((resolve) => void wait(resolve, 20)))
  return {
    settle,
    async pass(ms: number) {
      await act(() => vi.advanceTimersByTimeAsync(ms))
      await settle()
    },
    /** The device's clock is set; nothing else moves. */
    setWallClock: (ms: number) => vi.setSystemTime(Date.now() + ms),
  }
}
