import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { WorkOS } from '@workos-inc/node'
import { workosAdapter, type WorkOSAdapterOptions } from 'latchkey/adapters/workos'
import { createAuthHandler, toNodeHandler } from 'latchkey/server'
import type { Hosted } from '../hosted.js'

export interface HostedServer {
  readonly hosted: Hosted
  /** Origins that the page asks, for its `connect-src`. */
  readonly origins: readonly string[]
  /** Where WorkOS's adapter is served. Its API key never leaves this process. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What the environment asks for: `SUPABASE_AUTH_URL` and `SUPABASE_ANON_KEY`, or `CLERK_PUBLISHABLE_KEY` (and `CLERK_PROXY_URL`), or
 * `WORKOS_API_KEY` and `WORKOS_CLIENT_ID` (and `WORKOS_API_URL`, and `WORKOS_FIRST_FACTORS`, such as `password,oauth_google,enterprise_sso`). `null`:
 * the demo's own Better Auth server.
 */
export function hostedServer(env: Environment, origin: string): HostedServer | null {
  const { SUPABASE_AUTH_URL: url, SUPABASE_ANON_KEY: anon, CLERK_PUBLISHABLE_KEY: clerk, CLERK_PROXY_URL: proxyUrl } = env
  if (url && anon) return { hosted: { kind: 'supabase', url, key: anon }, origins: [new URL(url).origin] }
  if (clerk) {
    const [host] = Buffer.from(clerk.split('_')[2] ?? '', 'base64')
      .toString()
      .split('$')
    return {
      hosted: { kind: 'clerk', key: clerk, ...(proxyUrl && { proxyUrl }) },
      origins: [proxyUrl ? new URL(proxyUrl, origin).origin : `https://${host}`],
    }
  }
  if (!env.WORKOS_API_KEY) return null
  if (!env.WORKOS_CLIENT_ID) {
    // One line and no stack: nothing is broken, something is missing.
    console.error('WORKOS_API_KEY needs WORKOS_CLIENT_ID beside it: WorkOS signs nobody in without.')
    process.exit(1)
  }
  return { hosted: { kind: 'workos' }, origins: [], handle: workosServer(env, origin) }
}

function workosServer(env: Environment, origin: string) {
  const { WORKOS_API_KEY: key, WORKOS_CLIENT_ID: clientId, WORKOS_API_URL, WORKOS_FIRST_FACTORS: named = 'password' } = env
  const firstFactors = named.split(',') as NonNullable<WorkOSAdapterOptions['firstFactors']>
  const api = WORKOS_API_URL ? new URL(WORKOS_API_URL) : undefined
  const workos = new WorkOS(key, {
    ...(clientId && { clientId }),
    ...(api && { apiHostname: api.hostname, port: Number(api.port), https: api.protocol === 'https:' }),
  })
  return toNodeHandler(
    createAuthHandler({
      adapter: workosAdapter(workos, { firstFactors, issuer: 'Latchkey demo' }),
      secret: randomBytes(32).toString('hex'),
      origins: [origin],
      onError: console.error,
    }),
  )
}
