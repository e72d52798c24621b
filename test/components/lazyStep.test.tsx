import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { Card } from '../../src/components/Card.js'
import { frameOf, type Frame } from '../../src/components/Frame.js'
import { lazyStep } from '../../src/components/lazyStep.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { button, signedOut } from '../support/renderSignIn.js'

const Step = ({ frame, name }: { frame: Frame; name: string }) => (
  <Card frame={frame} step="start" title="A step">
    <input aria-label={name} />
  </Card>
)

/** A step whose file fails to come as often as the list says so. */
function lazily(...arrives: boolean[]) {
  const load = vi.fn(() => (arrives.shift() === false ? Promise.reject(new Error('no chunk')) : Promise.resolve(Step)))
  const Lazy = lazyStep(load)
  const page = (
    <AuthProvider adapter={signedOut().adapter}>
      <input aria-label="beside" />
      <Lazy frame={frameOf({}, true)} name="field" />
    </AuthProvider>
  )
  return { load, Lazy, page }
}

it('a step whose file does not come says so, is tried again on a press, and loses nothing typed beside it', async () => {
  const { load, page } = lazily(false, false, false, false, true)
  render(page)
  fireEvent.change(screen.getByLabelText('beside'), { target: { value: 'typed' } })
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/did not load/))
  const tried = load.mock.calls.length

  const retry = button('Try again')
  retry.focus()
  fireEvent.click(retry)
  fireEvent.click(retry)
  expect(screen.getByRole('alert')).toHaveTextContent('')
  expect(button('Try again')).toHaveFocus()
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/did not load/))
  expect(button('Try again')).toHaveFocus()
  expect(load.mock.calls.length).toBeGreaterThan(tried)

  while (load.mock.calls.length < 5) {
    fireEvent.click(button('Try again'))
    await act(() => Promise.resolve())
  }
  await waitFor(() => expect(screen.getByLabelText('field')).toHaveFocus())
  expect(screen.getByLabelText('beside')).toHaveValue('typed')
})

it('a step that was fetched ahead is there at once', async () => {
  const { Lazy, page } = lazily(true)
  await Lazy.preload()
  render(page)
  expect(screen.getByLabelText('field')).toBeVisible()
})

it('fetching ahead may fail in silence', async () => {
  const { Lazy, page } = lazily(false, true)
  await Lazy.preload()
  render(page)
  expect(await screen.findByLabelText('field')).toBeVisible()
})
