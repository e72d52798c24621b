import { QueryClient } from '@tanstack/react-query'
import { createStore, type Store } from '../core/store.js'

export interface Seen<T> {
  /** Absent while the first answer is waited for, and after a read that failed: what was true before is not taken for true now. */
  readonly reading?: T
  readonly failed: boolean
}

/** What the first render shows, on a server and in a page. */
export const unseen = { failed: false } as const satisfies Seen<unknown>

/** The newest answer to one question, for all who look. Kept only while somebody looks. */
export interface SharedRead<T> extends Store<Seen<T>> {
  /** Asks, or joins who is asking. Never rejects. `changed`: an answer that is under way may be old, so it is not waited for. */
  ask(read: () => Promise<T>, changed?: boolean): Promise<void>
  /** As before the first answer. One that is under way is not waited for. */
  forget(): void
}

/** More reads than `most` within `span` milliseconds are no person's: somebody asks because they were told, and is told because they asked. */
const loop = { most: 20, span: 10_000 }

/** In a query client of its own and never the app's: nothing of it is persisted or dehydrated with the app's data. */
export function createSharedRead<T>(): SharedRead<T> {
  const client = new QueryClient()
  const store = createStore<Seen<T>>(unseen)
  let watchers = 0
  let version = 0
  let told = false
  let asked: number[] = []
  let newest: Promise<T> | undefined
  const forget = () => {
    version++
    // Another object each time: where state was set while drawing, React 18 compares with an older value, and would miss the same one coming back.
    store.set({ ...unseen })
  }

  function guarded(read: () => Promise<T>): Promise<T> {
    const now = performance.now()
    asked = asked.filter((at) => now - at < loop.span)
    if (asked.length >= loop.most) return Promise.reject(new Error('This was asked too often.'))
    const promise = read()
    // Who joins a read that is under way asks nobody.
    if (promise !== newest) asked.push(now)
    newest = promise
    return promise
  }

  return {
    forget,
    get: store.get,
    subscribe(listener) {
      watchers++
      const stop = store.subscribe(listener)
      return () => {
        stop()
        watchers--
        // A gate that opens anew must not open on what was true before; one that only moves in the page is back by then.
        setTimeout(() => watchers || forget())
      }
    },
    async ask(read, changed) {
      // All who look hear of a change in one go, and one read is enough for them.
      if (changed && !told) {
        version++
        told = true
        queueMicrotask(() => (told = false))
      }
      const mine = version
      const seen = await client
        .query({
          queryKey: [mine],
          queryFn: () => guarded(read),
          // Offline is a failure to say, not a reason to wait in silence.
          networkMode: 'always',
          retry: 1,
          retryDelay: 1000,
          gcTime: 0,
        })
        .then(
          (reading) => ({ reading, failed: false }),
          () => ({ failed: true }),
        )
      if (mine === version) store.set(seen)
    },
  }
}
