import { act, cleanup, fireEvent } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { button, identifierField, passwordField, renderSignIn, signedOut, strict } from '../../support/renderSignIn.js'

const complaints = vi.fn()
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(complaints)
})
afterEach(() => {
  vi.restoreAllMocks()
  complaints.mockReset()
  document.body.replaceChildren()
})

const page = (fake = signedOut()) =>
  strict(
    <AuthProvider adapter={fake.adapter}>
      <SignIn />
    </AuthProvider>,
  )

function served() {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(page())
  return container
}

it('SI-02 the form from the server posts, so that a submit without script writes nothing into the address', () => {
  const form = served().querySelector('form')
  expect(form).toHaveAttribute('method', 'post')
  expect(form?.method).toBe('post')
})

it('SI-04 names and ids from the server are those of the page, on every load', () => {
  const fields = (root: ParentNode) => [...root.querySelectorAll('input')].map(({ id, name, type }) => ({ id, name, type }))
  const [first, second] = [fields(served()), fields(served())]
  expect(first).toHaveLength(2)
  expect(second).toEqual(first)
  document.body.replaceChildren()
  renderSignIn()
  expect(fields(document)).toEqual(first)
  cleanup()
})

it('SI-07 what the browser filled in before the script came is what is sent', async () => {
  const fake = signedOut()
  const container = served()
  identifierField().value = 'ada@example.com'
  passwordField().value = 'filled early'
  complaints.mockClear()
  const root = await act(() => hydrateRoot(container, page(fake)))
  expect(complaints.mock.calls.filter(([text]) => /hydrat|did not match/i.test(String(text)))).toEqual([])
  expect(identifierField().value).toBe('ada@example.com')
  fireEvent.click(button('Sign in'))
  const create = await fake.next('signIn.create')
  expect(create.params).toEqual({ identifier: 'ada@example.com', password: 'filled early' })
  act(() => root.unmount())
})

it('SI-06 what is typed while the script comes is kept', async () => {
  const container = served()
  identifierField().value = 'early@example.com'
  const root = await act(() => hydrateRoot(container, page()))
  expect(identifierField()).toHaveValue('early@example.com')
  act(() => root.unmount())
})

it('serves no text of an alert or status, so that each is heard when it comes', () => {
  const container = served()
  for (const region of container.querySelectorAll('[role=alert], [role=status]')) expect(region.textContent).toBe('')
})
