import { createMemoryBackend, memoryAdapter, type MemoryBackend, type MemoryOptions } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter, CallOptions } from '../../../src/core/adapter.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { everyWay } from '../../support/everyWay.js'
import { memoryPeople } from '../../support/memoryPeople.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { throughVerbs } from '../../../src/testing/throughVerbs.js'
import type { Act, AdapterHarness, Stage } from '../../../src/testing/index.js'
import type { Trouble } from '../../../src/testing/adapterHarness.js'

/** Backend time, not on a boundary of the 30-second steps of authenticator apps. */
const start = Date.UTC(2026, 0, 15, 12, 0, 7)

export const memoryHarness: AdapterHarness = {
  name: 'memory',
  evidence: 'in memory',
  sample: memoryAdapter(),
  open: async () => openMemoryStage(),
  gaps: {
    'first/password/too-many':
      'The backend in memory counts failures of second factors and codes, and lets passwords be guessed.',
  },
}

/** A wallet more than the demo’s pages offer. */
export const everyWallet = {
  ...everyWay,
  firstFactors: [...everyWay.firstFactors, 'web3_base_signature'],
} as const satisfies MemoryOptions

/** Everything on offer, where an opened link ends up as `emailLink` says. */
export function everyWayHarness(emailLink: 'this_tab' | 'opened_tab'): AdapterHarness {
  const options: MemoryOptions = { ...everyWallet, emailLink }
  return {
    ...memoryHarness,
    name: `memory with everything, links in ${emailLink}`,
    sample: memoryAdapter(options),
    open: async () => openMemoryStage(undefined, options),
  }
}

/** The backend in memory speaks in the kit's own errors: what is seen is that they come out as they went in. */
export const troubles: Readonly<Record<Trouble, AuthError>> = {
  failure: new AuthError('unavailable', undefined, { outcome: 'unknown' }),
  throttled: new AuthError('rate_limited', undefined, { retryInMs: 30_000 }),
  locked: new AuthError('locked', undefined, { retryInMs: 900_000 }),
}

/** `broken`: puts a fault on each adapter. */
export function openMemoryStage(
  broken: (adapter: AuthAdapter, backend: MemoryBackend) => AuthAdapter = (adapter) => adapter,
  options?: MemoryOptions,
  passkeysVerify = false,
): Stage {
  const backend = createMemoryBackend({ manualTime: start, ...options })
  const device = createDeviceClock()
  const captchas: string[] = []
  const people = memoryPeople(backend, passkeysVerify)
  let off = false
  let browsers = 1

  /** While off, a call never reaches the backend. */
  const connect = (browser: string) =>
    device.on(
      broken(
        throughVerbs(backend.connect({ browser }), ({ args, run }) => {
          const { captchaToken } = Object.assign({}, ...args) as CallOptions
          if (captchaToken) captchas.push(captchaToken)
          if (off) throw new AuthError('network', undefined, { outcome: 'unknown' })
          return run()
        }),
        backend,
      ),
    )

  return {
    adapter: connect('default'),
    another: async () => connect(`browser-${++browsers}`),
    reloaded: async () => connect('default'),
    ...people,
    passTime: (ms) => backend.clock.advance(ms),
    loseNextReply: ({ verb }: Act) => backend.failNext(verb, 'network', { afterCommit: true }),
    answerNext({ verb }, trouble) {
      backend.failNext(verb, troubles[trouble])
      const { retryInMs } = troubles[trouble]
      return retryInMs === undefined ? {} : { retryInMs }
    },
    offline: (on) => void (off = on),
    skewClock: device.set,
    sent: ({ verb }) => backend.calls.filter((call) => call.verb === verb).length,
    secrets: () => [],
    captchas: () => captchas,
    refusedForStepUp: () => people.refusedForStepUp(async () => connect(`browser-${++browsers}`)),
    close: async () => device.remove(),
  }
}
