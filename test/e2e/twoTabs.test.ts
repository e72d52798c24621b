import type { Page } from '@playwright/test'
import {
  alert,
  button,
  card,
  codeField,
  expect,
  isSignedIn,
  lookAt,
  mia,
  nora,
  open,
  signIn,
  test,
  theo,
  type Server,
} from './demo.js'

/** Mia begins in this page, and ends in another. */
async function finishBeside(page: Page, server: Server) {
  await open(page)
  await signIn(page, mia)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  const other = await page.context().newPage()
  await open(other)
  await codeField(other).fill(await server.mailed(mia.email))
  await isSignedIn(other, mia, 'aal2')
}

test('HA-15 a tab in the middle of a sign-in moves on when another tab finishes it, and asks for nothing again @once', async ({
  page,
  server,
}) => {
  await finishBeside(page, server)
  await lookAt(page)
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  await isSignedIn(page, mia, 'aal2')
  await expect(alert(page)).toBeEmpty()
  expect(await server.count('POST /two-factor/send-otp')).toBe(1)
  expect(await server.count('POST /two-factor/verify-otp')).toBe(1)
  expect(await server.mailCount()).toBe(1)
})

test('HA-15 a tab in the middle of a sign-in shows who signed in elsewhere meanwhile, and nothing of whom it asked @once', async ({
  page,
  context,
  server,
}) => {
  await open(page)
  await signIn(page, theo)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  const other = await context.newPage()
  await open(other)
  await button(other, 'Back to sign-in').click()
  await signIn(other, nora)
  await isSignedIn(other, nora, 'aal1')

  await lookAt(page)
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  await isSignedIn(page, nora, 'aal1')
  await expect(card(page)).not.toContainText(theo.email)
  await expect(alert(page)).toBeEmpty()
  expect(await server.count('POST /two-factor/verify-totp')).toBe(0)
})

test('HA-15 MG-07 a tab whose person signs out and somebody else in elsewhere shows the other one, and nothing of the first @once', async ({
  page,
  context,
  server,
}) => {
  await open(page, '/vault')
  await signIn(page, theo)
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await expect(page.locator('main')).toContainText('Only for people with two factors.')
  const other = await context.newPage()
  await open(other)
  await button(other, 'Sign out').click()
  await signIn(other, nora)
  await isSignedIn(other, nora, 'aal1')

  await lookAt(page)
  await isSignedIn(page, nora, 'aal1')
  await expect(page.locator('main')).not.toContainText('Only for people with two factors.')
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')
})

// Two windows side by side: neither is ever hidden, so that coming back is `focus` alone.
test('HA-15 a window in the middle of a sign-in moves on when one beside it finishes within five seconds @once', async ({
  page,
  server,
}) => {
  await finishBeside(page, server)
  await page.evaluate(() => void dispatchEvent(new Event('focus')))
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  await isSignedIn(page, mia, 'aal2')
})
