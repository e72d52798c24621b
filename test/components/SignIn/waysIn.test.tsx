import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { everyWay } from '../../support/everyWay.js'
import { alertText, button, codeField, identifierField, passwordField, renderSignIn } from '../../support/renderSignIn.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', phone: '+15550100' }
const open = () => createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada] })

afterEach(() => history.replaceState(null, '', '/'))

it('SI-10 SI-11 SI-14 a forgotten password is reset with a code and one field', async () => {
  const backend = open()
  const { user } = renderSignIn({ adapter: backend.adapter })
  await user.click(button('Forgot your password?'))
  await waitFor(() => expect(alertText()).toContain('Enter your email'))
  await user.type(identifierField(), ada.email)
  await user.click(button('Forgot your password?'))
  await codeField()
  await user.paste(backend.outbox.latest(ada.email)?.code ?? '')
  expect(await screen.findByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  expect(screen.getAllByLabelText(/password/i, { selector: 'input[type="password"]' })).toHaveLength(1)
  const field = screen.getByLabelText<HTMLInputElement>('New password')
  expect(field).toHaveAttribute('autocomplete', 'new-password')
  await user.type(field, ada.password)
  await user.click(button('Set password'))
  await waitFor(() => expect(alertText()).toContain('current password'))
  expect(field).toHaveValue('')
  await user.type(field, 'another horse battery')
  await user.click(button('Set password'))
  expect(await screen.findByRole('heading', { name: 'You are signed in' })).toBeVisible()
})

it('a mailed link is not followed before the person says so', async () => {
  const backend = open()
  const { user, unmount } = renderSignIn({ adapter: backend.adapter })
  await user.type(identifierField(), ada.email)
  await user.click(button('Email me a link instead'))
  expect(await screen.findByRole('heading', { name: 'Check your email' })).toBeVisible()
  expect(screen.getByText(/a•••@example\.com|a link is on its way/)).toBeVisible()
  const link = new URL(backend.outbox.latest(ada.email)?.link ?? '')
  expect(link.searchParams.get('latchkey')).toBe('link')
  unmount()

  history.replaceState(null, '', link.pathname + link.search)
  const opened = renderSignIn({ adapter: backend.connect({ browser: 'default' }) })
  expect(await screen.findByRole('heading', { name: 'Finish signing in' })).toBeVisible()
  expect(backend.calls.filter(({ verb }) => verb === 'signIn.resume').length).toBeLessThanOrEqual(1)
  await opened.user.click(button('Continue'))
  expect(await screen.findByRole('heading', { name: 'You are signed in' })).toBeVisible()
  expect(location.search).toBe('')
  opened.unmount()

  await backend.adapter.session.signOut()
  history.replaceState(null, '', link.pathname + link.search)
  const again = renderSignIn({ adapter: backend.connect({ browser: 'default' }) })
  await again.user.click(await screen.findByRole('button', { name: 'Continue' }))
  await waitFor(() => expect(alertText()).toBe('That link has expired or was already used. Ask for a new one.'))
})

it('SI-16 a provider’s refusal is told in our own words, and leaves the address', async () => {
  const backend = open()
  renderSignIn({ adapter: backend.adapter })
  expect(button('Continue with Google')).toBeVisible()
  const attempt = await backend.adapter.signIn.create({
    strategy: 'oauth_google',
    redirectUrl: `${location.origin}/?latchkey=return`,
  })
  const url = attempt.status === 'needs_redirect' ? attempt.redirectUrl : ''
  const back = new URL(backend.provider.answer(url, { denied: true }))
  back.searchParams.set('error_description', '<b>pwned</b>')
  history.replaceState(null, '', back.pathname + back.search)
  document.body.replaceChildren()
  renderSignIn({ adapter: backend.connect({ browser: 'default' }) })
  await waitFor(() => expect(alertText()).toBe('The sign-in was not completed. Try again.'))
  expect(document.body).not.toHaveTextContent('pwned')
  expect(location.search).not.toMatch(/error=|state=|latchkey/)
  expect(passwordField()).toBeVisible()
})
