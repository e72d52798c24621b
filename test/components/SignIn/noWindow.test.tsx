// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { everyWay } from '../../support/everyWay.js'

const doors = import.meta.glob([
  '../../../src/*.ts',
  '../../../src/{adapters,locales,server,testing}/**/index.ts',
  '../../../src/locales/*.ts',
])

// Node has one of these by now, and browsers’ own are absent.
vi.stubGlobal('navigator', undefined)
afterEach(() => vi.restoreAllMocks())

it('PK-01 every door is imported where there is no page', async () => {
  expect(typeof window).toBe('undefined')
  expect(Object.keys(doors).length).toBeGreaterThan(9)
  for (const load of Object.values(doors)) await load()
})

it('PK-01 a sign-in with passkeys and wallets is rendered where there is no page, and asks nobody', async () => {
  const { AuthProvider, SignIn } = await import('../../../src/index.js')
  const { createMemoryBackend } = await import('../../../src/adapters/memory/index.js')
  const backend = createMemoryBackend(everyWay)
  const html = renderToString(
    <AuthProvider adapter={backend.adapter}>
      <SignIn />
    </AuthProvider>,
  )
  expect(html).toContain('Use a passkey')
  expect(html).toContain('autoComplete="username webauthn"')
  expect(backend.calls).toEqual([])
})
