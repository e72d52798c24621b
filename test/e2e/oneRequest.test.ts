import { beginBy, button, card, codeField, expect, field, isSignedIn, mia, nora, open, signIn, test, theo } from './demo.js'

test('SI-18 HA-02 a double click signs in once', async ({ page, server }) => {
  await open(page)
  await field(page, 'Email address').fill(nora.email)
  await field(page, 'Password').fill(nora.password)
  await button(page, 'Sign in').dblclick()
  await isSignedIn(page, nora, 'aal1')
  expect(await server.count('POST /sign-in/email')).toBe(1)
})

test('SI-18 HA-02 Enter twice, and a click beside it, sign in once', async ({ page, server }) => {
  await open(page)
  await field(page, 'Email address').fill(nora.email)
  await field(page, 'Password').fill(nora.password)
  await page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('main form')
    form?.requestSubmit()
    form?.requestSubmit()
    form?.querySelector<HTMLElement>('button:not([type="button"])')?.click()
  })
  await page.keyboard.press('Enter')
  await isSignedIn(page, nora, 'aal1')
  expect(await server.count('POST /sign-in/email')).toBe(1)
})

test('OT-11 HA-02 a paste that submits itself, Enter and a click: one verify', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page)
  await signIn(page, theo)
  await expect(codeField(page)).toBeFocused()
  const code = await server.totp(theo.totpSecret)
  await page.evaluate((text) => navigator.clipboard.writeText(text), `${code.slice(0, 3)} ${code.slice(3)}`)
  await page.keyboard.press('Control+V')
  await page.keyboard.press('Enter')
  // On the button itself: what takes its place once the code is accepted is not to be clicked.
  await button(page, 'Verify')
    .evaluate(
      (element: HTMLElement) => {
        for (let i = 0; i < 2; i += 1) if (element.isConnected) element.click()
      },
      undefined,
      { timeout: 1000 },
    )
    .catch(() => undefined)
  await isSignedIn(page, theo, 'aal2')
  expect(await server.count('POST /two-factor/verify-totp')).toBe(1)
})

test('FC-05 OT-20 a code is sent once, and a reload, Back or another look sends none', async ({ page, server }) => {
  await open(page)
  await signIn(page, mia)
  await expect(codeField(page)).toBeVisible()
  await expect.poll(server.mailCount).toBe(1)
  await page.reload()
  await expect(card(page)).toBeVisible()
  await expect(page.locator('html[dir]')).toBeAttached()
  await page.waitForLoadState('networkidle')
  await expect.poll(server.mailCount).toBe(1)
  await page.goto('/vault')
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await page.goto('/')
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await page.waitForLoadState('networkidle')
  await expect.poll(server.mailCount).toBe(1)

  // Without the wait that is kept for a reload, the page has nothing to hold a send back but its manners.
  await page.evaluate(() => localStorage.clear())
  await page.goto('/')
  await expect(button(page, 'Send code')).toBeVisible()
  await page.waitForLoadState('networkidle')
  await expect.poll(server.mailCount).toBe(1)
  expect(await server.count('POST /two-factor/send-otp')).toBe(1)
  await button(page, 'Send code').click()
  await expect(codeField(page)).toBeFocused()
  await expect.poll(server.mailCount).toBe(2)

  // Back gives the attempt up, and asks for nothing.
  await page.evaluate(() => void setTimeout(() => history.back()))
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await page.waitForLoadState('networkidle')
  await expect.poll(server.mailCount).toBe(2)
})

test('FC-05 OT-20 a second click while a new code is asked for asks for no other @once', async ({ page, server }) => {
  await page.clock.install()
  await open(page)
  await beginBy(page, 'Email me a code instead', nora.email)
  await expect.poll(() => server.mailCount()).toBe(1)
  await page.clock.fastForward(31_000)
  await button(page, 'Send a new code').evaluate(async (element: HTMLElement) => {
    element.click()
    // The first request is on its way by then, and its answer is not.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
    element.click()
  })
  await expect(card(page)).toContainText('A new code is on its way.')
  expect(await server.count('POST /email-otp/send-verification-otp')).toBe(2)
  expect(await server.mailCount()).toBe(2)
})
