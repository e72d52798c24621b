import { createAuthClient } from 'better-auth/react'
import { twoFactorClient } from 'better-auth/client/plugins'
import { betterAuthAdapter } from 'latchkey/adapters/better-auth'
import type { AuthenticatorEntry, Backend, Mail } from './backend.js'

/** Better Auth behind `/api/auth`. The three lines that matter to an app are the first three. */
export function realServer(origin: string): Backend {
  const client = createAuthClient({ baseURL: origin, plugins: [twoFactorClient()] })
  const adapter = betterAuthAdapter(client, { firstFactors: ['password', 'email_code'] })
  return {
    adapter,
    mails: async () => (await read<{ messages: readonly Mail[] }>('/api/outbox')).messages,
    authenticator: () => read<readonly AuthenticatorEntry[]>('/api/authenticator'),
    vault: async () => (await read<{ secret: string }>('/api/protected')).secret,
  }
}

async function read<T>(path: string): Promise<T> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
  return (await response.json()) as T
}
