import type { Page } from '@playwright/test'
import { stranger } from '../../../demo/users.js'
import {
  alert,
  beginBy,
  button,
  card,
  codeField,
  expect,
  isSignedIn,
  ivy,
  nora,
  open,
  sam,
  test,
  theo,
  type Server,
} from '../demo.js'

const lost = 'We could not confirm this sign-in, or it took too long. Please sign in again.'
const notCompleted = 'The sign-in was not completed. Try again.'

interface Way {
  /** What its page calls it. */
  readonly name: string
  readonly link: string
  readonly person: { readonly email: string; readonly name: string }
  /** By whose address the company is found. */
  readonly typed?: string
}

const acme: Way = { name: 'Acme ID', link: 'Continue with Acme', person: nora }
const initech: Way = { name: 'Initech ID', link: 'Use your company sign-in', person: ivy, typed: ivy.email }
const globex: Way = { name: 'Globex ID', link: 'Use your company sign-in', person: sam, typed: sam.email }
const ways = { oauth: acme, 'enterprise_sso by OpenID': initech, 'enterprise_sso by SAML': globex }

async function leave(page: Page, way: Way, path = '/') {
  await open(page, path)
  await go(page, way)
}

async function go(page: Page, { link, name, typed }: Way) {
  await beginBy(page, link, typed)
  await expect(page.getByRole('heading', { name: `Sign in to ${name}` })).toBeVisible()
}

async function come(page: Page, { name }: Way, email: string) {
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // SAML is posted back, by the person.
  if (name === globex.name) await page.getByRole('button', { name: 'Continue' }).click()
}

for (const [strategy, way] of Object.entries(ways)) {
  test(`SI-24 ${strategy}: there and back, to a session and a clean address`, async ({ page, server }) => {
    await leave(page, way)
    await come(page, way, way.person.email)
    await isSignedIn(page, way.person, 'aal1')
    await expect(page).toHaveURL(`http://localhost:${server.port}/`)
    await page.reload()
    await isSignedIn(page, way.person, 'aal1')
    await expect(card(page)).toHaveAttribute('data-step', 'complete')
    await expect(alert(page)).toBeEmpty()
  })
}

test('oauth: a person whom the provider does not know stays there; who took too long is told there, and begins again', async ({
  page,
  server,
}) => {
  await leave(page, acme)
  await come(page, acme, 'nobody@example.com')
  await expect(page.getByRole('alert')).toHaveText('Nobody here has this address.')
  await server.advance(11 * 60_000)
  await come(page, acme, nora.email)
  await expect(page.getByRole('heading')).toHaveText('Acme ID cannot go on')
  await leave(page, acme)
  await come(page, acme, nora.email)
  await isSignedIn(page, nora, 'aal1')
})

test('enterprise_sso by SAML: an answer that comes too late signs nobody in, and it can be begun again', async ({
  page,
  server,
}) => {
  await leave(page, globex)
  await server.advance(11 * 60_000)
  await come(page, globex, sam.email)
  await expect(alert(page)).toHaveText(notCompleted)
  await expect(page.locator('.badge')).toHaveCount(0)
  await leave(page, globex)
  await come(page, globex, sam.email)
  await isSignedIn(page, sam, 'aal1')
})

/** The way back from a provider takes so long. Not by `route`, which does not see where a redirect leads. */
async function dawdle(page: Page, server: Server, path: string, ms: number) {
  const browser = await page.context().newCDPSession(page)
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: `*/api/auth/${path}*` }] })
  browser.on('Fetch.requestPaused', ({ requestId }) => {
    void server.advance(ms).then(() => browser.send('Fetch.continueRequest', { requestId }))
  })
  return () => browser.send('Fetch.disable')
}

for (const [strategy, { way, path }] of Object.entries({
  oauth: { way: acme, path: 'callback/acme' },
  'enterprise_sso by OpenID': { way: initech, path: 'sso/callback/initech' },
})) {
  test(`SI-24 ${strategy}: whoever comes back too late is signed in by nobody, told so, and begins again`, async ({
    page,
    server,
  }) => {
    await leave(page, way)
    const hurry = await dawdle(page, server, path, 11 * 60_000)
    await come(page, way, way.person.email)
    await expect(alert(page)).toHaveText(lost)
    await expect(card(page)).toHaveAttribute('data-step', 'start')
    await expect(page).toHaveURL(`http://localhost:${server.port}/`)
    await expect(page.locator('.badge')).toHaveCount(0)
    expect(await server.count(`GET /${path}`)).toBe(1)
    await hurry()
    await go(page, way)
    await come(page, way, way.person.email)
    await isSignedIn(page, way.person, 'aal1')
  })
}

for (const [strategy, way] of Object.entries({ oauth: acme, 'enterprise_sso by OpenID': initech })) {
  test(`SI-16 ${strategy}: a denial is told in the kit's words`, async ({ page }) => {
    await leave(page, way)
    await page.getByRole('button', { name: 'Deny' }).click()
    await expect(alert(page)).toHaveText(notCompleted)
    await expect(card(page)).toHaveAttribute('data-step', 'start')
    expect(new URL(page.url()).search).toBe('')
    await expect(page.locator('body')).not.toContainText('did not want')
  })

  test(`SI-24 ${strategy}: a broken state signs nobody in`, async ({ page, server }) => {
    // The provider gives back what it was given.
    await page.route(/127\.0\.0\.1.*[?&]state=/, async (route) => {
      const url = new URL(route.request().url())
      url.searchParams.set('state', 'made-up')
      await route.continue({ url: url.href })
    })
    await leave(page, way)
    await come(page, way, way.person.email)
    await expect(alert(page)).toHaveText(lost)
    expect(new URL(page.url()).origin).toBe(`http://localhost:${server.port}`)
    await expect(page.locator('.badge')).toHaveCount(0)
  })
}

test('SI-24 enterprise_sso by SAML: a broken state, and an answer that was changed, sign nobody in', async ({ page, server }) => {
  for (const [name, told] of Object.entries({ RelayState: lost, SAMLResponse: notCompleted })) {
    await leave(page, globex)
    await page.getByLabel('Email address').fill(sam.email)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator(`input[name="${name}"]`).evaluate((input: HTMLInputElement) => {
      input.value = `${input.value.slice(0, 40)}AAAA${input.value.slice(44)}`
    })
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(alert(page)).toHaveText(told)
    await expect(page).toHaveURL(`http://localhost:${server.port}/`)
    await expect(page.locator('.badge')).toHaveCount(0)
  }
})

test('oauth: whoever has no account here is told so, and gets none', async ({ page }) => {
  await leave(page, acme)
  await come(page, acme, stranger.email)
  await expect(alert(page)).toHaveText('There is no account for this yet.')
  await expect(page.locator('.badge')).toHaveCount(0)
})

test('oauth: the second factor follows, also over a reload', async ({ page, server }) => {
  await leave(page, acme)
  await come(page, acme, theo.email)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await page.reload()
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await isSignedIn(page, theo, 'aal2')
})

test('oauth: a provider is left for, from the vault, and leads back to it', async ({ page }) => {
  await leave(page, acme, '/vault')
  await come(page, acme, nora.email)
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')
  expect(new URL(page.url()).pathname).toBe('/vault')
})

test('SI-15 enterprise_sso: an address of no company is told, and the address kept', async ({ page }) => {
  await open(page)
  await beginBy(page, 'Use your company sign-in', nora.email)
  await expect(alert(page)).toHaveText('No company sign-in is set up for this address.')
  await expect(card(page).locator('input[name="username"]')).toHaveValue(nora.email)
  await expect(button(page, 'Sign in')).toBeVisible()
})

test('Back from the provider, before anything was done there, leads to a first screen that works', async ({ page }) => {
  await leave(page, acme)
  await page.goBack()
  await expect(page.locator('html[dir]')).toBeAttached()
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await go(page, acme)
  await come(page, acme, nora.email)
  await isSignedIn(page, nora, 'aal1')
})

test('SI-19 too many tries of a provider, a company or a link are told with their wait', async ({ page, server }) => {
  const limited = {
    'sign-in/social': [acme.link],
    'sign-in/sso': [initech.link, ivy.email],
    'sign-in/magic-link': ['Email me a link instead', nora.email],
  }
  await open(page)
  for (const [path, [link = '', typed]] of Object.entries(limited)) {
    // From this address, until Better Auth has had enough.
    const again = () => page.request.post(`/api/auth/${path}`, { data: {}, headers: { origin: new URL(page.url()).origin } })
    await expect.poll(async () => (await again()).status()).toBe(429)
    await beginBy(page, link, typed)
    await expect(alert(page)).toHaveText(
      /^Too many requests\. Wait a moment, then try again\. Try again in \d+ (second|minute)s?\.$/,
    )
    await expect(card(page)).toHaveAttribute('data-step', /start|first-factor/)
    await server.advance(61_000)
    await open(page)
  }
  expect(await server.mailCount()).toBe(0)
})

test('HA-25 oauth: in a window of its own, which does not know its opener and closes by itself, while this page stays', async ({
  page,
  server,
}) => {
  await open(page, '/?popup')
  await page.evaluate(() => void (document.documentElement.dataset.stayed = ''))
  const [opened] = await Promise.all([page.waitForEvent('popup'), button(page, acme.link).click()])
  await expect(opened.getByRole('heading', { name: 'Sign in to Acme ID' })).toBeVisible()
  expect(await opened.evaluate(() => window.opener as unknown)).toBeNull()
  await expect(card(page)).toHaveAttribute('data-step', 'away')
  const closed = opened.waitForEvent('close')
  await come(opened, acme, nora.email)
  await isSignedIn(page, nora, 'aal1')
  await closed
  await expect(page.locator('html')).toHaveAttribute('data-stayed')
  await expect(page).toHaveURL(`http://localhost:${server.port}/?popup`)
  expect(await server.count('GET /callback/acme')).toBe(1)
})
