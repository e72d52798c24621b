import type { AuthAdapter } from 'latchkey'
import type { Hosted } from '../hosted.js'
import type { Backend } from './backend.js'
import { guardedHere } from './guardedHere.js'

/** The page on somebody's real backend: nobody is made up, and mails go where mails go. */
export async function onHosted(hosted: Hosted): Promise<Backend> {
  const adapter = await adapterOf(hosted)
  return {
    adapter,
    mails: () => Promise.resolve([]),
    authenticator: () => Promise.resolve([]),
    ...guardedHere(
      adapter,
      'You passed two factors. What is worth guarding is guarded by your server, which checks the level on every request.',
    ),
  }
}

async function adapterOf(hosted: Hosted): Promise<AuthAdapter> {
  switch (hosted.kind) {
    case 'supabase': {
      const [{ AuthClient }, { supabaseAdapter }] = await Promise.all([
        import('@supabase/auth-js'),
        import('latchkey/adapters/supabase'),
      ])
      const { url, key } = hosted
      const headers = { apikey: key }
      const auth = new AuthClient({ url, headers, experimental: { passkey: true } })
      return supabaseAdapter(auth, {
        firstFactors: ['password', ...((await hasPasskeys(url, headers)) ? (['passkey'] as const) : [])],
      })
    }
    case 'clerk': {
      const [{ Clerk }, { clerkAdapter }] = await Promise.all([
        import('@clerk/clerk-js/no-rhc'),
        import('latchkey/adapters/clerk'),
      ])
      const clerk = new Clerk(hosted.key, hosted.proxyUrl ? { proxyUrl: hosted.proxyUrl } : {})
      await clerk.load({ telemetry: false })
      return clerkAdapter(clerk)
    }
    case 'workos': {
      const { httpAdapter } = await import('latchkey/adapters/http')
      return httpAdapter({ url: '/api/latchkey' })
    }
  }
}

/** Of what this demo shows the project's own settings tell this much; an app knows them. */
async function hasPasskeys(url: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const settings = (await (await fetch(`${url}/settings`, { headers })).json()) as { passkeys_enabled?: unknown }
    return settings.passkeys_enabled === true
  } catch {
    return false
  }
}
