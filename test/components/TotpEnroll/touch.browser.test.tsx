import { afterEach, expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { cdp, page } from 'vitest/browser'
import { AuthProvider, TotpEnroll } from '../../../src/index.js'
import '../../../src/styles.css'
import { enrollment, scriptedAdapter } from '../../support/scriptedAdapter.js'

const isTouch = () => matchMedia('(pointer: coarse)').matches
const touch = (enabled: boolean) => cdp().send('Emulation.setTouchEmulationEnabled', { enabled })

afterEach(() => touch(false))

/** The ways to the app, from top to bottom as they stand on the screen. */
const ways = () =>
  [...document.querySelectorAll('[data-slot=card] :is(a[href^="otpauth:"], details, svg)')]
    .toSorted((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
    .map(({ localName }) => localName)

it.each([
  ['touch', true, 'Add it to your app', ['a', 'details', 'svg']],
  ['a mouse', false, 'Scan this code', ['svg', 'details', 'a']],
] as const)('TE-05 in a browser with %s what works on this device stands above the rest', async (_, enabled, title, order) => {
  await touch(enabled)
  expect(isTouch()).toBe(enabled)
  const { adapter } = scriptedAdapter({ answers: { 'mfa.enroll': () => enrollment(), 'mfa.abandon': () => undefined } })
  await render(
    <AuthProvider adapter={adapter}>
      <TotpEnroll />
    </AuthProvider>,
  )
  await page.getByRole('button', { name: 'Set up' }).click()
  await expect.element(page.getByRole('heading', { name: title })).toBeVisible()
  expect(ways()).toEqual(order)
  // Who cannot scan sees the key without asking for it.
  expect(document.querySelector('details')?.open).toBe(enabled)
  expect(document.querySelector('dd code')?.checkVisibility({ contentVisibilityAuto: true })).toBe(enabled)
})
