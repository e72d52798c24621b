import { act, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { attempt, session, totpOption, verification } from '../../support/scriptedAdapter.js'
import {
  alertText,
  button,
  codeField,
  identifierField,
  passwordField,
  reachEmailCode,
  reachSecondFactor,
  renderSignIn,
  rest,
  submitPassword,
} from '../../support/renderSignIn.js'

const email = { id: 'email_code:2', strategy: 'email_code' as const, hint: 'a•••@example.com' }

it('SI-31 a page that opens leaves the focus alone, unless it is asked to move it', () => {
  const plain = renderSignIn()
  expect(document.body).toHaveFocus()
  plain.unmount()
  renderSignIn({ autoFocus: true })
  expect(identifierField()).toHaveFocus()
})

it('SI-31 each step that the person takes begins with the focus in its field or on its heading', async () => {
  const page = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  const { fake, user } = page
  await user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await waitFor(() => expect(screen.getByLabelText('Password')).toHaveFocus())

  await user.type(passwordField(), 'pass{Enter}')
  const supportedSecondFactors = [totpOption, email]
  const second = attempt({ status: 'needs_second_factor', supportedSecondFactors })
  await act(async () => (await fake.next('signIn.attemptFirstFactor')).resolve(second))
  expect(await screen.findByRole('heading', { name: 'Confirm it is you' })).toHaveFocus()

  await user.click(button(/Code by email/))
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Check your messages' })).toHaveFocus())
  await act(async () => (await fake.next('signIn.prepareSecondFactor')).resolve(second))
  expect(await codeField()).toHaveFocus()

  await user.click(button('Try another way'))
  expect(screen.getByRole('heading', { name: 'Confirm it is you' })).toHaveFocus()
  await user.click(button(/Authenticator app/))
  expect(await codeField()).toHaveFocus()
  await user.type(await codeField(), '123456')
  await act(async () => (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' })))
  await act(async () => (await fake.next('signIn.finish')).resolve(session()))
  expect(await screen.findByRole('heading', { name: 'You are signed in' })).toHaveFocus()

  await user.click(button('Sign out'))
  await act(async () => (await fake.next('session.signOut')).resolve())
  await waitFor(() => expect(identifierField()).toHaveFocus())
})

it('SI-31 going back to the start puts the focus there', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  await codeField()
  await page.user.click(button('Back to sign-in'))
  await waitFor(() => expect(identifierField()).toHaveFocus())
  expect(identifierField()).toHaveValue('ada@example.com')
})

it('SI-31 an attempt that ends sends the person to the start with the reason, and the focus', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  await page.user.type(await codeField(), '123456')
  await act(async () => (await page.fake.next('signIn.attemptSecondFactor')).reject(new AuthError('too_many_attempts')))
  await act(async () => (await page.fake.next('signIn.reload')).reject(new AuthError('attempt_lost')))
  await waitFor(() => expect(alertText()).toBe('Too many tries. Please sign in again.'))
  expect(passwordField()).toHaveFocus()
  expect(screen.getAllByRole('alert')).toHaveLength(1)
})

it('SI-31 a session that turns up while the person types does not drop the focus', async () => {
  let found = () => {}
  const looked = new Promise<void>((resolve) => (found = resolve))
  const { user } = renderSignIn({ script: { answers: { 'session.get': () => looked.then(() => session()) } } })
  await user.type(identifierField(), 'ada')
  await act(() => Promise.resolve(found()))
  expect(await screen.findByRole('heading', { name: 'You are signed in' })).toHaveFocus()
})

it('SI-31 a session that turns up before anyone came leaves the focus alone', async () => {
  renderSignIn({ script: { answers: { 'session.get': () => session() } } })
  await screen.findByRole('heading', { name: 'You are signed in' })
  expect(document.body).toHaveFocus()
})

it('SI-31 TH-06 a step is announced by the focus alone: its live regions are there, empty', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  await codeField()
  await rest(20)
  for (const region of [...screen.getAllByRole('alert'), ...screen.getAllByRole('status')]) expect(region).toHaveTextContent('')
})

it('TH-06 every live region is in the page, empty, before it speaks, and says each thing once', async () => {
  const spoke: string[] = []
  const born: string[] = []
  const observer = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest('[role=alert], [role=status]')
      if (region?.textContent) spoke.push(region.textContent)
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue
        for (const fresh of node.querySelectorAll('[role=alert], [role=status]')) born.push(fresh.textContent ?? '')
      }
    }
  })
  observer.observe(document.body, { childList: true, characterData: true, subtree: true })

  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  await act(async () => (await submitPassword(page)).resolve(attempt({ status: 'needs_second_factor' })))
  await page.user.type(await codeField(), '111111')
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).reject(new AuthError('code_incorrect', 'x', { field: 'code' })),
  )
  await waitFor(() => expect(alertText()).not.toBe(''))
  await page.user.click(button('Back to sign-in'))
  await waitFor(() => expect(identifierField()).toBeVisible())
  await rest(20)
  observer.disconnect()

  expect(born.length).toBeGreaterThan(4)
  expect(born.filter(Boolean)).toEqual([])
  const errors = spoke.filter((text) => text !== 'Please wait…')
  expect(errors).toEqual([
    'That sign-in did not work. Check your details and try again.',
    'That code is not right. Check it and try again.',
  ])
})

it('TH-06 an error that comes with a new step is told after the step is there', async () => {
  const page = renderSignIn()
  const field = await reachEmailCode(page, verification())
  await page.user.type(field, '123456')
  const verify = await page.fake.next('signIn.attemptFirstFactor')
  await act(() => verify.reject(new AuthError('attempt_lost')))
  const regions: string[] = []
  const observer = new MutationObserver(() => regions.push(alertText() ?? ''))
  observer.observe(document.body, { childList: true, subtree: true })
  await act(async () => (await page.fake.next('signIn.reload')).reject(new AuthError('attempt_lost')))
  await waitFor(() => expect(alertText()).toMatch(/sign in again/))
  observer.disconnect()
  expect(regions[0]).toBe('')
})
