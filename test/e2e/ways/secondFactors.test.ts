import type { Page } from '@playwright/test'
import { alert, button, card, codeField, expect, field, isSignedIn, mia, open, signIn, test, theo } from '../demo.js'

const startAgain = 'Too many tries. Please sign in again.'
const wrong = 'That code is not right. Check it and try again.'

async function toSecondFactor(page: Page, person: typeof mia | typeof theo) {
  await open(page)
  await signIn(page, person)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
}

async function startsAgain(page: Page, says: string, { email }: { email: string }) {
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await expect(alert(page)).toHaveText(says)
  await expect(field(page, 'Email address')).toHaveValue(email)
}

test('OT-14 email_code as the second factor: a wrong code is told, too many end the try', async ({ page, server }) => {
  await toSecondFactor(page, mia)
  const code = await server.mailed(mia.email)
  const near = code === '000000' ? '111111' : '000000'
  for (let tries = 1; tries <= 5; tries += 1) {
    await codeField(page).fill(near)
    // The same code is not sent by itself again.
    if (tries > 1) await button(page, 'Verify').click()
    await expect.poll(() => server.count('POST /two-factor/verify-otp')).toBe(tries)
    await expect(alert(page)).toHaveText(wrong)
    // Past the limit on requests, and before the code's end.
    await server.advance(11_000)
    await codeField(page).press('Backspace')
    await expect(alert(page)).toBeEmpty()
  }
  await codeField(page).fill(code)
  await startsAgain(page, startAgain, mia)
  expect(await server.mailCount()).toBe(1)
})

test('OT-14 backup_code: an expired challenge leads back to the start, and spends none', async ({ page, server }) => {
  const [code] = theo.backupCodes
  const useBackupCode = async () => {
    await button(page, 'Try another way').click()
    await button(page, 'Backup code').click()
    await field(page, 'Backup code').fill(code)
    await button(page, 'Verify').click()
  }
  await toSecondFactor(page, theo)
  await server.advance(20 * 60_000)
  await useBackupCode()
  await startsAgain(page, 'We could not confirm this sign-in, or it took too long. Please sign in again.', theo)
  await signIn(page, theo)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await useBackupCode()
  await isSignedIn(page, theo, 'aal2')
})

test('a reload in the middle of a second factor leaves the person there, and the code that was sent is good', async ({
  page,
  server,
}) => {
  await toSecondFactor(page, mia)
  await page.reload()
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill(await server.mailed(mia.email))
  await isSignedIn(page, mia, 'aal2')
  expect(await server.mailCount()).toBe(1)
})
