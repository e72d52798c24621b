import type { SessionApi } from '../../core/adapter.js'
import type { Commits } from './memoryCall.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { currentSession, endOthers, endSession, showSession } from './sessionRecord.js'

export function memorySession(store: MemoryStore, browser: Browser): Commits<Omit<SessionApi, 'subscribe'>> {
  return {
    get() {
      const session = currentSession(store, browser)
      return session && showSession(store, session)
    },

    signOut({ scope = 'this' } = {}) {
      const own = currentSession(store, browser)
      if (own && scope !== 'this') endOthers(store, own.user, own)
      if (scope !== 'others') endSession(store, browser)
    },
  }
}
