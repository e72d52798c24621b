import { button, card, expect, isSignedIn, lookAt, open, signIn, signInWithTotp, test, theo } from '../demo.js'

const marker = 'Only for people with two factors.'

test('MG-07 HA-15 an open gate closes when the second factor goes in another tab, and again when that tab signs out', async ({
  page,
  server,
  context,
}) => {
  await open(page, '/vault')
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await expect(page.getByText(marker)).toBeVisible()

  const tab = await context.newPage()
  await open(tab, '/account')
  await button(tab, 'Remove Authenticator app').click()
  await tab.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(theo.password)
  await tab.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(tab.getByRole('dialog')).toHaveCount(0)
  await lookAt(page)
  await expect(page.getByText(marker)).toHaveCount(0)
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')

  await tab.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(tab.locator('.badge')).toHaveCount(0)
  await lookAt(page)
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await expect(page.locator('.badge')).toHaveCount(0)
})

test('MG-07 signing out everywhere else ends the session of another browser, and not this one', async ({
  page,
  server,
  browser,
  baseURL,
}) => {
  await open(page, '/account')
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage()
  await server.advance(30_000)
  await open(other, '/vault')
  await signIn(other, theo)
  await signInWithTotp(other, server)
  await expect(other.getByText(marker)).toBeVisible()
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(page.getByText('You are signed in here only.')).toBeVisible()
  await lookAt(other)
  await expect(card(other)).toHaveAttribute('data-step', 'start')
  await expect(other.getByText(marker)).toHaveCount(0)
  await other.context().close()
  await page.reload()
  await isSignedIn(page, theo, 'aal2')
})

test('MG-15 ten gates on a page ask the backend once', async ({ page, server }) => {
  await open(page)
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')
  const before = await server.count('GET /latchkey/state')
  await open(page, '/gates')
  await expect(page.getByText('Open', { exact: true })).toHaveCount(10)
  expect(await server.count('GET /latchkey/state')).toBe(before + 1)
})
