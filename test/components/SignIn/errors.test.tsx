import { act, cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { AuthError, type AuthErrorCode } from '../../../src/core/AuthError.js'
import { attempt, sentinels } from '../../support/scriptedAdapter.js'
import {
  alertText,
  button,
  codeField,
  identifierField,
  passwordField,
  reachSecondFactor,
  renderSignIn,
  submitPassword,
} from '../../support/renderSignIn.js'

afterEach(() => {
  history.replaceState(null, '', '/')
})

/** What a person could notice: the markup, where the focus is, what is read out. */
const noticed = () => ({
  markup: document.body.innerHTML,
  focus: document.activeElement?.id,
  spoken: [...screen.getAllByRole('alert'), ...screen.getAllByRole('status')].map((region) => region.textContent),
})

const refusals: [string, AuthError][] = [
  ['unknown user', new AuthError('no_account', 'x', { field: 'identifier' })],
  ['locked', new AuthError('locked', 'x', { retryInMs: 60_000 })],
  ['disabled', new AuthError('blocked')],
  ['unconfirmed', new AuthError('blocked', 'Email not verified', { field: 'identifier' })],
  ['wrong password, tries told', new AuthError('invalid_credentials', 'x', { field: 'password', attemptsLeft: 2 })],
]

it.each(refusals)('SI-12 %s reads, looks and sounds like a wrong password', async (_, refusal) => {
  const seen = []
  for (const error of [new AuthError('invalid_credentials'), refusal]) {
    const page = renderSignIn()
    const create = await submitPassword(page)
    await act(() => create.reject(error))
    await waitFor(() => expect(alertText()).toBe('That sign-in did not work. Check your details and try again.'))
    seen.push(noticed())
    cleanup()
  }
  expect(seen[1]).toEqual(seen[0])
})

it.each(refusals)('SI-12 in the password step, %s reads like a wrong password', async (_, refusal) => {
  const seen = []
  for (const error of [new AuthError('invalid_credentials'), refusal]) {
    const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
    await user.type(identifierField(), 'ada@example.com{Enter}')
    await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
    await screen.findByLabelText('Password')
    await user.type(passwordField(), 'wrong{Enter}')
    await act(async () => (await fake.next('signIn.attemptFirstFactor')).reject(error))
    await waitFor(() => expect(alertText()).not.toBe(''))
    seen.push(noticed())
    cleanup()
  }
  expect(seen[1]).toEqual(seen[0])
})

it('SI-15 a refused password keeps the identifier, clears the password, and is told once, beside the field', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(identifierField()).toHaveValue('ada@example.com')
  expect(passwordField()).toHaveValue('')
  expect(screen.getAllByRole('alert')).toHaveLength(1)
  expect(passwordField()).toHaveAttribute('aria-invalid', 'true')
  expect(passwordField()).toHaveAccessibleDescription('That sign-in did not work. Check your details and try again.')
  expect(passwordField()).toHaveFocus()

  await page.user.type(passwordField(), 'a')
  expect(alertText()).toBe('')
  expect(passwordField()).not.toHaveAttribute('aria-invalid')
})

it('SI-15 in the password step too', async () => {
  const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  await user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  await user.type(passwordField(), 'wrong{Enter}')
  await act(async () => (await fake.next('signIn.attemptFirstFactor')).reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(screen.getByText('ada@example.com')).toBeVisible()
  expect(passwordField()).toHaveValue('')
  expect(passwordField()).toHaveAttribute('aria-invalid', 'true')
  expect(passwordField()).toHaveAccessibleDescription(/did not work/)
  expect(passwordField()).toHaveFocus()
})

it('SI-15 an identifier that is refused as such gets the focus and the error', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('identifier_invalid', 'x', { field: 'identifier' })))
  await waitFor(() => expect(identifierField()).toHaveAttribute('aria-invalid', 'true'))
  expect(identifierField()).toHaveFocus()
  expect(identifierField()).toHaveAccessibleDescription('Check this: it does not look right.')
  expect(passwordField()).not.toHaveAttribute('aria-invalid')
})

it.each(['rate_limited', 'unavailable', 'unknown'] as const)('SI-15 %s puts the focus where the error is told', async (code) => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError(code)))
  await waitFor(() => expect(alertText()).not.toBe(''))
  const focused = document.activeElement as HTMLElement
  expect(focused.getAttribute('aria-describedby')).toContain(screen.getByRole('alert').id)
})

it('SI-15 a lost connection keeps the identifier, and never a password', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page, 'not yet decided')
  await act(() => create.reject(new AuthError('network', 'x', { outcome: 'unknown' })))
  await waitFor(() => expect(alertText()).toContain('could not confirm'))
  expect(identifierField()).toHaveValue('ada@example.com')
  expect(passwordField()).toHaveValue('')
})

const payload = '<img src=x onerror="globalThis.injected = 1">'

it('SI-15 a lost connection clears the password of the password step too', async () => {
  const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  await user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  await user.type(passwordField(), 'not yet decided{Enter}')
  await act(async () => (await fake.next('signIn.attemptFirstFactor')).reject(new AuthError('network')))
  await waitFor(() => expect(alertText()).toContain('No connection'))
  expect(passwordField()).toHaveValue('')
})

it('SI-16 what the backend says of factors, sessions and errors is text', async () => {
  const page = renderSignIn()
  const supportedSecondFactors = [
    { id: 'email_code:1', strategy: 'email_code' as const, hint: payload, label: payload },
    { id: 'totp:1', strategy: 'totp' as const, hint: payload, label: payload },
  ]
  await reachSecondFactor(page, { supportedSecondFactors })
  await screen.findAllByRole('button', { name: /<img/ })
  expect(document.querySelector('img')).toBeNull()
  await page.user.click(button(/Code by email/))
  const prepare = await page.fake.next('signIn.prepareSecondFactor')
  await act(() => prepare.reject(new AuthError('send_failed', payload)))
  await waitFor(() => expect(alertText()).toBe('The code could not be sent. Try again, or use another way.'))
  expect(document.body).toHaveTextContent(payload)
  expect(document.querySelector('img')).toBeNull()
  expect(globalThis).not.toHaveProperty('injected')
})

it('SI-16 the key of a step that is not known is text', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.resolve(attempt({ status: 'unsupported', detail: payload })))
  expect(await screen.findByRole('heading', { name: 'This step is not supported here' })).toBeVisible()
  expect(document.body).toHaveTextContent(payload)
  expect(document.querySelector('img')).toBeNull()
})

it.each([
  ['an error of its own', new Error(payload)],
  ['an unknown code', new AuthError('__proto__' as never, payload)],
  ['a known code', new AuthError('unavailable', payload, { cause: payload, reasons: [payload] })],
])('SI-16 an adapter that rejects with %s shows none of its words', async (_, thrown) => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(thrown))
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(document.documentElement.outerHTML).not.toContain('onerror')
})

it("SI-16 words in the page's address are not shown", async () => {
  history.replaceState(null, '', '/?error=access_denied&error_description=Call+555-0100+now#error_description=Call+555-0100')
  const page = renderSignIn()
  expect(document.body).not.toHaveTextContent('555-0100')
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(document.body).not.toHaveTextContent('555-0100')
})

it('SI-23 no password or code is in the address, the history, the storage, the console, a message or an event', async () => {
  const told: unknown[] = []
  const spies = [
    vi.spyOn(history, 'pushState'),
    vi.spyOn(history, 'replaceState'),
    vi.spyOn(Storage.prototype, 'setItem'),
    vi.spyOn(globalThis, 'postMessage'),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
  ]
  const page = renderSignIn({ onEvent: (event) => told.push(event) })
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials', 'x', { cause: sentinels.password })))
  const again = await submitPassword(page)
  await act(() => again.resolve(attempt({ status: 'needs_second_factor' })))
  await page.user.type(await codeField(), sentinels.code)
  const verify = await page.fake.next('signIn.attemptSecondFactor')
  expect(verify.params).toMatchObject({ code: sentinels.code })
  await act(() => verify.reject(new AuthError('code_incorrect', 'x', { field: 'code', cause: sentinels.code })))
  await waitFor(() => expect(alertText()).not.toBe(''))

  const everything = JSON.stringify([
    told,
    spies.map((spy) => spy.mock.calls),
    location.href,
    history.state,
    { ...localStorage },
    { ...sessionStorage },
    document.cookie,
  ])
  expect(told).toContainEqual({ type: 'error', code: 'code_incorrect', step: 'second-factor' })
  expect(everything).not.toContain(sentinels.password)
  expect(everything).not.toContain(sentinels.code)
})

const wordings: [AuthErrorCode, string][] = [
  ['rate_limited', 'Too many requests. Wait a moment, then try again. Try again in 30 seconds.'],
  ['unavailable', 'The service does not answer. Wait a moment, then try again. Try again in 30 seconds.'],
]

it.each(wordings)('SI-15 %s tells the wait that the backend gives', async (code, text) => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError(code, 'x', { retryInMs: 30_000 })))
  await waitFor(() => expect(alertText()).toBe(text))
  expect(button('Sign in')).toBeEnabled()
})
