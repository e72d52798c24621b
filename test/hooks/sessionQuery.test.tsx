import { dehydrate, QueryClient } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import '../../src/components/LaterSteps.js'
import { MfaGate } from '../../src/components/MfaGate.js'
import '../../src/components/SignInStep.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { button, codeField, identifierField, passwordField, rest } from '../support/renderSignIn.js'
import { userEvent } from '@testing-library/user-event'

const ada = { id: 'ada', email: 'ada@example.com', password: 'S3ntinel-password ☂ 7f1c', emailSecondFactor: true }

afterEach(() => vi.restoreAllMocks())

it('HA-12 a query client keeps no secret, no answer and nothing to persist of a sign-in', async () => {
  const query = vi.spyOn(QueryClient.prototype, 'query')
  const written = vi.spyOn(Storage.prototype, 'setItem')
  const backend = createMemoryBackend({ users: [ada] })
  const user = userEvent.setup()
  const { unmount } = render(
    <AuthProvider adapter={backend.adapter}>
      <MfaGate require="aal2">
        <p>the vault</p>
      </MfaGate>
    </AuthProvider>,
  )
  await screen.findByLabelText('Password')
  await user.type(identifierField(), ada.email)
  await user.type(passwordField(), ada.password)
  await user.click(button('Sign in'))
  await codeField()
  const code = backend.outbox.latest(ada.email)?.code ?? ''
  await user.type(await codeField(), code)
  expect(await screen.findByText('the vault')).toBeVisible()
  await rest(20)

  const clients = new Set(query.mock.contexts)
  expect(clients.size).toBe(1)
  const asked = JSON.stringify(query.mock.calls.map(([{ queryKey }]) => queryKey))
  const [client] = [...clients] as [QueryClient]
  const kept = () => JSON.stringify(dehydrate(client, { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true }))
  for (const secret of [ada.password, code, ada.email]) {
    expect(asked).not.toContain(secret)
    expect(kept()).not.toContain(secret)
    expect(JSON.stringify(written.mock.calls)).not.toContain(secret)
  }
  expect(client.getMutationCache().getAll()).toEqual([])
  expect(client.getQueryCache().getAll()).toEqual([])
  unmount()
})
