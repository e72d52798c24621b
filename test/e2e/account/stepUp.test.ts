import type { Page } from '@playwright/test'
import {
  button,
  card,
  codeField,
  expect,
  isSignedIn,
  nora,
  open,
  signIn,
  signInWithTotp,
  test,
  theo,
  type Server,
} from '../demo.js'

const fiveMinutes = 5 * 60_000

const payout = (page: Page) => page.getByRole('region', { name: 'Payout account' })
const challenge = (page: Page) => page.getByRole('dialog', { name: 'Confirm it is you' })
const balance = (page: Page) => page.getByText('€1,284.50')

async function enter(page: Page, server: Server, path: string) {
  await open(page, path)
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')
}

async function filledIn(page: Page) {
  await expect(payout(page).getByLabel('Account holder')).toHaveValue('Theo Ash')
  await expect(payout(page).getByLabel('IBAN')).toHaveValue('DE02 1203 0000 0000 2020 51')
}

test('MG-17 a form whose server asks for the second step keeps what was typed: over a step-up given up, and one passed', async ({
  page,
  server,
}) => {
  await enter(page, server, '/account')
  await server.advance(fiveMinutes)
  await payout(page).getByLabel('Account holder').fill('Theo Ash')
  await payout(page).getByLabel('IBAN').fill('DE02 1203 0000 0000 2020 51')
  const save = payout(page).getByRole('button', { name: 'Save' })
  await save.click()
  await expect(challenge(page)).toBeVisible()
  await challenge(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(challenge(page)).toHaveCount(0)
  await expect(payout(page).getByRole('alert')).toHaveText('Nothing was done, because you did not confirm that it is you.')
  await filledIn(page)
  await isSignedIn(page, theo, 'aal2')
  expect(await server.count('POST /api/payout')).toBe(1)

  await save.click()
  await challenge(page)
    .locator('input[name="code"]')
    .fill(await server.totp(theo.totpSecret))
  await expect(payout(page)).toContainText('Saved. Payouts go to Theo Ash, account ending in 2051.')
  await expect(challenge(page)).toHaveCount(0)
  expect(await server.count('POST /api/payout')).toBe(3)
  expect(new URL(page.url()).pathname).toBe('/account')
})

test('MG-11 MG-12 a page of five minutes warns before its end and can be kept open with what was typed; else it closes, and opens again by a step-up', async ({
  page,
  server,
}) => {
  await page.clock.install()
  const passes = async (ms: number) => {
    await server.advance(ms)
    await page.clock.fastForward(ms)
  }
  const asked = (path: string) => page.evaluate(async (to) => (await fetch(to)).status, path)
  const amount = page.getByLabel('Amount in euros')
  await enter(page, server, '/transfer')
  await expect(balance(page)).toBeVisible()
  expect(await asked('/api/balance')).toBe(200)

  await amount.fill('12.50')
  await passes(fiveMinutes - 30_000)
  await expect(page.getByText('Still there?')).toBeVisible()
  await page.getByRole('button', { name: 'Confirm and stay' }).click()
  await challenge(page)
    .locator('input[name="code"]')
    .fill(await server.totp(theo.totpSecret))
  await expect(page.getByText('Still there?')).toHaveCount(0)
  await expect(amount).toHaveValue('12.50')

  await server.advance(fiveMinutes)
  expect(await asked('/api/balance')).toBe(403)
  expect(await asked('/api/protected')).toBe(200)
  await page.clock.fastForward(fiveMinutes)
  await expect(card(page)).toHaveAttribute('data-step', 'step_up')
  await expect(balance(page)).toHaveCount(0)
  await isSignedIn(page, theo, 'aal2')

  await button(page, 'Confirm').click()
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await expect(balance(page)).toBeVisible()
  await expect(amount).toHaveValue('')
  expect(await asked('/api/balance')).toBe(200)
})

test('a form that needs a second step, for somebody who has none, says so', async ({ page }) => {
  await open(page, '/account')
  await signIn(page, nora)
  await payout(page).getByLabel('Account holder').fill('Theo Ash')
  await payout(page).getByLabel('IBAN').fill('DE02 1203 0000 0000 2020 51')
  await payout(page).getByRole('button', { name: 'Save' }).click()
  await expect(payout(page).getByRole('alert')).toHaveText('This needs a second step. Set one up on your account page first.')
  await filledIn(page)
})
