import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { attempt } from '../../support/scriptedAdapter.js'
import {
  alertText,
  button,
  codeField,
  identifierField,
  passwordField,
  reachSecondFactor,
  renderSignIn,
  rest,
  submitPassword,
} from '../../support/renderSignIn.js'

async function filled() {
  const page = renderSignIn()
  await page.user.type(identifierField(), 'ada@example.com')
  await page.user.type(passwordField(), 'secret')
  return { ...page, form: document.querySelector('form') as HTMLFormElement }
}

it.each([
  ['a double click', (form: HTMLFormElement) => [fireEvent.click(button('Sign in')), fireEvent.click(button('Sign in')), form]],
  ['Enter twice', (form: HTMLFormElement) => [fireEvent.submit(form), fireEvent.submit(form)]],
  ['Enter and a click', (form: HTMLFormElement) => [fireEvent.submit(form), fireEvent.click(button('Sign in'))]],
])('SI-18 %s in one tick is one call', async (_, submitTwice) => {
  const { fake, form } = await filled()
  act(() => void submitTwice(form))
  await fake.next('signIn.create')
  await rest()
  expect(fake.count('signIn.create')).toBe(1)
})

it('SI-18 while a call is under way, more submits make no more calls', async () => {
  const { fake, form, user } = await filled()
  await user.click(button('Sign in'))
  const create = await fake.next('signIn.create')
  fireEvent.submit(form)
  await user.click(button('Sign in'))
  await user.type(passwordField(), '{Enter}')
  await rest()
  expect(fake.count('signIn.create')).toBe(1)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(fake.count('signIn.create')).toBe(1)
})

it('SI-18 a code that is completed and submitted in one tick is one call', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  const field = await codeField()
  act(() => {
    fireEvent.change(field, { target: { value: '123456' } })
    fireEvent.submit(field.form as HTMLFormElement)
    fireEvent.click(button('Verify'))
  })
  await page.fake.next('signIn.attemptSecondFactor')
  await rest()
  expect(page.fake.count('signIn.attemptSecondFactor')).toBe(1)
})

it('SI-17 waiting keeps the focus, marks the button and is told after a moment', async () => {
  const { fake, user } = await filled()
  await user.click(button('Sign in'))
  const create = await fake.next('signIn.create')
  expect(button('Sign in')).toHaveFocus()
  expect(button('Sign in')).toBeEnabled()
  expect(button('Sign in')).toHaveAttribute('aria-disabled', 'true')
  expect(screen.getByRole('status')).toHaveTextContent('')
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('Please wait…'))
  expect(button('Sign in')).toHaveFocus()
  await act(() => create.reject(new AuthError('unavailable')))
  await waitFor(() => expect(button('Sign in')).not.toHaveAttribute('aria-disabled'))
  expect(screen.getByRole('status')).toHaveTextContent('')
})

it('SI-17 waiting for a code to be checked keeps the focus in the field', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  const field = await codeField()
  await page.user.type(field, '123456')
  await page.fake.next('signIn.attemptSecondFactor')
  expect(field).toHaveFocus()
  expect(field).toBeEnabled()
  expect(button('Verify')).toHaveAttribute('aria-disabled', 'true')
})

it('OT-20 mounting, in StrictMode, sends nothing', async () => {
  const { fake, unmount } = renderSignIn()
  await rest(300)
  unmount()
  const sends = fake.calls.filter(({ verb }) => /create|prepare/.test(verb))
  expect(sends).toEqual([])
})

it('OT-20 an attempt that survived a reload sends nothing until the person asks', async () => {
  const standing = attempt({
    status: 'needs_second_factor',
    supportedSecondFactors: [{ id: 'email_code:2', strategy: 'email_code', hint: 'a•••@example.com' }],
  })
  const { fake, user } = renderSignIn({
    script: { capabilities: { survivesReload: 'browser' }, answers: { 'signIn.resume': () => ({ attempt: standing }) } },
  })
  const send = await screen.findByRole('button', { name: 'Send code' })
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  await rest(50)
  expect(fake.count('signIn.prepareSecondFactor')).toBe(0)

  await user.dblClick(send)
  const prepare = await fake.next('signIn.prepareSecondFactor')
  await act(() => prepare.resolve(standing))
  expect(await codeField()).toBeVisible()
  expect(fake.count('signIn.prepareSecondFactor')).toBe(1)
})

it('OT-20 a code that the person asked for is sent once', async () => {
  const { fake, user } = renderSignIn()
  await user.type(identifierField(), 'ada@example.com')
  await user.dblClick(button('Email me a code instead'))
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await act(async () => (await fake.next('signIn.prepareFirstFactor')).resolve(attempt()))
  await codeField()
  expect(fake.count('signIn.create')).toBe(1)
  expect(fake.count('signIn.prepareFirstFactor')).toBe(1)
})

it('SI-18 the password is sent as one call even when it is submitted again after the answer', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  // The field was cleared, so an impatient Enter finds nothing to send.
  await page.user.type(passwordField(), '{Enter}')
  await rest()
  expect(page.fake.count('signIn.create')).toBe(1)
})
