import { render, screen, waitFor } from '@testing-library/react'
import { Profiler } from 'react'
import { expect, it, vi } from 'vitest'
import { Card } from '../../src/components/Card.js'
import { frameOf } from '../../src/components/Frame.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { rest, signedOut } from '../support/renderSignIn.js'

const { adapter } = signedOut()
const commits = vi.fn()
const card = (said: { error?: string; status?: string }) => (
  <AuthProvider adapter={adapter}>
    <Profiler id="card" onRender={commits}>
      <Card frame={frameOf({}, false)} step="start" title="A step" {...said} />
    </Profiler>
  </AuthProvider>
)

it.each(['error', 'status'] as const)('TH-06 a card that comes with its %s has the region empty first', async (kind) => {
  render(card({ [kind]: 'The words.' }))
  const region = screen.getByRole(kind === 'error' ? 'alert' : 'status')
  expect(region).toBeEmptyDOMElement()
  await waitFor(() => expect(region).toHaveTextContent('The words.'))
})

it('TH-06 what a card says later is there at once, with what else changes', () => {
  const { rerender } = render(card({}))
  rerender(card({ error: 'The words.' }))
  expect(screen.getByRole('alert')).toHaveTextContent('The words.')
})

it('a card with nothing to say is drawn once', async () => {
  commits.mockClear()
  render(card({}))
  await rest(20)
  expect(commits).toHaveBeenCalledTimes(1)
})
