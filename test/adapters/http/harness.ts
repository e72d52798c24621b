import { httpAdapter, type HttpOffer } from '../../../src/adapters/http/index.js'
import { createMemoryBackend, memoryAdapter } from '../../../src/adapters/memory/index.js'
import { throughVerbs, type Act, type AdapterHarness, type Stage } from '../../../src/testing/index.js'
import { checkedFetch } from '../../server/protocolDocument.js'
import { everyVerb } from '../../server/everyVerb.js'
import { startAuthServer } from '../../servers/authServer.js'
import { cookieFetch, type CookieFetch } from '../../servers/cookieFetch.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { memoryPeople } from '../../support/memoryPeople.js'
import { memoryServerAdapter } from '../../servers/memoryServerAdapter.js'

/** Backend time, not on a boundary of the 30-second steps of authenticator apps. */
const start = Date.UTC(2026, 0, 15, 12, 0, 7)

const memory = memoryAdapter()
const offer: HttpOffer = {
  capabilities: memory.capabilities,
  verbs: everyVerb.map(({ path }) => path).filter((path) => !/passkey-options|reset-password/.test(path)),
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
    'enroll/forced': 'The backend in memory forces everybody to enrol or nobody, and here it is nobody.',
  },
}

/** Our own handler over a memory backend, on loopback; each browser comes through a proxy that can lose replies on the wire. */
async function openStage(): Promise<Stage> {
  // A code ends before the ten minutes of the attempt that is kept in the browser.
  const backend = createMemoryBackend({ manualTime: start, limits: { codeMs: 5 * 60_000 } })
  const captchas: string[] = []
  const connect = (options: { browser: string }) =>
    throughVerbs(backend.connect(options), ({ args, run }) => {
      const { captchaToken } = Object.assign({}, ...args) as { captchaToken?: string }
      if (captchaToken) captchas.push(captchaToken)
      return run()
    })
  const server = await startAuthServer({ adapter: memoryServerAdapter({ connect }), now: backend.clock.now })
  const proxy = await createLossyProxy({ targetPort: server.port })
  const device = createDeviceClock()
  const people = memoryPeople(backend)
  const origin = `http://127.0.0.1:${proxy.port}`
  const jar = cookieFetch(origin)

  const open = async ({ fetch }: CookieFetch) =>
    device.on(await httpAdapter({ url: `${origin}/api/auth`, fetch: checkedFetch(fetch) }))

  return {
    adapter: await open(jar),
    another: () => open(cookieFetch(origin)),
    reloaded: () => open(jar),
    ...people,
    passTime: (ms) => backend.clock.advance(ms),
    loseNextReply: (act) => proxy.cut(`/api/auth/${pathOf(act)}`, 'before-headers'),
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: ({ verb }) => backend.calls.filter((call) => call.verb === verb).length,
    secrets: () => [...jar.cookies.values()],
    captchas: () => captchas,
    async refusedForStepUp() {
      const [one, other] = [await open(cookieFetch(origin)), await open(cookieFetch(origin))]
      const { identifier, password } = await people.person()
      for (const { signIn } of [one, other]) await signIn.finish(await signIn.create({ identifier, password }))
      const pending = await other.mfa?.enroll({ type: 'totp' })
      if (pending?.status !== 'pending' || pending.type !== 'totp') throw new Error('An app should wait for its proof.')
      await other.mfa?.verify({ enrollmentId: pending.id, code: await people.authenticator(pending.secret) })
      return one.mfa?.enroll({ type: 'totp' }).catch((thrown: unknown) => thrown)
    },
    async close() {
      device.remove()
      await proxy.close()
      await server.close()
    },
  }
}

/** `signIn.attemptFirstFactor` goes to `sign-in/attempt-first-factor`. */
function pathOf({ verb }: Act): string {
  return verb.replaceAll('.', '/').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
