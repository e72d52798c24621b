import type { Page } from '@playwright/test'
import {
  addTotp,
  beginBy,
  button,
  card,
  codeField,
  expect,
  field,
  isSignedIn,
  nora,
  open,
  readQrCode,
  secretIn,
  setUpTotp,
  signIn,
  signInWithTotp,
  storeCodes,
  test,
  theo,
} from './demo.js'

const marker = 'Only for people with two factors.'

/** To the QR code, and what is in it. */
async function toQrCode(page: Page) {
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await page.getByRole('link', { name: 'Account' }).click()
  const qr = await addTotp(page)
  return { qr, uri: (await page.locator('a[href^="otpauth:"]').getAttribute('href')) ?? '' }
}

test('SI-02 a submit before any script ran puts nothing into the address', { tag: '@once' }, async ({ page }) => {
  await page.route('**/assets/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await page.goto('/')
  await field(page, 'Email address').fill(nora.email)
  await field(page, 'Password').fill(nora.password)
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.isNavigationRequest()),
    field(page, 'Password').press('Enter'),
  ])
  expect(request.method()).toBe('POST')
  await page.waitForLoadState()
  expect(new URL(page.url()).search).toBe('')
})

test('SI-07 what was filled before any script ran is what is submitted', async ({ page, server }) => {
  const go: (() => void)[] = []
  const released = new Promise<void>((resolve) => go.push(resolve))
  await page.route('**/assets/*.js', async (route) => {
    await released
    await route.continue()
  })
  await page.goto('/', { waitUntil: 'commit' })
  await field(page, 'Password').waitFor()
  await page.evaluate(({ email, password }) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    set?.call(document.querySelector('input[name="username"]'), email)
    set?.call(document.querySelector('input[name="password"]'), password)
  }, nora)
  for (const release of go) release()
  await expect(page.locator('html[dir]')).toBeAttached()
  await expect(field(page, 'Email address')).toHaveValue(nora.email)
  await button(page, 'Sign in').click()
  await isSignedIn(page, nora, 'aal1')
  expect(await server.count('POST /sign-in/email')).toBe(1)
})

test('SI-07 what a password manager sets without an event is what is submitted', { tag: '@once' }, async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Fill in Nora' }).click()
  await button(page, 'Sign in').click()
  await isSignedIn(page, nora, 'aal1')
})

test(
  'SI-03 Chromium says what it misses in a form, and misses nothing in any step',
  { tag: '@once' },
  async ({ launch, server, baseURL }) => {
    // The whole browser: a headless shell knows no password manager, and remarks nothing.
    const page = await launch({})
    // That this would be heard is shown first, on a page that is not the kit's.
    const other = await page.context().browser()?.newPage()
    const heard: string[] = []
    other?.on('console', (message) => heard.push(message.text()))
    await other?.route('**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<form><input name="a"><input type="password"></form>' }),
    )
    await other?.goto(`${baseURL}/form`)
    await expect.poll(() => heard.some((text) => text.startsWith('[DOM]'))).toBe(true)
    await other?.close()
    const remarks: string[] = []
    page.on('console', (message) => message.text().startsWith('[DOM]') && remarks.push(message.text()))

    await open(page)
    await signIn(page, theo)
    await button(page, 'Try another way').click()
    await button(page, 'Backup code').click()
    await button(page, 'Try another way').click()
    await button(page, 'Authenticator app').click()
    await signInWithTotp(page, server)
    await isSignedIn(page, theo, 'aal2')
    await page.getByRole('link', { name: 'Account' }).click()
    await button(page, 'Make new backup codes').click()
    await expect(field(page, 'Your password')).toBeVisible()
    await button(page, 'Cancel').click()
    await button(page, 'Remove Authenticator app').click()
    await expect(page.getByRole('dialog').getByLabel('Your password')).toBeVisible()
    await page.getByRole('button', { name: 'Keep it' }).click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect(page.locator('.badge')).toHaveCount(0)

    await open(page)
    await beginBy(page, 'Forgot your password?', nora.email)
    await codeField(page).fill(await server.mailed(nora.email))
    await expect(field(page, 'New password')).toBeVisible()
    await open(page, '/?by=phone')
    await expect(button(page, 'Sign in')).toBeVisible()
    await toQrCode(page)
    await open(page, '/account')
    await button(page, 'Add a phone number').click()
    await expect(field(page, 'Your password')).toBeVisible()
    expect(remarks).toEqual([])
  },
)

test('SI-23 OT-22 TE-09 TE-17 TH-12 TH-13 TH-14 HA-11 no secret in an address, history, storage, message, console or foreign request', async ({
  page,
  server,
  seen,
}) => {
  const { uri } = await toQrCode(page)
  const secret = secretIn(uri)
  seen.setupKey(secret, uri)
  const code = await server.totp(secret)
  seen.secret(code)
  await codeField(page).fill(code)
  await expect(card(page)).toHaveAttribute('data-step', 'backup-codes')
  expect(await page.content()).not.toContain(secret)
  seen.secret(...(await storeCodes(page)))
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await server.advance(30_000)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, nora)
  const again = await server.totp(secret)
  seen.secret(again)
  await signInWithTotp(page, server, secret)
  await isSignedIn(page, nora, 'aal2')
  await page.reload()
  await isSignedIn(page, nora, 'aal2')
  for (const leftOver of [nora.password, secret, code, again])
    expect(await page.evaluate(() => [...document.querySelectorAll('input')].map(({ value }) => value))).not.toContain(leftOver)
})

test(
  'TE-04 the QR code is read off the screen: light, dark, in forced colours and in print',
  { tag: '@once' },
  async ({ page }) => {
    const { qr, uri } = await toQrCode(page)
    for (const look of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'dark', forcedColors: 'active' },
      { colorScheme: 'light', forcedColors: 'none', media: 'print' },
    ] as const) {
      await page.emulateMedia(look)
      await expect.poll(() => readQrCode(qr), JSON.stringify(look)).toBe(uri)
    }
  },
)

test('TE-18 OT-22 the page that comes back from the browser’s cache shows neither QR code nor key nor code', async ({
  launch,
}) => {
  const page = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  // A gate around it would hide that it forgets by itself.
  await open(page, '/enroll')
  await setUpTotp(page)
  const uri = (await page.locator('a[href^="otpauth:"]').getAttribute('href')) ?? ''
  await codeField(page).pressSequentially('123')
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.restored = String(persisted)))
  })
  await page.goto('/vault')
  // Playwright's own goBack waits for a load, and a page that was kept does not load.
  await page.evaluate(() => void setTimeout(() => history.back()))
  await expect(page.locator('html')).toHaveAttribute('data-restored', 'true')
  await expect(page.locator('[data-slot="qr"]')).toHaveCount(0)
  await expect(button(page, 'Set up')).toBeVisible()
  expect(await page.content()).not.toContain(secretIn(uri))
  expect(await page.evaluate(() => [...document.querySelectorAll('input')].map(({ value }) => value).join())).not.toContain('123')
})

test('MG-01 MG-02 nothing protected is ever in the page of whoever may not see it', async ({ page, server, request }) => {
  await page.addInitScript((text) => {
    const seen = ((window as unknown as { markers: string[] }).markers = [] as string[])
    const look = () => {
      if (document.documentElement?.outerHTML.includes(text) || document.querySelector('.vault')) seen.push(location.pathname)
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  }, marker)
  const markers = () => page.evaluate(() => (window as unknown as { markers: string[] }).markers)

  expect(await (await request.get('/vault')).text()).not.toContain(marker)
  await open(page, '/vault')
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  expect(await markers()).toEqual([])

  await signIn(page, nora)
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')
  expect(await markers()).toEqual([])
  await open(page, '/vault')
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')
  expect(await markers()).toEqual([])
  expect(await server.count('GET /api/protected')).toBe(0)
  // The gate is a courtesy; the server says no by itself.
  expect(await page.evaluate(async () => (await fetch('/api/protected')).status)).toBe(403)

  // That the observer would have seen it.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await expect(page.locator('main')).toContainText(marker)
  expect(await markers()).not.toEqual([])
})

test('MG-03 a session that cannot be read keeps the gate closed', { tag: '@once' }, async ({ page, server }) => {
  await open(page)
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')
  await page.route('**/api/auth/latchkey/state', (route) => route.fulfill({ status: 200, body: '<p>Welcome to the hotel</p>' }))
  await page.goto('/vault')
  await expect(page.locator('main')).toContainText('We could not check your session')
  await expect(page.locator('main')).not.toContainText(marker)
  await page.unroute('**/api/auth/latchkey/state')
  await button(page, 'Try again').click()
  await expect(page.locator('main')).toContainText(marker)
})

test('MG-08 a page that the browser’s cache gives back after a sign-out shows nothing protected, offline neither', async ({
  launch,
  server,
}) => {
  const page = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  await open(page)
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')
  const factors = page.locator('[data-slot="factors"]')
  // Told by the page itself, at the moment it is given back.
  const listen = () =>
    page.evaluate((text) => {
      addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return
        const shown = document.body.textContent.includes(text) || document.querySelector('[data-slot="factors"], .panel')
        document.documentElement.dataset.restored = `${location.pathname} ${shown ? 'open' : 'closed'}`
      })
    }, marker)
  await open(page, '/vault')
  await expect(page.getByText(marker)).toBeVisible()
  await listen()
  await open(page, '/account')
  await expect(factors).toBeVisible()
  await listen()
  await page.goto('/')
  await button(page, 'Sign out').click()
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await page.context().setOffline(true)
  for (const path of ['/account', '/vault']) {
    await page.evaluate(() => void setTimeout(() => history.back()))
    await expect(page.locator('html')).toHaveAttribute('data-restored', `${path} closed`)
    await expect(page.locator('main')).not.toContainText(marker)
    await expect(factors).toHaveCount(0)
  }
  await expect(card(page)).toHaveAttribute('data-step', 'error')
  await page.context().setOffline(false)
  await expect(card(page)).toHaveAttribute('data-step', 'start')
})
