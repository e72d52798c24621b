import type { SessionApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { ActiveSession } from '../../core/session.js'
import type { Connection } from './connection.js'
import { sessionOf, type Cell, type KeptSession } from './record.js'

export type Sessions = ReturnType<typeof createSessions>

export function createSessions({ activeSessions, factors, revoke }: Connection, cell: Cell<KeptSession>) {
  /** Asks WorkOS whether the session still stands, and what its person could prove. */
  async function read(record: KeptSession) {
    const [active, all] = await Promise.all([activeSessions(record), factors(record.userId)])
    return active.includes(record.id) ? all.filter(({ id }) => id !== unproved(record)) : null
  }

  async function look(record: KeptSession): Promise<ActiveSession | null> {
    const all = await read(record)
    return all && sessionOf(record, all.length > 0)
  }

  const api: SessionApi = {
    async get() {
      const record = cell.read()
      const session = record && (await look(record))
      if (record && !session) cell.write(null)
      return session
    },

    async signOut({ scope = 'this' } = {}) {
      const record = cell.read()
      if (!record) return
      // First of all out of this browser, whatever comes of the rest.
      if (scope !== 'others') cell.write(null)
      const all = scope === 'this' ? [record.id] : await activeSessions(record)
      await Promise.all(all.filter((id) => scope !== 'others' || id !== record.id).map(revoke))
    },

    // Between two requests nobody listens; the browser's half does.
    subscribe: () => () => {},
  }

  return {
    api,
    cell,
    look,

    /** Rejects `session_lost` where there is none, or no more. */
    async require() {
      const record = cell.read()
      const all = record && (await read(record))
      if (!record || !all) throw new AuthError('session_lost')
      return { record, factors: all }
    },
  }
}

const unproved = ({ enrolling }: KeptSession) => (enrolling?.done ? undefined : enrolling?.id)
