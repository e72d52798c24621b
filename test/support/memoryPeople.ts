import { TOTP } from 'otpauth'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { Person, PersonWants } from '../../src/testing/index.js'

/** People of a backend in memory, for the contract's suite. */
export function memoryPeople(backend: MemoryBackend) {
  let people = 0

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

  return { person, authenticator: async (secret: string) => authenticator(secret) }
}
