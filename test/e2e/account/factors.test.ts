import type { Page } from '@playwright/test'
import {
  addTotp,
  alert,
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
  signIn,
  signInWithTotp,
  storeCodes,
  test,
  theo,
} from '../demo.js'
import { virtualKey } from '../virtualKey.js'

const factor = (page: Page, strategy: string) => page.locator(`[data-slot="factor"][data-strategy="${strategy}"]`)

/** Where the backend wants it. */
const password = (page: Page, person: { password: string }) => field(page, 'Your password').fill(person.password)

async function makeNewCodes(page: Page, { password }: { password: string }) {
  await button(page, 'Make new backup codes').click()
  await expect(card(page)).toContainText('Your old codes stop working at once.')
  await field(page, 'Your password').fill(password)
  await button(page, 'Make new codes').click()
  return storeCodes(page)
}

test('TE-10 BC-08 BC-10 an app is added, its backup codes are made anew, and of the old ones none is good', async ({
  page,
  server,
  seen,
}) => {
  await open(page, '/account')
  await signIn(page, nora)
  await expect(card(page)).toContainText('You have no second step yet.')
  const secret = secretIn((await readQrCode(await addTotp(page))) ?? '')
  seen.setupKey(secret)
  await isSignedIn(page, nora, 'aal1')
  await codeField(page).fill(await server.totp(secret))
  const [dead = ''] = await storeCodes(page)
  await expect(factor(page, 'totp')).toBeVisible()
  await isSignedIn(page, nora, 'aal2')
  const [good = '', ...more] = await makeNewCodes(page, nora)
  seen.secret(dead, good, ...more)
  expect(await page.content()).not.toContain(good)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await server.advance(11_000)
  await signIn(page, nora)
  await button(page, 'Try another way').click()
  await button(page, 'Backup code').click()
  await field(page, 'Backup code').fill(dead)
  await button(page, 'Verify').click()
  await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
  await field(page, 'Backup code').fill(good)
  await button(page, 'Verify').click()
  await isSignedIn(page, nora, 'aal2')
  await expect(card(page)).toContainText('You signed in with a backup code. If you have lost one of these, remove it')
  await expect(factor(page, 'totp')).toBeVisible()
})

test('TE-19 the last second step goes only after a warning that names it, and the session falls with it', async ({
  page,
  server,
}) => {
  await open(page, '/account')
  await signIn(page, theo)
  await signInWithTotp(page, server)
  const dialog = page.getByRole('dialog')
  await button(page, 'Remove Authenticator app').click()
  await expect(dialog).toHaveAccessibleName('Remove Authenticator app?')
  await expect(dialog).toHaveAccessibleDescription(/your only second step/)
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(factor(page, 'totp')).toBeVisible()

  await button(page, 'Remove Authenticator app').click()
  await dialog.getByLabel('Your password', { exact: true }).fill('not-the-password')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(dialog.getByRole('alert')).not.toBeEmpty()
  await dialog.getByLabel('Your password', { exact: true }).fill(theo.password)
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(factor(page, 'totp')).toHaveCount(0)
  await expect(card(page)).toContainText('It was removed.')
  await isSignedIn(page, theo, 'aal1')
  expect(await page.evaluate(async () => (await fetch('/api/protected')).status)).toBe(403)
})

test('TE-22 PK-15 TE-19 a phone and a passkey are added beside the app, one is renamed, and all go down to the last', async ({
  page,
  server,
  seen,
}) => {
  await virtualKey(page)
  await open(page, '/account')
  await signIn(page, theo)
  await signInWithTotp(page, server)
  await isSignedIn(page, theo, 'aal2')
  // The offer of a passkey is for whoever wants it now.
  await button(page, 'Not now').click()

  await button(page, 'Add a phone number').click()
  await field(page, 'Phone number').fill(' (+1) 555-010 0077 ')
  await password(page, theo)
  await button(page, 'Send code').click()
  await expect(card(page)).toHaveAttribute('data-step', 'verify')
  const code = await server.mailed('+15550100077')
  seen.secret(code)
  await codeField(page).fill(code)
  await expect(card(page)).toContainText('It was added.')

  await button(page, 'Add a passkey or security key').click()
  await password(page, theo)
  await button(page, 'Continue').click()
  await button(page, 'Create').click()
  await expect(card(page)).toContainText('It was added.')

  await button(page, 'Rename Passkey').click()
  await field(page, 'Name').fill('Blue key')
  await button(page, 'Save').click()
  await expect(card(page)).toContainText('The name was changed.')
  await expect(factor(page, 'passkey')).toContainText('Blue key')

  for (const [strategy, says] of Object.entries({
    phone_code: /no longer sign in with it/,
    passkey: /no longer sign in with it/,
    totp: /your only second step/,
  })) {
    await factor(page, strategy).getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByRole('dialog')).toHaveAccessibleDescription(says)
    await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(theo.password)
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    if (strategy === 'totp') {
      // The passkey was what the session was raised by last, and it took the level along.
      await server.advance(31_000)
      await signInWithTotp(page, server)
    }
    await expect(factor(page, strategy)).toHaveCount(0)
  }
  await expect(card(page)).toContainText('You have no second step yet.')
  await isSignedIn(page, theo, 'aal1')
})
