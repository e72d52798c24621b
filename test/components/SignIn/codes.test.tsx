import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError, type AuthErrorDetails, type AuthErrorCode } from '../../../src/core/AuthError.js'
import { attempt, sentinels, session, totpOption, verification } from '../../support/scriptedAdapter.js'
import {
  alertText,
  button,
  codeField,
  identifierField,
  reachEmailCode,
  reachSecondFactor,
  renderSignIn,
  rest,
} from '../../support/renderSignIn.js'

const second = () => attempt({ status: 'needs_second_factor' })

async function refused(code: AuthErrorCode, details: AuthErrorDetails = {}, typed = '123456') {
  const page = renderSignIn()
  await reachSecondFactor(page)
  const field = await codeField()
  await page.user.type(field, typed)
  const verify = await page.fake.next('signIn.attemptSecondFactor')
  await act(() => verify.reject(new AuthError(code, 'x', details)))
  return { ...page, field }
}

it('OT-12 what happens on the last digit is said beforehand, and the button is there all the same', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  const field = await codeField()
  expect(field).toHaveAccessibleDescription(/It is checked as soon as it is complete\./)
  expect(screen.getByText(/It is checked as soon as it is complete\./)).toBeVisible()
  expect(button('Verify')).toHaveAttribute('type', 'submit')
  await page.user.type(field, '12345')
  expect(page.fake.count('signIn.attemptSecondFactor')).toBe(0)
  await page.user.type(field, '6')
  expect((await page.fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: 'totp:1', code: '123456' })
})

it('OT-12 it can be turned off, and then nothing is said of it', async () => {
  const page = renderSignIn({ autoSubmit: false })
  await reachSecondFactor(page)
  const field = await codeField()
  expect(field).not.toHaveAccessibleDescription(/checked as soon as/)
  await page.user.type(field, '123456')
  await rest(20)
  expect(page.fake.count('signIn.attemptSecondFactor')).toBe(0)
  await page.user.click(button('Verify'))
  await page.fake.next('signIn.attemptSecondFactor')
})

it('OT-13 a wrong code is selected for typing over, told once, and not sent again by itself', async () => {
  const { fake, field, user } = await refused('code_incorrect', { field: 'code' })
  await waitFor(() => expect(alertText()).toBe('That code is not right. Check it and try again.'))
  expect(screen.getAllByRole('alert')).toHaveLength(1)
  expect(field).toHaveFocus()
  expect(field).toHaveAttribute('aria-invalid', 'true')
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 6])

  fireEvent.change(field, { target: { value: '12345' } })
  expect(alertText()).toBe('')
  expect(field).not.toHaveAttribute('aria-invalid', 'true')
  fireEvent.change(field, { target: { value: '123456' } })
  await rest(20)
  expect(fake.count('signIn.attemptSecondFactor')).toBe(1)

  await user.clear(field)
  await user.type(field, '654321')
  expect((await fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: 'totp:1', code: '654321' })
})

it('OT-13 the same wrong code twice is told twice', async () => {
  const { fake, user } = await refused('code_incorrect', { field: 'code' })
  await waitFor(() => expect(alertText()).not.toBe(''))
  const told: (string | null)[] = []
  const alert = screen.getByRole('alert')
  new MutationObserver(() => told.push(alert.textContent)).observe(alert, { childList: true, characterData: true, subtree: true })
  await user.click(button('Verify'))
  const verify = await fake.next('signIn.attemptSecondFactor')
  await act(() => verify.reject(new AuthError('code_incorrect', 'x', { field: 'code' })))
  await waitFor(() => expect(told.filter(Boolean)).toEqual(['That code is not right. Check it and try again.']))
  expect(told[0]).toBe('')
})

const table: [AuthErrorCode, AuthErrorDetails, string][] = [
  ['code_incorrect', { field: 'code' }, 'That code is not right. Check it and try again.'],
  ['code_incorrect', { field: 'code', attemptsLeft: 2 }, 'That code is not right. Check it and try again. 2 tries left.'],
  ['code_incorrect', { field: 'code', attemptsLeft: 1 }, 'That code is not right. Check it and try again. 1 try left.'],
  ['code_expired', { field: 'code' }, 'That code has expired. Send a new one.'],
  ['already_used', { field: 'code' }, 'That code was already used. Wait for the next one.'],
  ['rate_limited', {}, 'Too many requests. Wait a moment, then try again.'],
  ['rate_limited', { retryInMs: 30_000 }, 'Too many requests. Wait a moment, then try again. Try again in 30 seconds.'],
  ['unknown', {}, 'Something went wrong. Try again.'],
]

it.each(table)('OT-14 %s %j has its own words', async (code, details, text) => {
  await refused(code, details)
  await waitFor(() => expect(alertText()).toBe(text))
})

it('OT-14 all of them differ', () => {
  const plain = table.filter(([, { attemptsLeft, retryInMs }]) => attemptsLeft === undefined && retryInMs === undefined)
  expect(new Set(plain.map(([, , text]) => text)).size).toBe(plain.length)
})

it.each([
  ['network', { outcome: 'unknown' }],
  ['unavailable', { outcome: 'unknown' }],
] as const)('OT-14 %s keeps the code and says that it could not be confirmed, not that it was wrong', async (code, details) => {
  const { fake, field } = await refused(code, details)
  await act(async () => (await fake.next('signIn.reload')).resolve(second()))
  await waitFor(() => expect(alertText()).toMatch(/could not confirm/))
  expect(alertText()).not.toMatch(/not right|wrong/)
  expect(field).toHaveValue('123456')
  expect(field).not.toHaveAttribute('aria-invalid', 'true')
  expect(fake.count('signIn.attemptSecondFactor')).toBe(1)
})

it('OT-14 no tries are told that the backend did not tell', async () => {
  await refused('code_incorrect', { field: 'code' })
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(document.body).not.toHaveTextContent(/\d (try|tries) left/)
})

it('OT-22 the code is gone after success, after leaving, and when the page goes away', async () => {
  const page = renderSignIn({ autoSubmit: false })
  await reachSecondFactor(page)
  const field = await codeField()
  await page.user.type(field, sentinels.code)
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  expect(field).toHaveValue('')
  await rest()
  expect(document.body).not.toHaveTextContent(/9.?1.?8.?2.?7.?3/)
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(field).toHaveValue('')

  await page.user.type(field, sentinels.code)
  await page.user.click(button('Try another way'))
  await page.user.click(button(/Authenticator app/))
  expect(await codeField()).toHaveValue('')

  await page.user.type(await codeField(), sentinels.code)
  await page.user.click(button('Verify'))
  await act(async () => (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' })))
  await act(async () => (await page.fake.next('signIn.finish')).resolve(session()))
  await screen.findByRole('heading', { name: 'You are signed in' })
  expect(document.body.innerHTML).not.toContain(sentinels.code)
})

it('OT-27 after two wrong codes from the app, the clock is suggested; after one it is not', async () => {
  const { fake, field, user } = await refused('code_incorrect', { field: 'code' })
  await waitFor(() => expect(alertText()).not.toBe(''))
  expect(document.body).not.toHaveTextContent(/clock/)
  await user.clear(field)
  await user.type(field, '654321')
  await act(async () =>
    (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError('code_incorrect', 'x', { field: 'code' })),
  )
  await waitFor(() => expect(document.body).toHaveTextContent(/your device’s clock is right, then wait for the next code/))
  expect(button('Verify')).not.toHaveAttribute('aria-disabled')
})

it('OT-27 codes from messages do not depend on a clock', async () => {
  const page = renderSignIn()
  const field = await reachEmailCode(page)
  for (const code of ['111111', '222222', '333333']) {
    await page.user.clear(field)
    await page.user.type(field, code)
    await act(async () =>
      (await page.fake.next('signIn.attemptFirstFactor')).reject(new AuthError('code_incorrect', 'x', { field: 'code' })),
    )
    await waitFor(() => expect(alertText()).not.toBe(''))
  }
  expect(document.body).not.toHaveTextContent(/clock/)
})

it('OT-28 in a step-up a used code is explained', async () => {
  const stepUp = () => attempt({ status: 'needs_second_factor', purpose: 'step_up', supportedSecondFactors: [totpOption] })
  const { fake, user } = renderSignIn({
    script: {
      capabilities: { survivesReload: 'browser' },
      answers: { 'signIn.resume': () => ({ attempt: stepUp() }) },
    },
  })
  const field = await codeField()
  await user.type(field, '123456')
  await act(async () =>
    (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError('already_used', 'x', { field: 'code' })),
  )
  await waitFor(() => expect(alertText()).toBe('That code was already used. Wait for the next one.'))
  expect(field).toHaveFocus()
  expect(screen.queryByRole('checkbox')).toBeNull()
})

it('OT-16 an entry screen for an app has no time limit, whatever the backend says of its challenge', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page, { secondFactorVerification: verification({ factorId: 'totp:1', expiresInMs: 1 }) })
  const field = await codeField()
  await page.user.type(field, '12345')
  await rest(30)
  expect(alertText()).toBe('')
  expect(field).toHaveValue('12345')
  expect(field).toBeVisible()
})

it('the first screen is back, with the identifier, when the attempt is lost', async () => {
  const { fake } = await refused('attempt_lost')
  const reload = await fake.next('signIn.reload')
  await act(() => reload.reject(new AuthError('attempt_lost')))
  await waitFor(() => expect(identifierField()).toHaveValue('ada@example.com'))
  await waitFor(() => expect(alertText()).toBe('We could not confirm this sign-in, or it took too long. Please sign in again.'))
})
