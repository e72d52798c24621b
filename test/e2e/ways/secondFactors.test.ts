import type { Locator, Page } from '@playwright/test'
import {
  addPhone,
  alert,
  button,
  card,
  codeField,
  expect,
  field,
  isSignedIn,
  mia,
  nora,
  open,
  signIn,
  test,
  theo,
  type Server,
} from '../demo.js'
import { picksNothing, registerNora, virtualKey } from '../virtualKey.js'

const startAgain = 'Too many tries. Please sign in again.'
const wrong = 'That code is not right. Check it and try again.'
const other = (code: string) => (code === '000000' ? '111111' : '000000')

async function toSecondFactor(page: Page, person: typeof mia | typeof theo | typeof nora) {
  await open(page)
  await signIn(page, person)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
}

async function toBackupCode(page: Page) {
  await button(page, 'Try another way').click()
  await button(page, 'Backup code').click()
}

async function startsAgain(page: Page, says: string, { email }: { email: string }) {
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await expect(alert(page)).toHaveText(says)
  await expect(field(page, 'Email address')).toHaveValue(email)
}

/** Five guesses, past the limit on requests and before the code's end; the right code does not help then. */
async function guessesTooOften(
  page: Page,
  server: Server,
  { input, path, near, right, before = 0 }: { input: Locator; path: string; near: string; right: string; before?: number },
) {
  for (let tries = 1; tries <= 5; tries += 1) {
    await input.fill(near)
    // The same code is not sent by itself again, and a backup code never.
    if (tries > 1 || path.endsWith('backup-code')) await button(page, 'Verify').click()
    await expect.poll(() => server.count(`POST /two-factor/${path}`)).toBe(before + tries)
    await expect(alert(page)).toHaveText(wrong)
    await server.advance(11_000)
    await input.press('Backspace')
    await expect(alert(page)).toBeEmpty()
  }
  await input.fill(right)
  if (path.endsWith('backup-code')) await button(page, 'Verify').click()
}

test('OT-14 email_code as the second factor: a wrong code is told, too many end the try', async ({ page, server }) => {
  await toSecondFactor(page, mia)
  const right = await server.mailed(mia.email)
  await guessesTooOften(page, server, { input: codeField(page), path: 'verify-otp', near: other(right), right })
  await startsAgain(page, startAgain, mia)
  expect(await server.mailCount()).toBe(1)
})

test('OT-14 backup_code: too many wrong ones end the try, and spend none', async ({ page, server }) => {
  const [right] = theo.backupCodes
  await toSecondFactor(page, theo)
  await toBackupCode(page)
  await guessesTooOften(page, server, {
    input: field(page, 'Backup code'),
    path: 'verify-backup-code',
    near: 'aaaaa-bbbbb',
    right,
  })
  await startsAgain(page, startAgain, theo)
})

test('OT-14 backup_code: an expired challenge leads back to the start, and spends none', async ({ page, server }) => {
  const [code] = theo.backupCodes
  const useBackupCode = async () => {
    await toBackupCode(page)
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

test('OT-14 OT-18 phone_code as the second factor: a wrong code is told, a new one is sent and is the one that is good', async ({
  page,
  server,
}) => {
  const number = '+15550107777'
  await addPhone(page, server, number)
  await page.clock.install()
  await toSecondFactor(page, nora)
  await expect.poll(() => server.mailCount()).toBe(2)
  const first = await server.mailed(number)
  await codeField(page).fill(other(first))
  await expect(alert(page)).toHaveText(wrong)
  await page.clock.fastForward(31_000)
  await button(page, 'Send a new code').click()
  await expect.poll(() => server.mailCount()).toBe(3)
  await codeField(page).fill(first)
  await expect(alert(page)).toHaveText(wrong)
  await codeField(page).fill(await server.mailed(number))
  await isSignedIn(page, nora, 'aal2')
})

test('OT-14 OT-16 phone_code as the second factor: an expired code is told and kept, too many wrong ones end the try', async ({
  page,
  server,
}) => {
  const number = '+15550108888'
  await addPhone(page, server, number)
  await page.clock.install()
  await toSecondFactor(page, nora)
  // The one before is from the enrolment.
  await expect.poll(() => server.mailCount()).toBe(2)
  const first = await server.mailed(number)
  await server.advance(4 * 60_000)
  await codeField(page).fill(first)
  await expect(alert(page)).toHaveText('That code has expired. Send a new one.')
  await expect(codeField(page)).toHaveValue(first)
  await page.clock.fastForward(31_000)
  await button(page, 'Send a new code').click()
  await expect.poll(() => server.mailCount()).toBe(3)
  const right = await server.mailed(number)
  const before = await server.count('POST /two-factor/verify-otp')
  await guessesTooOften(page, server, { input: codeField(page), path: 'verify-otp', near: other(right), right, before })
  await startsAgain(page, startAgain, nora)
})

test('PK-07 passkey as the second factor: asked for in the click, and again after a key that did not know its person', async ({
  page,
  server,
}) => {
  const { browser, authenticatorId } = await virtualKey(page)
  const recognises = (isUserVerified: boolean) => browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  await registerNora(page)
  await picksNothing(page)
  await recognises(false)
  await toSecondFactor(page, nora)
  await button(page, 'Continue').click()
  await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
  expect(await server.count('POST /latchkey/verify-passkey')).toBe(0)
  await recognises(true)
  await button(page, 'Continue').click()
  await isSignedIn(page, nora, 'aal2')
  expect(await server.mailCount()).toBe(0)
})

test('PK-09 passkey as the second factor: a challenge that ran out before the click is told, and the next click has another', async ({
  page,
  server,
}) => {
  await virtualKey(page)
  await registerNora(page)
  await picksNothing(page)
  // The challenge is the screen's first act: only one that exists can run out.
  const options = page.waitForResponse('**/latchkey/passkey-options')
  await toSecondFactor(page, nora)
  await (await options).finished()
  await server.advance(6 * 60_000)
  await button(page, 'Continue').click()
  await expect(alert(page)).toHaveText('That took too long. Try again.')
  await button(page, 'Continue').click()
  await isSignedIn(page, nora, 'aal2')
})

test('a device that is trusted is asked for one factor from then on, and no other browser is', async ({
  page,
  server,
  browser,
  baseURL,
}) => {
  await toSecondFactor(page, theo)
  await page.getByLabel('Do not ask again on this device').check()
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await isSignedIn(page, theo, 'aal2')
  await button(page, 'Sign out').click()
  await signIn(page, theo)
  await isSignedIn(page, theo, 'aal1')
  expect(await server.count('POST /two-factor/verify-totp')).toBe(1)

  const elsewhere = await browser.newContext({ baseURL })
  const there = await elsewhere.newPage()
  await toSecondFactor(there, theo)
  await expect(there.locator('.badge')).toHaveCount(0)
  await elsewhere.close()
})
