import { act, fireEvent, screen } from '@testing-library/react'
import { fakeTime } from './fakeTime.js'
import { button, identifierField, renderSignIn, type SignInSetup } from './renderSignIn.js'
import { attempt, verification } from './scriptedAdapter.js'

export const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Code' })
export const timer = () => screen.queryByRole('timer')?.textContent ?? null
export const resend = () => screen.queryByRole('button', { name: 'Send a new code' })
export const sentWith = (said: Parameters<typeof verification>[0] = {}) =>
  attempt({ firstFactorVerification: verification(said) })

/** As far as a code that is being sent, with the clocks stopped. */
export async function asked(setup: SignInSetup = {}) {
  const time = fakeTime()
  const page = renderSignIn(setup)
  await time.settle()
  fireEvent.change(identifierField(), { target: { value: 'ada@example.com' } })
  fireEvent.click(button('Email me a code instead'))
  await time.settle()
  await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
  await time.settle()
  return { ...page, time, prepare: await page.fake.next('signIn.prepareFirstFactor') }
}

/** As far as a code that was sent, with the clocks stopped. */
export async function sent(said: Parameters<typeof verification>[0] = {}, setup: SignInSetup = {}) {
  const page = await asked(setup)
  await act(() => page.prepare.resolve(sentWith(said)))
  await page.time.pass(1)
  return page
}
