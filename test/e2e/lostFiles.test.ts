import type { Page } from '@playwright/test'
import { alert, button, card, codeField, expect, field, isSignedIn, open, signIn, test, theo } from './demo.js'
import type { Watch } from './watch.js'

/** No file of this name arrives until the answer is called. */
async function lose(page: Page, seen: Watch, name: string): Promise<() => Promise<void>> {
  const file = new RegExp(`/assets/${name}-[\\w-]+\\.js$`)
  seen.lost(file)
  await page.route(file, (route) => route.abort())
  return () => page.unroute(file)
}

test('HA-14 a file of the later steps that does not arrive is told and asked for again: the sign-in goes on @once', async ({
  page,
  server,
  seen,
}) => {
  const heal = await lose(page, seen, 'LaterSteps')
  await open(page)
  await signIn(page, theo)
  await expect(alert(page)).toHaveText('This step did not load. Check your connection, then try again.')
  expect(await server.count('POST /sign-in/email')).toBe(1)
  await heal()
  await button(page, 'Try again').click()
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await isSignedIn(page, theo, 'aal2')
  expect(await server.count('POST /sign-in/email')).toBe(1)
})

test('SI-15 an engine that does not arrive is told as no connection: nothing was sent, so all that was typed stays @once', async ({
  page,
  server,
  seen,
}) => {
  const heal = await lose(page, seen, 'pageEngine')
  await page.goto('/alone')
  await signIn(page, theo)
  await expect(alert(page)).toHaveText('No connection. Check it, then try again.')
  await expect(field(page, 'Email address')).toHaveValue(theo.email)
  await expect(field(page, 'Password')).toHaveValue(theo.password)
  await expect(field(page, 'Password')).toBeFocused()
  expect(await server.count('POST /sign-in/email')).toBe(0)
  await heal()
  await button(page, 'Sign in').click()
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  expect(await server.count('POST /sign-in/email')).toBe(1)
})
