import * as server from '@simplewebauthn/server'
import type { AuthAdapter } from 'latchkey'
import type { Strategy } from 'latchkey/core'
import { createMemoryBackend, type MemoryBackend, type MemoryMessage, type MemoryProvider } from 'latchkey/adapters/memory'
import { demoUsers, type DemoUser } from '../users.js'
import type { Backend } from './backend.js'
import { guardedHere } from './guardedHere.js'
import { canStay, providerUrl } from './stay.js'
import { verifySolana } from './verifySolana.js'

const users = Object.values(demoUsers) as readonly DemoUser[]

const subjects = {
  first_factor: 'Your sign-in code',
  second_factor: 'Your second code',
  enrollment: 'Your code to add this number',
  reset_password: 'Your code for a new password',
}

const firstFactors = [
  'password',
  'passkey',
  'oauth_google',
  'oauth_github',
  'web3_metamask_signature',
  'web3_coinbase_wallet_signature',
  'web3_okx_wallet_signature',
  'web3_solana_signature',
  'email_code',
  'email_link',
  'phone_code',
  'enterprise_sso',
  'reset_password_email_code',
  'reset_password_phone_code',
] as const

const secondFactors = ['totp', 'passkey', 'security_key', 'phone_code', 'email_code', 'email_link', 'backup_code'] as const

/** Not those that lead out of the page where that would be its end. */
const possible = (strategy: Strategy) => canStay() || !/^(oauth_|enterprise_sso|email_link)/.test(strategy)

/** The same users in a variable of this page: no server, and a reload forgets everything. All that the adapter knows is offered. */
export function inMemory(): Backend & { readonly provider: MemoryProvider } {
  const memory = createMemoryBackend({
    issuer: 'Latchkey demo',
    firstFactors: firstFactors.filter(possible),
    secondFactors: secondFactors.filter(possible),
    // A code by phone goes to the number that an address has.
    identifiers: ['email'],
    providerUrl: providerUrl(),
    ssoDomains: users.filter(({ password }) => !password).map(({ email }) => email.slice(email.indexOf('@') + 1)),
    webAuthn: { server, rpId: location.hostname, origin: location.origin },
    // It is larger than the page, and few bring a wallet.
    wallets: { verifyMessage: async (signed) => (await import('viem')).verifyMessage(signed), verifySolana },
    managePassword: true,
    latencyMs: 100,
    users: users.map(({ email, name, password, phone, totpSecret, backupCodes, emailSecondFactor = false }) => ({
      id: email,
      email,
      label: name,
      emailSecondFactor,
      ...(password && { password }),
      ...(phone && { phone }),
      // Whoever has an app has every other second step too that needs no device.
      ...(totpSecret && { totp: { secret: totpSecret }, emailSecondFactor: true, phoneSecondFactor: true }),
      ...(backupCodes && { backupCodes }),
    })),
  })
  const adapter = asOnTheServer(memory)
  return {
    adapter,
    provider: memory.provider,
    mails: async () => memory.outbox.messages.toReversed().map(asMail),
    onMail: (came) => memory.outbox.subscribe(came),
    authenticator: async () =>
      users
        .filter(({ totpSecret }) => totpSecret)
        .map(({ email }) => ({
          account: email,
          code: memory.users.totpCode(email),
          secondsLeft: 30 - (Math.floor(memory.clock.now() / 1000) % 30),
        })),
    ...guardedHere(adapter, 'Only for people with two factors.'),
  }
}

const asMail = ({ to, code, link, purpose }: MemoryMessage) => ({
  to,
  code: link ?? code,
  subject: link ? 'Your sign-in link' : subjects[purpose],
})

/** A wallet that is new here gets an account, and a provider is called as it writes itself. */
function asOnTheServer({ adapter, users: known }: MemoryBackend): AuthAdapter {
  const { signIn, capabilities } = adapter
  return {
    ...adapter,
    capabilities: {
      ...capabilities,
      firstFactors: capabilities.firstFactors.map((one) => (one.strategy === 'oauth_github' ? { ...one, label: 'GitHub' } : one)),
    },
    signIn: {
      ...signIn,
      create(params, options) {
        const address = 'address' in params ? params.address.replace(/^0x.*/, (hex) => hex.toLowerCase()) : ''
        if (address && !known.find(address))
          known.add({ id: address, email: `${address}@wallet.example`, label: address.slice(0, 8), wallets: [address] })
        return signIn.create(params, options)
      },
    },
  }
}
