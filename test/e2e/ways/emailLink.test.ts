import type { Page } from '@playwright/test'
import {
  alert,
  beginBy,
  button,
  card,
  codeField,
  expect,
  isSignedIn,
  nora,
  open,
  test as base,
  theo,
  type Server,
} from '../demo.js'

const test = base.extend<{ elsewhere: () => Promise<Page> }>({
  /** A page in a browser that shares nothing with the first. */
  elsewhere: async ({ browser, baseURL }, use) => {
    await use(async () => (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage())
    await Promise.all(
      browser
        .contexts()
        .slice(1)
        .map((context) => context.close()),
    )
  },
})

const used = 'That link has expired or was already used. Ask for a new one.'

/** To the page that waits. Answers with the mailed link. */
async function toLink(page: Page, server: Server, { email } = nora as { email: string }): Promise<string> {
  await open(page)
  await beginBy(page, 'Email me a link instead', email)
  await expect(card(page)).toContainText('a link is on its way')
  const link = await server.mailed(email)
  expect(link).toMatch(new RegExp(`^http://localhost:${server.port}/\\?latchkey=link&token=`))
  return link
}

async function follow(page: Page, link: string) {
  await page.goto(link)
  await expect(card(page)).toHaveAttribute('data-step', 'landing')
  await button(page, 'Continue').click()
}

test('a link opened in another tab signs in there, and this tab moves on by itself', async ({ page, server, context }) => {
  const link = await toLink(page, server)
  const tab = await context.newPage()
  await follow(tab, link)
  await isSignedIn(tab, nora, 'aal1')
  expect(tab.url()).toBe(`http://localhost:${server.port}/`)
  await isSignedIn(page, nora, 'aal1')
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  expect(await server.mailCount()).toBe(1)
})

test('the link in the outbox opens the tab in which the sign-in is finished', async ({ page, server, context }) => {
  await toLink(page, server)
  const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Open the link' }).click()])
  await button(tab, 'Continue').click()
  await isSignedIn(tab, nora, 'aal1')
})

test('a link opened in another browser signs that one in, and nobody here', async ({ page, server, elsewhere }) => {
  const link = await toLink(page, server)
  const other = await elsewhere()
  await follow(other, link)
  await isSignedIn(other, nora, 'aal1')
  // Two looks of this page later it is still where it was.
  const looks = await server.count('GET /latchkey/state')
  await expect.poll(() => server.count('GET /latchkey/state'), { timeout: 10_000 }).toBeGreaterThan(looks)
  await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
  await expect(page.locator('.badge')).toHaveCount(0)
})

test('a mail scanner that opens the link, with a script or without, burns nothing', async ({
  page,
  server,
  request,
  elsewhere,
}) => {
  const link = await toLink(page, server)
  expect((await request.get(link)).ok()).toBe(true)
  expect((await request.head(link)).ok()).toBe(true)
  const scanner = await elsewhere()
  await scanner.goto(link)
  await expect(card(scanner)).toHaveAttribute('data-step', 'landing')
  await scanner.reload()
  await expect(card(scanner)).toHaveAttribute('data-step', 'landing')
  expect(await server.count('GET /magic-link/verify')).toBe(0)
  await follow(page, link)
  await isSignedIn(page, nora, 'aal1')
})

test('a link that is opened twice, expired or made up is called a link, and the address keeps no token', async ({
  page,
  server,
  elsewhere,
}) => {
  const link = await toLink(page, server)
  await follow(page, link)
  await isSignedIn(page, nora, 'aal1')
  const other = await elsewhere()
  for (const bad of [link, link.replace(/token=.*/, 'token=abcdefghijklmnopqrstuvwxyzABCDEF')]) {
    await follow(other, bad)
    await expect(alert(other)).toHaveText(used)
    expect(other.url()).toBe(`http://localhost:${server.port}/`)
  }
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await server.advance(61_000)
  const late = await toLink(page, server, theo)
  await server.advance(11 * 60_000)
  await follow(other, late)
  await expect(alert(other)).toHaveText(used)
  await expect(other.locator('.badge')).toHaveCount(0)
})

test('the second factor follows a link, in the tab that it opened', async ({ page, server }) => {
  await follow(page, await toLink(page, server, theo))
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await isSignedIn(page, theo, 'aal2')
})
