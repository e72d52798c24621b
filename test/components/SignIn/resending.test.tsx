import { act, fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { button } from '../../support/renderSignIn.js'
import { attempt, verification } from '../../support/scriptedAdapter.js'
import { asked, field, sent, sentWith, timer } from '../../support/sentCode.js'

async function resent(said: Parameters<typeof verification>[0] = {}) {
  const page = await sent({ resendInMs: 30_000, ...said })
  await page.time.pass(30_000)
  fireEvent.change(field(), { target: { value: '123' } })
  button('Send a new code').focus()
  fireEvent.click(button('Send a new code'))
  fireEvent.click(button('Send a new code'))
  await page.time.settle()
  return { ...page, prepare: await page.fake.next('signIn.prepareFirstFactor') }
}
const statuses = () => screen.getAllByRole('status').map((region) => region.textContent)

it('OT-19 one press is one send; its outcome is told, the field is cleared and has the focus', async () => {
  const { fake, time, prepare } = await resent()
  expect(fake.count('signIn.prepareFirstFactor')).toBe(2)
  await act(() => prepare.resolve(sentWith({ resendInMs: 30_000 })))
  await time.settle()
  expect(statuses()).toContain('A new code is on its way. Older codes no longer work.')
  expect(field()).toHaveValue('')
  expect(field()).toHaveFocus()
  expect(timer()).toBe('New code in 30 seconds')
})

it('OT-19 the third code is told as the second was', async () => {
  const { fake, time, prepare } = await resent()
  await act(() => prepare.resolve(sentWith({ resendInMs: 1_000 })))
  await time.pass(1_000)
  fireEvent.click(button('Send a new code'))
  await time.settle()
  expect(statuses()).not.toContain('A new code is on its way. Older codes no longer work.')
  await act(async () => (await fake.next('signIn.prepareFirstFactor')).resolve(sentWith()))
  expect(statuses()).toContain('A new code is on its way. Older codes no longer work.')
})

it('OT-19 a send whose answer was lost is told as such', async () => {
  const { time, prepare } = await resent()
  await act(() => prepare.reject(new AuthError('network', 'x', { outcome: 'unknown' })))
  await time.settle()
  expect(statuses().join()).toMatch(/may have been sent/)
  expect(statuses().join()).not.toMatch(/is on its way/)
  expect(field()).toHaveValue('')
})

it('OT-19 a late answer to the send before changes nothing', async () => {
  const { fake, time, prepare } = await asked({ timeoutMs: 5_000 })
  await time.pass(5_000)
  expect(document.body).toHaveTextContent(/may have been sent/)
  await time.pass(30_000)
  fireEvent.click(button('Send a new code'))
  await time.settle()
  const newer = await fake.next('signIn.prepareFirstFactor')
  await act(() => newer.resolve(sentWith({ resendInMs: 60_000 })))
  await time.settle()
  const before = document.body.innerHTML
  await act(() => prepare.resolve(attempt({ id: 'attempt_old', status: 'complete' })))
  await time.settle()
  expect(document.body.innerHTML).toBe(before)
  expect(fake.count('signIn.finish')).toBe(0)
})

it('OT-19 a late answer to the older code cannot sign in', async () => {
  const { fake, time } = await sent({ resendInMs: 1_000 }, { timeoutMs: 5_000 })
  fireEvent.change(field(), { target: { value: '111111' } })
  await time.settle()
  const older = await fake.next('signIn.attemptFirstFactor')
  await time.pass(5_000)
  await act(async () => (await fake.next('signIn.reload')).resolve(sentWith()))
  await time.settle()
  fireEvent.click(button('Send a new code'))
  await time.settle()
  await act(async () => (await fake.next('signIn.prepareFirstFactor')).resolve(sentWith()))
  await act(() => older.resolve(attempt({ status: 'complete' })))
  await time.settle()
  expect(field()).toBeVisible()
  expect(fake.count('signIn.finish')).toBe(0)
})

it('OT-19 an adapter that breaks its word and renames the attempt is not sent to again and again', async () => {
  const { fake, time, prepare } = await resent()
  await act(() => prepare.resolve(attempt({ id: 'attempt_2', firstFactorVerification: verification() })))
  await time.settle()
  expect(fake.count('signIn.prepareFirstFactor')).toBe(2)
})
