import { TOTP } from 'otpauth'
import { createMemoryBackend, memoryAdapter, type MemoryBackend } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { throughVerbs } from '../../../src/testing/throughVerbs.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'

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

/** `broken`: puts a fault on each adapter. */
export function openMemoryStage(
  broken: (adapter: AuthAdapter, backend: MemoryBackend) => AuthAdapter = (adapter) => adapter,
): Stage {
  const backend = createMemoryBackend({ manualTime: start })
  const device = createDeviceClock()
  let off = false
  let people = 0

  /** While off, a call never reaches the backend. */
  const connect = (browser: string) =>
    device.on(
      broken(
        throughVerbs(backend.connect({ browser }), ({ run }) => {
          if (off) throw new AuthError('network', undefined, { outcome: 'unknown' })
          return run()
        }),
        backend,
      ),
    )

  /** An app's code works once, and so does every code before it: the next one is thirty seconds away. */
  function authenticator(secret: string): string {
    backend.clock.advance(30_000)
    return new TOTP({ secret }).generate({ timestamp: backend.clock.now() })
  }

  async function person({ totp, emailCode, phoneCode, webauthn, backupCodes }: PersonWants = {}): Promise<Person> {
    if (phoneCode || webauthn) throw new Error('The backend in memory knows neither phones nor passkeys.')
    const id = `person-${++people}`
    const [identifier, password] = [`${id}@example.com`, ` pass wörd ${id} ☂ `]
    const secret = `GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[people] ?? ''}`
    const codes = backupCodes ? [`abcde-fghj${people}`, `mnpqr-stuv${people}`] : []
    backend.users.add({
      id,
      email: identifier,
      password,
      ...(totp && { totp: { secret } }),
      ...(emailCode && { emailSecondFactor: true }),
      backupCodes: codes,
    })
    return {
      identifier,
      password,
      async delivered() {
        const { code } = backend.outbox.latest(identifier) ?? {}
        if (!code) throw new Error('No message was delivered.')
        return code
      },
      ...(totp && { totp: async () => authenticator(secret) }),
      ...(backupCodes && { backupCodes: codes }),
    }
  }

  return {
    adapter: connect('default'),
    another: async () => connect(`browser-${++people}`),
    reloaded: async () => connect('default'),
    person,
    authenticator: async (secret) => authenticator(secret),
    passTime: (ms) => backend.clock.advance(ms),
    loseNextReply: ({ verb }: Act) => backend.failNext(verb, 'network', { afterCommit: true }),
    offline: (on) => void (off = on),
    skewClock: device.set,
    sent: ({ verb }) => backend.calls.filter((call) => call.verb === verb).length,
    secrets: () => [],
    close: async () => device.remove(),
  }
}
