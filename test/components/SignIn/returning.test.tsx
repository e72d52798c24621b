import { act, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { session } from '../../support/scriptedAdapter.js'
import { alertText, button, identifierField, renderSignIn, rest } from '../../support/renderSignIn.js'

const here = (user?: { id: string; label?: string }) => ({
  answers: { 'session.get': () => session(user && { user }) },
})

it('a person already signed in is shown who that is, and goes on when they say so', async () => {
  const onComplete = vi.fn()
  const { user, fake } = renderSignIn({ script: here(), onComplete })
  expect(await screen.findByRole('heading', { name: 'You are signed in' })).toBeVisible()
  expect(screen.getByText(/You are already signed in as/)).toHaveTextContent('You are already signed in as Ada.')
  expect(document.querySelector('form')).toBeNull()
  await rest(20)
  expect(onComplete).not.toHaveBeenCalled()

  await user.click(button('Continue'))
  expect(onComplete).toHaveBeenCalledTimes(1)
  expect(onComplete).toHaveBeenCalledWith(session())
  expect(fake.count('signIn.create')).toBe(0)
})

it('or signs out, and can sign in as someone else', async () => {
  const { user, fake } = renderSignIn({ script: here() })
  await user.click(await screen.findByRole('button', { name: 'Sign out' }))
  const signOut = await fake.next('session.signOut')
  expect(identifierFieldGone()).toBe(true)
  await act(() => signOut.resolve())
  await waitFor(() => expect(identifierField()).toBeVisible())
  expect(fake.count('session.signOut')).toBe(1)
})

it('a sign-out that was refused says so and stays', async () => {
  const { user, fake } = renderSignIn({ script: here() })
  await user.click(await screen.findByRole('button', { name: 'Sign out' }))
  await act(async () => (await fake.next('session.signOut')).reject(new AuthError('unavailable')))
  await waitFor(() => expect(alertText()).toMatch(/does not answer/))
  expect(screen.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
})

it('a session without a name is still a session', async () => {
  renderSignIn({ script: here({ id: 'user_1' }) })
  expect(await screen.findByText(/You are already signed in as/)).toHaveTextContent('as this account.')
})

it('a session that is not whole yet is not taken for a sign-in', async () => {
  const { fake } = renderSignIn({ script: { answers: { 'session.get': () => session({ pending: 'second_factor' }) } } })
  await waitFor(() => expect(fake.count('signIn.resume')).toBeGreaterThan(0))
  await rest(20)
  expect(identifierField()).toBeVisible()
  expect(screen.queryByText(/You are already/)).toBeNull()
})

const identifierFieldGone = () => screen.queryByRole('textbox', { name: 'Email address' }) === null
