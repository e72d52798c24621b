// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { createLane, type Ask } from '../../src/core/lane.js'
import { fakeClock, flush } from '../support/fakeClock.js'

const timeoutMs = 1000

function setUp() {
  const clock = fakeClock()
  return { clock, lane: createLane(clock, timeoutMs) }
}

function held<T = void>() {
  let resolve!: (value: T) => void
  let reject!: (thrown: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('the lane', () => {
  it('HA-02 takes the lock in the same tick: the same verb again is the same promise, and runs once', async () => {
    const { lane } = setUp()
    const answer = held()
    const work = vi.fn((ask: Ask) => ask(() => answer.promise))
    const first = lane.run('attempt', work)
    const second = lane.run('attempt', work)
    expect(second).toBe(first)
    expect(lane.busy).toBe(true)
    answer.resolve()
    await first
    expect(work).toHaveBeenCalledTimes(1)
    expect(lane.busy).toBe(false)
  })

  it('HA-02 refuses another verb meanwhile, and takes it afterwards', async () => {
    const { lane } = setUp()
    const answer = held()
    const other = vi.fn(() => Promise.resolve())
    const first = lane.run('attempt', (ask) => ask(() => answer.promise))
    await lane.run('prepare', other)
    expect(other).not.toHaveBeenCalled()
    answer.resolve()
    await first
    await lane.run('prepare', other)
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('HA-07 gives a call that never settles up, with an unknown outcome and its signal aborted, and is free again', async () => {
    const { clock, lane } = setUp()
    let signal: AbortSignal | undefined
    let thrown: unknown
    const run = lane.run('attempt', async (ask) => {
      try {
        await ask(async (options) => {
          signal = options.signal
          await new Promise(() => {})
        })
      } catch (error) {
        thrown = error
      }
    })
    await clock.advance(timeoutMs - 1)
    expect(thrown).toBeUndefined()
    expect(signal?.aborted).toBe(false)
    await clock.advance(1)
    await run
    expect(thrown).toMatchObject({ name: 'AuthError', code: 'network', outcome: 'unknown' })
    expect(signal?.aborted).toBe(true)
    expect(lane.busy).toBe(false)
  })

  it('HA-01 leaves no timer behind an answer', async () => {
    const { clock, lane } = setUp()
    await lane.run('attempt', (ask) => ask(() => Promise.resolve()))
    await flush()
    expect(clock.timers).toBe(0)
  })

  it('HA-07 lets a verb ask again after a late call, with a signal of its own', async () => {
    const { clock, lane } = setUp()
    const signals: (AbortSignal | undefined)[] = []
    const run = lane.run('attempt', async (ask) => {
      await ask(({ signal }) => {
        signals.push(signal)
        return new Promise(() => {})
      }).catch(() => undefined)
      await ask(({ signal }) => {
        signals.push(signal)
        return Promise.resolve()
      })
    })
    await clock.advance(timeoutMs)
    await run
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false])
  })

  it('HA-03 aborts the call in flight, and neither its answer nor its error goes anywhere', async () => {
    for (const settle of ['resolve', 'reject'] as const) {
      const { lane } = setUp()
      const answer = held()
      const after = vi.fn()
      let signal: AbortSignal | undefined
      const run = lane.run('attempt', async (ask) => {
        await ask((options) => {
          signal = options.signal
          return answer.promise
        }).then(after, after)
      })
      await flush()
      lane.abort()
      await run
      expect(signal?.aborted).toBe(true)
      answer[settle]()
      await flush()
      expect(after).not.toHaveBeenCalled()
    }
  })

  it('HA-03 does not even ask when the turn was lost in the same tick', async () => {
    const { lane } = setUp()
    const work = vi.fn(() => Promise.resolve())
    const run = lane.run('attempt', work)
    lane.abort()
    await run
    await flush()
    expect(work).not.toHaveBeenCalled()
  })

  it('HA-04 leaving frees the lane at once, waits for the call in flight, then undoes, and only then lets a new verb ask', async () => {
    const { lane } = setUp()
    const order: string[] = []
    const answer = held()
    let signal: AbortSignal | undefined
    const run = lane.run('attempt', (ask) =>
      ask((options) => {
        signal = options.signal
        return answer.promise.then(() => void order.push('answered'))
      }),
    )
    await flush()
    const left = lane.leave(() => Promise.resolve(void order.push('undone')))
    await run
    expect(lane.busy).toBe(false)
    const next = lane.run('create', () => Promise.resolve(void order.push('next')))
    await flush()
    expect(order).toEqual([])
    expect(signal?.aborted).toBe(false)
    answer.resolve()
    await Promise.all([left, next])
    expect(order).toEqual(['answered', 'undone', 'next'])
  })

  it('HA-07 does not wait for ever for the call that was left', async () => {
    const { clock, lane } = setUp()
    void lane.run('attempt', (ask) => ask(() => new Promise(() => {})))
    await flush()
    const undo = vi.fn(() => Promise.resolve())
    void lane.leave(undo)
    await clock.advance(timeoutMs)
    expect(undo).toHaveBeenCalledTimes(1)
  })

  it('HA-04 gives the undoing its own time after a call that took all of its', async () => {
    const { clock, lane } = setUp()
    void lane.run('attempt', (ask) => ask(() => new Promise(() => {})))
    await flush()
    const undone = held()
    const next = vi.fn(() => Promise.resolve())
    void lane.leave(() => undone.promise)
    const run = lane.run('create', next)
    await clock.advance(timeoutMs)
    expect(next).not.toHaveBeenCalled()
    undone.resolve()
    await run
    expect(next).toHaveBeenCalledTimes(1)
  })

  it('HA-07 does not wait for ever for an undoing that never settles, nor stumble over one that fails', async () => {
    const { clock, lane } = setUp()
    const next = vi.fn(() => Promise.resolve())
    void lane.leave(() => Promise.reject(new Error('no')))
    void lane.leave(() => new Promise(() => {}))
    const run = lane.run('create', next)
    await flush()
    expect(next).not.toHaveBeenCalled()
    await clock.advance(timeoutMs)
    await run
    expect(next).toHaveBeenCalledTimes(1)
  })

  it('TE-13 waits for the call in flight also when the verb was aborted before', async () => {
    const { lane } = setUp()
    const answer = held()
    void lane.run('verify', (ask) => ask(() => answer.promise))
    await flush()
    lane.abort()
    const undo = vi.fn(() => Promise.resolve())
    void lane.leave(undo)
    await flush()
    expect(undo).not.toHaveBeenCalled()
    answer.resolve()
    await flush()
    expect(undo).toHaveBeenCalledTimes(1)
  })

  it('queues without taking the turn from the verb in flight', async () => {
    const { lane } = setUp()
    const answer = held()
    const after = vi.fn()
    const run = lane.run('attempt', (ask) => ask(() => answer.promise).then(after))
    await lane.queue(() => Promise.resolve())
    answer.resolve()
    await run
    expect(after).toHaveBeenCalledTimes(1)
  })

  it('is idle only when no verb is in flight, one that began during an undoing included', async () => {
    const { lane } = setUp()
    const [undone, answer] = [held(), held()]
    void lane.leave(() => undone.promise)
    const idle = vi.fn()
    void lane.idle().then(idle)
    await flush()
    const run = lane.run('create', (ask) => ask(() => answer.promise))
    undone.resolve()
    await flush()
    expect(idle).not.toHaveBeenCalled()
    answer.resolve()
    await run
    await flush()
    expect(idle).toHaveBeenCalledTimes(1)
  })
})
