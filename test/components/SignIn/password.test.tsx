import { act, createEvent, fireEvent, screen, waitFor } from '@testing-library/react'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { attempt, sentinels, session } from '../../support/scriptedAdapter.js'
import { reachable } from '../../support/reachable.js'
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

/** As a browser or a password manager writes, past React and without a key. */
function writeNatively(field: HTMLInputElement, value: string) {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  set?.call(field, value)
}

it('SI-06 paste, drop, cut and context menu are stopped in no field', async () => {
  const page = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  const expectFree = () => {
    const fields = [...document.querySelectorAll('input')].filter((field) => field.getAttribute('aria-hidden') !== 'true')
    for (const field of fields) {
      for (const event of [
        createEvent.paste(field),
        createEvent.drop(field),
        createEvent.dragOver(field),
        createEvent.cut(field),
        createEvent.contextMenu(field),
      ]) {
        fireEvent(field, event)
        expect(event.defaultPrevented, `${event.type} in ${field.name}`).toBe(false)
      }
      expect(field.readOnly).toBe(false)
      fireEvent.focus(field)
      expect(field.readOnly).toBe(false)
    }
  }
  expectFree()
  await page.user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  expectFree()
  await page.user.type(passwordField(), 'pass{Enter}')
  await act(async () => (await page.fake.next('signIn.attemptFirstFactor')).resolve(attempt({ status: 'needs_second_factor' })))
  await codeField()
  expectFree()
  await page.user.click(button('Try another way'))
  await page.user.click(button(/Backup code/))
  await screen.findByRole('textbox', { name: 'Backup code' })
  expectFree()
})

it('SI-07 values written without an event are the values sent', async () => {
  const { fake, user } = renderSignIn()
  await user.type(identifierField(), 'old@example.com')
  writeNatively(identifierField(), 'ada@example.com')
  writeNatively(passwordField(), sentinels.password)
  await user.click(button('Sign in'))
  expect((await fake.next('signIn.create')).params).toEqual({ identifier: 'ada@example.com', password: sentinels.password })
})

it('SI-07 a code written without an event is the code sent', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  writeNatively(await codeField(), '123 456')
  await page.user.click(button('Verify'))
  const verify = await page.fake.next('signIn.attemptSecondFactor')
  expect(verify.params).toEqual({ factorId: 'totp:1', code: '123456' })
})

it('SI-08 the password is hidden until the toggle is pressed, and again on submit', async () => {
  const { fake, user } = renderSignIn()
  expect(passwordField()).toHaveAttribute('type', 'password')
  const toggle = button('Show password')
  expect(toggle).toHaveAttribute('type', 'button')
  await user.type(identifierField(), 'ada@example.com')
  await user.type(passwordField(), 'secret')

  await user.click(toggle)
  expect(passwordField()).toHaveAttribute('type', 'text')
  expect(passwordField()).toHaveFocus()
  expect(fake.count('signIn.create')).toBe(0)
  // The state is told once: by the name, so not by aria-pressed too.
  expect(button('Hide password')).toBe(toggle)
  expect(toggle).not.toHaveAttribute('aria-pressed')

  await user.click(button('Sign in'))
  await fake.next('signIn.create')
  expect(passwordField()).toHaveAttribute('type', 'password')
  expect(button('Show password')).toBe(toggle)
})

it('SI-08 the toggle works from the keyboard', async () => {
  const { user } = renderSignIn()
  await user.click(passwordField())
  await user.tab()
  expect(button('Show password')).toHaveFocus()
  await user.keyboard(' ')
  expect(passwordField()).toHaveAttribute('type', 'text')
  expect(button('Hide password')).toHaveFocus()
})

const odd = [
  ` ${'x'.repeat(200)} `,
  '   ',
  'Ünïcödé e\u0301 \u00e9',
  '👩‍👩‍👧‍👦 emoji 🗝️',
  '\u212B Å A\u030A',
  'ﬁ ligature ½',
  '\u00a0nbsp\u3000',
  'İstanbul ß ẞ',
]

it('SI-09 passwords reach the adapter as they were typed, whatever their length and characters', async () => {
  const { fake, user } = renderSignIn()
  expect(passwordField()).not.toHaveAttribute('maxlength')
  await user.type(identifierField(), 'ada@example.com')
  const send = async (password: string) => {
    fireEvent.change(passwordField(), { target: { value: password } })
    fireEvent.click(button('Sign in'))
    const create = await fake.next('signIn.create')
    expect(create.params).toEqual({ identifier: 'ada@example.com', password })
    await act(() => create.reject(new AuthError('invalid_credentials')))
    await waitFor(() => expect(alertText()).not.toBe(''))
  }
  for (const password of odd) await send(password)
  // A field's own rule takes line breaks out; half a surrogate pair is no text.
  const password = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }).filter((text) => !/[\r\n]/.test(text))
  await fc.assert(fc.asyncProperty(password, send), { numRuns: 25 })
}, 30_000)

it.each(odd)('SI-09 in the password step %j arrives as typed', async (password) => {
  const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  await user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  expect(passwordField()).not.toHaveAttribute('maxlength')
  fireEvent.change(passwordField(), { target: { value: password } })
  fireEvent.click(button('Continue'))
  expect((await fake.next('signIn.attemptFirstFactor')).params).toEqual({ factorId: 'password:1', password })
})

it('SI-21 the password is nowhere after a step change, success and unmount', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  expect(passwordField()).toHaveValue(sentinels.password)
  await act(() => create.resolve(attempt({ status: 'needs_second_factor' })))
  await codeField()
  expectGone(page)
  await page.user.type(await codeField(), '123456')
  await act(async () => (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' })))
  await act(async () => (await page.fake.next('signIn.finish')).resolve(session()))
  await screen.findByRole('heading', { name: 'You are signed in' })
  expectGone(page)
  page.unmount()
  expectGone(page)
})

it('SI-21 the password is nowhere once it was refused', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await act(() => create.reject(new AuthError('invalid_credentials')))
  await waitFor(() => expect(alertText()).not.toBe(''))
  await rest()
  expectGone(page)
})

function expectGone({ container }: { container: HTMLElement }) {
  expect([...document.querySelectorAll('input')].map((field) => field.value)).not.toContain(sentinels.password)
  expect(document.documentElement.outerHTML).not.toContain(sentinels.password)
  expect(JSON.stringify(history.state)).not.toContain(sentinels.password)
  // React's own tree: every prop, state, ref and hook value that is still held.
  expect(reachable(container, sentinels.password)).toEqual([])
}

it.each([
  ['first screen', {}, 'signIn.create'],
  ['password step', { capabilities: { firstFactorsPerUser: true } }, 'signIn.attemptFirstFactor'],
] as const)('SI-21 on the %s a refusal never stands beside the password', async (_, script, refused) => {
  const page = renderSignIn({ script })
  if (refused === 'signIn.attemptFirstFactor') {
    await page.user.type(identifierField(), 'ada@example.com{Enter}')
    await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
    await screen.findByLabelText('Password')
  } else await page.user.type(identifierField(), 'ada@example.com')
  await page.user.type(passwordField(), 'wrong{Enter}')
  const call = await page.fake.next(refused)
  const beside: string[] = []
  const watch = new MutationObserver(() => alertText() && beside.push(passwordField().value))
  watch.observe(document.body, { subtree: true, childList: true, characterData: true })
  // Not within `act`, which would hold the drawing back until everything has come to rest.
  const drawing = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  drawing.IS_REACT_ACT_ENVIRONMENT = false
  void call.reject(new AuthError('invalid_credentials'))
  await vi.waitFor(() => expect(alertText()).not.toBe(''))
  drawing.IS_REACT_ACT_ENVIRONMENT = true
  watch.disconnect()
  expect(beside.length).toBeGreaterThan(0)
  expect(new Set(beside)).toEqual(new Set(['']))
})
