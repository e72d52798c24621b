import { TOTP } from 'otpauth'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { MemoryBackend, SeedUser } from '../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../src/core/adapter.js'
import type { Json } from '../../src/core/json.js'
import type { Strategy } from '../../src/core/strategy.js'
import type { Person, PersonWants } from '../../src/testing/index.js'
import { origin, rpId } from './everyWay.js'
import { solanaKey } from './solanaKey.js'
import { softAuthenticator } from './softAuthenticator.js'

/** People of a backend in memory, for the contract's suite. Each has a phone, a wallet and an authenticator for keys in the pocket. */
export function memoryPeople(backend: MemoryBackend, passkeysVerify = false) {
  let people = 0

  /** An app's code works once, and so does every code before it: the next one is thirty seconds away. */
  function authenticator(secret: string): string {
    backend.clock.advance(30_000)
    return new TOTP({ secret }).generate({ timestamp: backend.clock.now() })
  }

  async function person(wants: PersonWants = {}): Promise<Person> {
    const { totp, emailCode, phoneCode, webauthn, backupCodes, mustEnroll, first = [] } = wants
    const id = `person-${++people}`
    const [identifier, password] = [`${id}@example.com`, ` pass wörd ${id} ☂ `]
    const secret = `GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[people] ?? ''}`
    const codes = backupCodes ? [`abcde-fghj${people}`, `mnpqr-stuv${people}`] : []
    const phone = `+1555010${String(people).padStart(4, '0')}`
    const spare = `+1555020${String(people).padStart(4, '0')}`
    const wallet = privateKeyToAccount(generatePrivateKey())
    const solana = await solanaKey()
    // Who has a second factor besides has a passkey that checks nobody, or the second would not be asked for.
    const verifiesUser = passkeysVerify || !(totp || phoneCode || emailCode)
    const passkeys = softAuthenticator({ origin, verifiesUser })
    const securityKey = softAuthenticator({ origin, verifiesUser: false, resident: false })
    const hasPasskey = webauthn || first.includes('passkey')
    const seeds = [
      ...(hasPasskey ? [await passkeys.seed({ id }, rpId)] : []),
      ...(webauthn ? [await securityKey.seed({ id }, rpId)] : []),
    ]
    const user: SeedUser = {
      id,
      email: identifier,
      password,
      phone,
      passkeys: seeds,
      wallets: [wallet.address, solana.address],
      ...(totp && { totp: { secret } }),
      ...(emailCode && { emailSecondFactor: true }),
      ...(phoneCode && { phoneSecondFactor: true }),
      ...(mustEnroll && { mustEnroll }),
      backupCodes: codes,
    }
    backend.users.add(user)

    async function delivered(strategy: Strategy): Promise<string> {
      const theirs = strategy.includes('phone') ? [phone, spare] : [identifier]
      const message = backend.outbox.messages.findLast(
        ({ to, link }) => theirs.includes(to) && (strategy === 'email_link') === (link !== undefined),
      )
      if (!message) throw new Error('No message was delivered.')
      return message.link ?? message.code
    }

    /** The key that is named, or a passkey; new ones are made where the options ask for it. */
    async function credential(publicKey: Json): Promise<Json> {
      return passkeys.answer(publicKey).catch(() => securityKey.answer(publicKey))
    }

    return {
      identifier,
      password,
      phone: spare,
      delivered,
      credential,
      wallet: { address: wallet.address, chainId: 1, origin, sign: async (message) => wallet.signMessage({ message }) },
      solanaWallet: { address: solana.address, origin, sign: solana.signText },
      visit: async (redirectUrl) => backend.provider.answer(redirectUrl, { as: identifier }),
      deny: async (redirectUrl) => backend.provider.answer(redirectUrl, { denied: true }),
      ...(totp && { totp: async () => authenticator(secret) }),
      ...(backupCodes && { backupCodes: codes }),
    }
  }

  /** What somebody hears who changes their factors in a session from before they had one. `open`: a browser of its own. */
  async function refusedForStepUp(open: () => Promise<AuthAdapter>): Promise<unknown> {
    const [one, other] = [await open(), await open()]
    const { identifier, password } = await person()
    for (const { signIn } of [one, other]) await signIn.finish(await signIn.create({ identifier, password }))
    const pending = await other.mfa?.enroll({ type: 'totp' })
    if (pending?.status !== 'pending' || pending.type !== 'totp') throw new Error('An app should wait for its proof.')
    await other.mfa?.verify({ enrollmentId: pending.id, code: authenticator(pending.secret) })
    return one.mfa?.enroll({ type: 'totp' }).catch((thrown: unknown) => thrown)
  }

  return { person, authenticator: async (secret: string) => authenticator(secret), refusedForStepUp }
}
