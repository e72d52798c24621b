import type { CallOptions } from './adapter.js'
import { bounded } from './bounded.js'
import type { Clock } from './clock.js'

/** Calls the adapter within a verb: bounded in time. Once the verb has lost its turn it never settles, so nothing late goes on. */
export type Ask = <T>(call: (options: CallOptions) => Promise<T>) => Promise<T>

/** Waits within a verb for what is no call, however long it takes: for a person at a dialog. Once the verb has lost its turn it never settles. */
export type Wait = <T>(given: T | Promise<T>) => Promise<T>

/**
 * One verb at a time. The lock is taken synchronously, so two clicks in one tick are one verb; the same verb again is the same promise;
 * another verb meanwhile is refused.
 */
export interface Lane {
  /** Resolves when the verb is done or has lost its turn. */
  run(verb: string, work: (ask: Ask, wait: Wait) => Promise<void>): Promise<void>
  /**
   * Takes the turn from the verb in flight without aborting it; `then` runs once that verb's call has settled, before any new verb. Both waits
   * are bounded in time.
   */
  leave(then: () => Promise<void>): Promise<void>
  /** Runs `then` before any new verb, and leaves the verb in flight its turn. */
  queue(then: () => Promise<void>): Promise<void>
  /** Aborts the verb in flight. Its answer, if one still comes, changes nothing. */
  abort(): void
  readonly busy: boolean
  /** Resolves when no verb is in flight. */
  idle(): Promise<void>
}

interface Turn {
  readonly verb: string
  promise: Promise<void>
  controller: AbortController
  release(): void
}

export function createLane(clock: Clock, timeoutMs: number): Lane {
  let current: Turn | null = null
  let calling: Promise<unknown> = Promise.resolve()
  let before: Promise<void> = Promise.resolve()

  function lose() {
    const lost = current
    current = null
    lost?.release()
    return lost
  }

  function queue(then: () => Promise<void>) {
    before = before.then(() => bounded(clock, timeoutMs, then())).catch(nothing)
    return before
  }

  return {
    queue,
    get busy() {
      return current !== null
    },
    async idle() {
      do {
        while (current) await current.promise
        await before
      } while (current)
    },
    run(verb, work) {
      if (current) return current.verb === verb ? current.promise : Promise.resolve()
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      const turn: Turn = { verb, promise: released, controller: new AbortController(), release }
      current = turn

      const wait: Wait = async (given) => {
        try {
          const answer = await given
          if (current === turn) return answer
        } catch (thrown) {
          if (current === turn) throw thrown
        }
        return new Promise<never>(() => {})
      }
      const ask: Ask = (call) => {
        // Each call has a controller of its own, so that a verb can still ask after one of its calls was late.
        const controller = (turn.controller = new AbortController())
        const called = Promise.resolve().then(() => call({ signal: controller.signal }))
        calling = called.catch(nothing)
        return wait(bounded(clock, timeoutMs, called, () => controller.abort()))
      }
      const done = before
        .then(() => (current === turn ? work(ask, wait) : undefined))
        .finally(() => {
          if (current === turn) current = null
        })
      turn.promise = Promise.race([released, done])
      return turn.promise
    },
    leave(then) {
      lose()
      // Also a call whose verb was aborted may still be under way.
      const settled = bounded(clock, timeoutMs, calling).then(nothing, nothing)
      before = before.then(() => settled)
      return queue(then)
    },
    abort() {
      lose()?.controller.abort()
    },
  }
}

function nothing() {}
