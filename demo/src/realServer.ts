import { createAuthClient } from 'better-auth/react'
import { twoFactorClient } from 'better-auth/client/plugins'
import { betterAuthAdapter, type BetterAuthAdapterOptions } from 'latchkey/adapters/better-auth'
import type { AuthenticatorEntry, Backend, Mail } from './backend.js'

const ways = {
  email: {
    firstFactors: [
      'password',
      'email_code',
      'email_link',
      'passkey',
      'web3_metamask_signature',
      'web3_coinbase_wallet_signature',
      'web3_okx_wallet_signature',
      'oauth_acme',
      'enterprise_sso',
      'reset_password_email_code',
    ],
    enroll: ['totp', 'phone', 'webauthn'],
  },
  phone: {
    identifiers: ['phone'],
    firstFactors: ['password', 'phone_code', 'reset_password_phone_code'],
    enroll: ['totp', 'phone', 'webauthn'],
  },
} as const satisfies Record<string, BetterAuthAdapterOptions>

/** Better Auth behind `/api/auth`. The lines that matter to an app are the first two, and what its server offers. */
export function realServer(origin: string, by: keyof typeof ways): Backend {
  const client = createAuthClient({ baseURL: origin, plugins: [twoFactorClient()] })
  const adapter = betterAuthAdapter(client, ways[by])
  return {
    adapter,
    mails: async () => (await ask<{ messages: readonly Mail[] }>('/api/outbox')).messages,
    authenticator: () => ask<readonly AuthenticatorEntry[]>('/api/authenticator'),
    vault: async () => (await ask<{ secret: string }>('/api/protected')).secret,
    balance: async () => (await ask<{ balance: number }>('/api/balance')).balance,
    transfer: (order) => ask('/api/transfer', order),
    savePayout: (account) => ask('/api/payout', account),
  }
}

/** `?by=phone` in the page's address: people are known by their number there. */
export const knownBy = (search: URLSearchParams) => (search.get('by') === 'phone' ? 'phone' : 'email')

/** Rejects with the server's own code, by which the adapter's `stepUp.detect` knows what is asked for. */
async function ask<T>(path: string, body?: object): Promise<T> {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, body && json)
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as T
  const { code } = Object(answer) as { code?: unknown }
  throw Object.assign(new Error(`${path} answered ${response.status}.`), { code })
}
