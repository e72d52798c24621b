import type { Page } from '@playwright/test'
import { addPhone, beginBy, button, card, expect, field, nora, open, signIn, mia, test, type Server } from '../demo.js'

/** Whatever sends a message, and where it is asked for. */
const acts = {
  email_code: { path: '/', link: 'Email me a code instead', to: nora.email },
  email_link: { path: '/', link: 'Email me a link instead', to: nora.email },
  phone_code: { path: '/?by=phone', link: 'Text me a code instead', to: nora.phone },
  reset_password_email_code: { path: '/', link: 'Forgot your password?', to: nora.email },
  reset_password_phone_code: { path: '/?by=phone', link: 'Reset your password by text message', to: nora.phone },
}

/** All that the page had begun is done, and this many messages came in. */
async function delivered(page: Page, server: Server, count: number) {
  await page.waitForLoadState('networkidle')
  expect(await server.mailCount()).toBe(count)
}

async function backToStart(page: Page) {
  await expect(page.locator('html[dir]')).toBeAttached()
  await expect(card(page)).toBeVisible()
}

/** In one tick: the first click of a slower pair leads to another screen, where the second finds nothing. */
const clickTwice = (page: Page, name: string) =>
  button(page, name).evaluate((element: HTMLElement) => {
    element.click()
    element.click()
  })

/** By the browser's own buttons, of which the step's entry in its history knows. */
async function backAndForward(page: Page) {
  await page.evaluate(() => history.back())
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await page.evaluate(() => history.forward())
  await page.waitForFunction(() => (history.state as { latchkey?: unknown } | null)?.latchkey !== undefined)
}

for (const [strategy, { path, link, to }] of Object.entries(acts)) {
  test(`FC-05 OT-20 HA-13 ${strategy}: a double click sends one; Back, Forward and a reload send none`, async ({
    page,
    server,
  }) => {
    await open(page, path)
    await card(page).locator('input[name="username"]').fill(to)
    await clickTwice(page, link)
    await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
    await expect.poll(() => server.mailCount()).toBe(1)

    await backAndForward(page)
    await expect(card(page)).toHaveAttribute('data-step', 'start')
    await delivered(page, server, 1)

    await beginBy(page, link, to)
    await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
    await expect(card(page)).toContainText('is on its way')
    await expect.poll(() => server.mailCount()).toBe(2)
    await page.reload()
    await backToStart(page)
    await page.goto('/vault')
    await page.goBack()
    await backToStart(page)
    await page.goForward()
    await page.goBack()
    await backToStart(page)
    await delivered(page, server, 2)
  })
}

const number = '+15550106666'

for (const [strategy, person] of Object.entries({ email_code: mia, phone_code: nora })) {
  test(`FC-05 OT-20 HA-13 ${strategy} as the second factor: a double click sends one; Back, Forward and a reload send none`, async ({
    page,
    server,
  }) => {
    if (strategy === 'phone_code') await addPhone(page, server, number)
    const before = await server.mailCount()
    await open(page)
    await field(page, 'Email address').fill(person.email)
    await field(page, 'Password').fill(person.password)
    await clickTwice(page, 'Sign in')
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await expect.poll(() => server.mailCount()).toBe(before + 1)
    await page.reload()
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await delivered(page, server, before + 1)

    // Without the wait that is kept for a reload, it is the person's to send.
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await clickTwice(page, 'Send code')
    await expect(card(page)).toContainText('We sent a code to')
    await expect.poll(() => server.mailCount()).toBe(before + 2)
    await backAndForward(page)
    await page.reload()
    await backToStart(page)
    await delivered(page, server, before + 2)
  })
}

test('FC-05 OT-20 nothing is sent again by the page that the browser’s cache gives back', async ({ launch, server }) => {
  const page = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  // Chromium keeps no page that waits for a text message by itself; other browsers do not wait, and keep it.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'OTPCredential'))
  // A page that is just asking something is not kept, so it may take another go.
  const awayAndBack = () =>
    expect(async () => {
      await page.evaluate(() => {
        delete document.documentElement.dataset.restored
        addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.restored = String(persisted)))
      })
      await page.goto('/vault')
      await page.evaluate(() => void setTimeout(() => history.back()))
      await expect(page.locator('html')).toHaveAttribute('data-restored', 'true', { timeout: 3_000 })
    }).toPass({ timeout: 20_000 })
  let sent = 0
  let at = ''
  for (const { path, link, to } of Object.values(acts).toSorted((one, other) => one.path.localeCompare(other.path))) {
    // Past the limit on requests.
    await server.advance(61_000)
    if (path !== at) await open(page, (at = path))
    await beginBy(page, link, to)
    await expect(card(page)).toContainText('is on its way')
    await expect.poll(() => server.mailCount()).toBe(++sent)
    await awayAndBack()
    await button(page, 'Back to sign-in').click()
    expect(await server.mailCount()).toBe(sent)
  }
  await server.advance(61_000)
  await addPhone(page, server, number)
  sent += 1
  for (const person of [mia, nora]) {
    await open(page)
    await signIn(page, person)
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await expect.poll(() => server.mailCount()).toBe(++sent)
    await awayAndBack()
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await delivered(page, server, sent)
    await page.context().clearCookies()
  }
})
