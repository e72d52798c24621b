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
      'oauth_acme',
      'enterprise_sso',
      'reset_password_email_code',
    ],
  },
  phone: { identifiers: ['phone'], firstFactors: ['password', 'phone_code', 'reset_password_phone_code'] },
} as const satisfies Record<string, BetterAuthAdapterOptions>

/** Better Auth behind `/api/auth`. The lines that matter to an app are the first two, and what its server offers. */
export function realServer(origin: string, by: keyof typeof ways): Backend {
  const client = createAuthClient({ baseURL: origin, plugins: [twoFactorClient()] })
  const adapter = betterAuthAdapter(client, ways[by])
  return {
    adapter,
    mails: async () => (await read<{ messages: readonly Mail[] }>('/api/outbox')).messages,
    authenticator: () => read<readonly AuthenticatorEntry[]>('/api/authenticator'),
    vault: async () => (await read<{ secret: string }>('/api/protected')).secret,
  }
}

/** `?by=phone` in the page's address: people are known by their number there. */
export const knownBy = (search: URLSearchParams) => (search.get('by') === 'phone' ? 'phone' : 'email')

async function read<T>(path: string): Promise<T> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
  return (await response.json()) as T
}
