import { QueryClient } from '@tanstack/react-query'
import type { AuthAdapter } from '../core/adapter.js'
import type { Reading } from '../core/session.js'
import type { SessionSource } from '../core/sessionSource.js'
import { createStore, type Store } from '../core/store.js'

export interface SessionSeen {
  /** Absent while the first answer is waited for, and after a read that failed: what was true before is not taken for true now. */
  readonly reading?: Reading
  readonly failed: boolean
}

/** What the first render shows, on a server and in a page. */
export const unseen: SessionSeen = { failed: false }

/** The newest word on an adapter's session. Kept only while somebody looks. */
export interface SessionQuery extends Store<SessionSeen> {
  /** Asks, or joins who is asking. Never rejects. `changed`: an answer that is under way may be old, so it is not waited for. */
  ask(sessions: SessionSource, changed?: boolean): Promise<void>
}

/** One per adapter and never the app's own: nothing of it is persisted or dehydrated with the app's data. */
const queries = new WeakMap<AuthAdapter, SessionQuery>()

export function sessionQueryOf(adapter: AuthAdapter): SessionQuery {
  const query = queries.get(adapter) ?? createSessionQuery()
  queries.set(adapter, query)
  return query
}

function createSessionQuery(): SessionQuery {
  const client = new QueryClient()
  const store = createStore(unseen)
  let watchers = 0
  let version = 0

  return {
    get: store.get,
    subscribe(listener) {
      watchers++
      const stop = store.subscribe(listener)
      return () => {
        stop()
        watchers--
        // A gate that opens anew must not open on what was true before; one that only moves in the page is back by then.
        setTimeout(() => {
          if (watchers > 0) return
          version++
          store.set(unseen)
        })
      }
    },
    async ask(sessions, changed) {
      if (changed) version++
      const mine = version
      const seen = await client
        .query({
          queryKey: [mine],
          queryFn: () => sessions.read({ fresh: true }),
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
