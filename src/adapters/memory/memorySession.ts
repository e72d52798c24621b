import type { SessionApi } from '../../core/adapter.js'
import type { Commits } from './memoryCall.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { currentSession, endSession, showSession } from './sessionRecord.js'

export function memorySession(store: MemoryStore, browser: Browser): Commits<Omit<SessionApi, 'subscribe'>> {
  return {
    get() {
      const session = currentSession(store, browser)
      return session && showSession(store, session)
    },

    signOut({ scope = 'this' } = {}) {
      const own = currentSession(store, browser)
      if (own && scope !== 'this') {
        for (const other of store.sessions) if (other.user === own.user && other !== own) store.sessions.delete(other)
      }
      if (scope !== 'others') endSession(store, browser)
    },
  }
}
