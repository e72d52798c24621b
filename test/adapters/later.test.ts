// @vitest-environment node
// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { betterAuthAdapter } from '../../src/adapters/better-auth/index.js'
import { clerkAdapter } from '../../src/adapters/clerk/index.js'
import type { ClerkInstance } from '../../src/adapters/clerk/clerkInstance.js'
import { supabaseAdapter } from '../../src/adapters/supabase/index.js'
import type { SupabaseAuth } from '../../src/adapters/supabase/supabaseAuth.js'
import { workosAdapter, type WorkOSClient } from '../../src/adapters/workos/index.js'
import type { AuthAdapter } from '../../src/core/adapter.js'

const offers = { firstFactors: ['password', 'oauth_google', 'reset_password_email_code'] } as const

/** A half-done sign-in, which the server asks a second factor for. */
const halfDone = { session: null, attempt: { id: 'half' }, secondFactors: [{ id: 'totp', strategy: 'totp' }] }
let standing: object = halfDone

const adapters: Record<string, () => AuthAdapter> = {
  'better-auth': () =>
    betterAuthAdapter(
      {
        $fetch: async (path) => ({ data: path === '/latchkey/state' ? standing : { twoFactorRedirect: true } }),
        $store: { notify: () => {}, atoms: { session: { listen: () => () => {} } } },
      },
      offers,
    ),
  clerk: () => {
    const client = {
      signIn: {},
      sessions: [],
      lastActiveSessionId: null,
      reload: async () => Object.assign(client, { sessions: [] }),
    } as object as NonNullable<ClerkInstance['client']>
    return clerkAdapter({ client, session: null, addListener: () => () => {} } as object as ClerkInstance, offers)
  },
  supabase: () =>
    supabaseAdapter(
      {
        mfa: {},
        onAuthStateChange: () => {},
        getUser: async () => ({ data: { user: null }, error: { name: 'AuthSessionMissingError', status: 400 } }),
      } as object as SupabaseAuth,
      offers,
    ),
}

const failed = { name: 'AuthError', code: 'network', outcome: 'unknown' }

describe.each(Object.keys(adapters))('what comes later of %s', (name) => {
  const path = `../../src/adapters/${name}/later.js`
  let adapter: AuthAdapter

  beforeEach(() => {
    standing = halfDone
    vi.doMock(path, () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    adapter = (adapters[name] as () => AuthAdapter)()
  })

  afterEach(() => {
    vi.doUnmock(path)
    vi.resetModules()
  })

  it('HA-09 rejects as `network` while it cannot be fetched, and is fetched by the next call', async () => {
    const { mfa, signIn } = adapter
    await expect(mfa?.listFactors()).rejects.toMatchObject(failed)
    const away = { strategy: 'oauth_google', redirectUrl: 'https://app.example/back' } as const
    await expect(signIn.create(away)).rejects.toMatchObject(failed)
    standing = { session: null, attempt: null, secondFactors: [] }
    vi.doUnmock(path)
    await expect(mfa?.listFactors()).rejects.toMatchObject({ code: 'session_lost' })
  })

  it('leaves what is asked at once where it is: the offer, listening, and reading a refusal', () => {
    expect(adapter.capabilities.firstFactors).toHaveLength(3)
    expect(adapter.signIn.resetPassword).toBeTypeOf('function')
    expect(adapter.session.subscribe(() => {})).toBeTypeOf('function')
    expect(adapter.stepUp?.detect?.(new Error('403'))).toBeNull()
  })

  if (name !== 'better-auth') return

  it('HA-05 is found by `resume` where a password was taken and the second step did not come', async () => {
    const { signIn } = adapter
    await expect(signIn.create({ identifier: 'ada@example.com', password: 'p' })).rejects.toMatchObject(failed)
    vi.doUnmock(path)
    expect((await signIn.resume({})).attempt).toMatchObject({ identifier: 'ada@example.com', status: 'needs_second_factor' })
  })
})

describe('what comes later of workos', () => {
  const path = '../../src/adapters/workos/later.js'
  const cells = { attempt: { read: () => null, write: () => {} }, session: { read: () => null, write: () => {} } }
  const away = { strategy: 'oauth_google', redirectUrl: 'https://app.example/back' } as const
  const made = { url: 'https://provider.example/', state: 's', codeVerifier: 'v' }
  const client = { userManagement: { getAuthorizationUrlWithPKCE: async () => made } } as object as WorkOSClient

  it('HA-09 rejects as `network` while it cannot be fetched, and is fetched by the next call', async () => {
    vi.doMock(path, () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    const { signIn, mfa } = workosAdapter(client, { firstFactors: ['oauth_google'] })({ header: () => null, ...cells })
    await expect(signIn.create(away)).rejects.toMatchObject(failed)
    await expect(signIn.resume({ url: `${away.redirectUrl}?code=c&state=s` })).rejects.toMatchObject(failed)
    await expect(mfa?.enroll({ type: 'totp' })).rejects.toMatchObject(failed)
    expect(await signIn.resume({})).toEqual({ attempt: null })
    vi.doUnmock(path)
    expect(await signIn.create(away)).toMatchObject({ status: 'needs_redirect', redirectUrl: made.url })
    vi.resetModules()
  })
})
