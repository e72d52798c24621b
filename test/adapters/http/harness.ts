import { httpAdapter, type HttpOffer } from '../../../src/adapters/http/index.js'
import { createMemoryBackend, memoryAdapter } from '../../../src/adapters/memory/index.js'
import type { CallOptions } from '../../../src/core/adapter.js'
import { throughVerbs, type Act, type AdapterHarness, type Stage } from '../../../src/testing/index.js'
import { checkedFetch } from '../../server/protocolDocument.js'
import { everyVerb } from '../../server/everyVerb.js'
import { startAuthServer } from '../../servers/authServer.js'
import { cookieFetch, type CookieFetch } from '../../servers/cookieFetch.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { origin as page } from '../../support/everyWay.js'
import { memoryPeople } from '../../support/memoryPeople.js'
import { failureOf } from '../../../src/server/failure.js'
import { createAnsweringProxy } from '../../testing/answeringProxy.js'
import { everyWallet, troubles } from '../memory/harness.js'
import { memoryServerAdapter } from '../../servers/memoryServerAdapter.js'

/** Backend time, not on a boundary of the 30-second steps of authenticator apps. */
const start = Date.UTC(2026, 0, 15, 12, 0, 7)

const memory = memoryAdapter(everyWallet)
const offer: HttpOffer = {
  capabilities: memory.capabilities,
  verbs: everyVerb.map(({ path }) => path),
  stepUpLevels: memory.stepUp?.levels ?? [],
}

export const httpHarness: AdapterHarness = {
  name: 'http',
  evidence: 'own server over memory',
  sample: httpAdapter({ url: '/api/auth', offer }),
  open: openStage,
  gaps: {
    'first/password/too-many':
      'The backend in memory, behind the server here, counts failures of second factors and codes, and lets passwords be guessed.',
  },
}

/** Our own handler over a memory backend, on loopback; each browser comes through a proxy that can lose replies on the wire. */
async function openStage(): Promise<Stage> {
  // A code ends before the ten minutes of the attempt that is kept in the browser.
  const backend = createMemoryBackend({ ...everyWallet, manualTime: start, limits: { codeMs: 5 * 60_000 } })
  const captchas: string[] = []
  const connect = (options: { browser: string }) =>
    throughVerbs(backend.connect(options), ({ args, run }) => {
      const { captchaToken } = Object.assign({}, ...args) as CallOptions
      if (captchaToken) captchas.push(captchaToken)
      return run()
    })
  // Where the page is, to which links lead back and keys and wallets belong; a proxy of the app's would pass its requests on.
  const server = await startAuthServer({ adapter: memoryServerAdapter({ connect }), now: backend.clock.now, origins: [page] })
  const words = await createAnsweringProxy(server.port)
  const proxy = await createLossyProxy({ targetPort: words.port })
  const device = createDeviceClock()
  const people = memoryPeople(backend)
  const origin = `http://127.0.0.1:${proxy.port}`
  const jar = cookieFetch(page)

  const open = async ({ fetch }: CookieFetch) =>
    device.on(await httpAdapter({ url: `${origin}/api/auth`, fetch: checkedFetch(fetch) }))

  return {
    adapter: await open(jar),
    another: () => open(cookieFetch(page)),
    reloaded: () => open(jar),
    ...people,
    passTime: (ms) => backend.clock.advance(ms),
    loseNextReply: (act) => proxy.cut(`/api/auth/${pathOf(act)}`, 'before-headers'),
    answerNext(act, trouble) {
      // A failure is whatever has thrown behind the handler.
      words.answerNext(new RegExp(`/${pathOf(act)}$`), failureOf(trouble === 'failure' ? new Error('No.') : troubles[trouble]))
      const { retryInMs } = troubles[trouble]
      return retryInMs === undefined ? {} : { retryInMs }
    },
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: ({ verb }) => backend.calls.filter((call) => call.verb === verb).length,
    secrets: () => [...jar.cookies.values()],
    captchas: () => captchas,
    refusedForStepUp: () => people.refusedForStepUp(() => open(cookieFetch(page))),
    async close() {
      device.remove()
      await proxy.close()
      await words.close()
      await server.close()
    },
  }
}

/** `signIn.attemptFirstFactor` goes to `sign-in/attempt-first-factor`. */
function pathOf({ verb }: Act): string {
  return verb.replaceAll('.', '/').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
