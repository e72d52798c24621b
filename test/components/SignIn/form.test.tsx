import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { attempt, sentinels, session } from '../../support/scriptedAdapter.js'
import {
  button,
  codeField,
  identifierField,
  passwordField,
  reachEmailCode,
  reachSecondFactor,
  renderSignIn,
  submitPassword,
} from '../../support/renderSignIn.js'

const forms = () => document.querySelectorAll('form')
const visibleFields = () =>
  [...document.querySelectorAll('input')].filter((input) => input.getAttribute('aria-hidden') !== 'true')

function expectOneLabelledForm() {
  expect(forms()).toHaveLength(1)
  expect(visibleFields().length).toBeGreaterThan(0)
  for (const field of visibleFields()) {
    expect(field.form).toBe(forms()[0])
    expect([...(field.labels ?? [])].map((label) => label.textContent?.trim()).join()).not.toBe('')
  }
  expect(forms()[0]?.querySelectorAll('button[type=submit]')).toHaveLength(1)
}

it('SI-01 every step is one form with labelled fields and a submit button', async () => {
  const page = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  expectOneLabelledForm()

  await page.user.type(identifierField(), 'ada@example.com{Enter}')
  const create = await page.fake.next('signIn.create')
  expect(create.params).toEqual({ identifier: 'ada@example.com' })
  await act(() => create.resolve(attempt()))
  await screen.findByLabelText('Password')
  expectOneLabelledForm()

  await page.user.type(passwordField(), 'pass{Enter}')
  const first = await page.fake.next('signIn.attemptFirstFactor')
  await act(() => first.resolve(attempt({ status: 'needs_second_factor' })))
  await codeField()
  expectOneLabelledForm()

  await page.user.click(button('Try another way'))
  await page.user.click(button(/Backup code/))
  await screen.findByRole('textbox', { name: 'Backup code' })
  expectOneLabelledForm()
})

it.each([
  ['identifier', () => identifierField()],
  ['password', () => passwordField()],
])('SI-01 Enter in the %s field submits', async (_, field) => {
  const { fake, user } = renderSignIn()
  await user.type(identifierField(), 'ada@example.com')
  await user.type(passwordField(), 'secret')
  await user.type(field(), '{Enter}')
  expect((await fake.next('signIn.create')).params).toEqual({ identifier: 'ada@example.com', password: 'secret' })
})

it('SI-01 Enter in the code and backup code fields submits', async () => {
  const page = renderSignIn({ autoSubmit: false })
  await reachSecondFactor(page)
  await page.user.type(await codeField(), '123456{Enter}')
  const totp = await page.fake.next('signIn.attemptSecondFactor')
  expect(totp.params).toEqual({ factorId: 'totp:1', code: '123456' })
  await act(() => totp.resolve(attempt({ status: 'needs_second_factor' })))

  await page.user.click(button('Try another way'))
  await page.user.click(button(/Backup code/))
  await page.user.type(await screen.findByRole('textbox', { name: 'Backup code' }), 'abcd-1234{Enter}')
  expect((await page.fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: 'backup_code:1', code: 'abcd-1234' })
})

it('SI-03 the fields carry the autocomplete tokens that password managers look for', async () => {
  const page = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  expect(identifierField().autocomplete).toMatch(/^username( webauthn)?$/)
  await page.user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  expect(passwordField().autocomplete).toBe('current-password')
  await page.user.type(passwordField(), 'pass{Enter}')
  await act(async () => (await page.fake.next('signIn.attemptFirstFactor')).resolve(attempt({ status: 'needs_second_factor' })))
  expect((await codeField()).autocomplete).toBe('one-time-code')
})

it('SI-03 a password asked beside the identifier is the current one', () => {
  renderSignIn()
  expect(identifierField().autocomplete).toMatch(/^username( webauthn)?$/)
  expect(passwordField().autocomplete).toBe('current-password')
})

it('SI-04 names and ids are the same on every mount and begin with idPrefix; the identifier is left as typed', () => {
  const names = () => [...document.querySelectorAll('input')].map(({ id, name }) => ({ id, name }))
  const first = renderSignIn()
  const before = names()
  first.unmount()
  const second = renderSignIn()
  expect(names()).toEqual(before)
  expect(before).toEqual([
    { id: 'lk-identifier', name: 'username' },
    { id: 'lk-password', name: 'password' },
  ])
  expect(identifierField()).toHaveAttribute('autocapitalize', 'off')
  expect(identifierField()).toHaveAttribute('spellcheck', 'false')
  second.unmount()
  renderSignIn({ idPrefix: 'login' })
  expect(names().map(({ id }) => id)).toEqual(['login-identifier', 'login-password'])
})

it('SI-05 the password step keeps the identifier for password managers, shows it and lets it be changed', async () => {
  const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  await user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')

  const kept = passwordField().form?.elements.namedItem('username')
  expect(kept).toBeInstanceOf(HTMLInputElement)
  expect(kept).toMatchObject({ type: 'text', autocomplete: 'username', value: 'ada@example.com' })
  expect(kept).toHaveAttribute('tabindex', '-1')
  expect(screen.getByText('ada@example.com')).toBeVisible()

  await user.click(button('Use another account'))
  await act(async () => (await fake.next('signIn.cancel')).resolve())
  expect(await screen.findByRole('textbox', { name: 'Email address' })).toHaveValue('ada@example.com')
})

it('SI-22 the form is gone when sign-in is done', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.resolve(attempt({ status: 'complete' })))
  expect(forms()).toHaveLength(1)
  await act(async () => (await page.fake.next('signIn.finish')).resolve(session()))
  await screen.findByRole('heading', { name: 'You are signed in' })
  expect(forms()).toHaveLength(0)
  expect(document.body).not.toHaveTextContent(sentinels.password)
})

it('SI-17 an empty form can be submitted and says what is missing', async () => {
  const { fake, user } = renderSignIn()
  expect(button('Sign in')).toBeEnabled()
  expect(button('Sign in')).not.toHaveAttribute('aria-disabled')
  await user.click(button('Sign in'))
  expect(await screen.findByText('Enter your email, phone number or username.')).toHaveAttribute('role', 'alert')
  expect(identifierField()).toHaveFocus()
  await user.type(identifierField(), 'ada@example.com')
  await user.click(button('Sign in'))
  expect(await screen.findByText('Enter your password.')).toHaveAttribute('role', 'alert')
  expect(passwordField()).toHaveFocus()
  expect(fake.count('signIn.create')).toBe(0)
})

it('SI-02 every form posts', async () => {
  const page = renderSignIn()
  expect(forms()[0]).toHaveAttribute('method', 'post')
  await reachEmailCode(page)
  expect(forms()[0]).toHaveAttribute('method', 'post')
})
