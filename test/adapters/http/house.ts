import { afterEach, expect } from 'vitest'
import { httpAdapter } from '../../../src/adapters/http/index.js'
import { type MemoryBackend, type MemoryOptions } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import { checkedFetch } from '../../server/protocolDocument.js'
import { startAuthServer, type AuthServer } from '../../servers/authServer.js'
import { cookieFetch, type CookieFetch } from '../../servers/cookieFetch.js'
import { createLossyProxy, type LossyProxy } from '../../servers/lossyProxy.js'
import { memoryServerAdapter } from '../../servers/memoryServerAdapter.js'
import { house } from '../memory/house.js'

export interface Rig {
  readonly backend: MemoryBackend
  readonly server: AuthServer
  /** Between every browser and the server. */
  readonly proxy: LossyProxy
  browser(): Promise<Tab & { tab(): Promise<Tab> }>
}

export interface Tab {
  readonly adapter: AuthAdapter
  readonly jar: CookieFetch
}

const closing: (() => Promise<void>)[] = []
/** What the handler would have written into the server's log: nothing, in every test here. */
const faults: unknown[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  expect(faults.splice(0)).toEqual([])
})

/** The memory backend behind our own handler, over real HTTP on loopback; every request and answer is held against the protocol's document. */
export async function rig(options: MemoryOptions = {}): Promise<Rig> {
  const backend = house(options)
  const server = await startAuthServer({
    adapter: memoryServerAdapter(backend),
    now: backend.clock.now,
    onError: (thrown) => faults.push(thrown),
  })
  const proxy = await createLossyProxy({ targetPort: server.port })
  closing.push(proxy.close, server.close)
  const origin = `http://127.0.0.1:${proxy.port}`

  const open = async (jar: CookieFetch): Promise<Tab> => ({
    jar,
    adapter: await httpAdapter({ url: `${origin}/api/auth`, fetch: checkedFetch(jar.fetch) }),
  })
  return {
    backend,
    server,
    proxy,
    async browser() {
      const jar = cookieFetch(origin)
      return { ...(await open(jar)), tab: () => open(jar) }
    },
  }
}
