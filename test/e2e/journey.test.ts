import {
  addTotp,
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
  readQrCode,
  secretIn,
  signIn,
  signInWithTotp,
  test,
  theo,
} from './demo.js'

test('SI-01 SI-22 TE-04 TE-10 BC-01 MG-05 from a password alone to an open vault', async ({ page, server, seen }) => {
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  await expect(page.locator('main form')).toHaveCount(0)

  await page.getByRole('link', { name: 'Vault' }).click()
  await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')

  await page.getByRole('link', { name: 'Account' }).click()
  const qr = await addTotp(page)
  const uri = (await readQrCode(qr)) ?? ''
  expect(uri).toMatch(/^otpauth:\/\/totp\/.*nora/)
  const secret = secretIn(uri)
  seen.setupKey(secret)
  await isSignedIn(page, nora, 'aal1')

  const code = await server.totp(secret)
  seen.secret(code)
  await codeField(page).fill(code)
  await expect(card(page)).toHaveAttribute('data-step', 'backup-codes')
  const codes = await page.locator('[data-slot="codes"] li').allTextContents()
  expect(codes.length).toBeGreaterThanOrEqual(8)
  seen.secret(...codes)
  await button(page, 'Done').click()
  await expect(alert(page)).toHaveText('Confirm that you have stored the codes.')
  await page.getByLabel('I have stored these codes').check()
  await button(page, 'Done').click()
  await expect(page.locator('main')).toContainText('It was added.')
  expect(await page.content()).not.toContain(codes[0])
  expect(await page.content()).not.toContain(secret)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.locator('.badge')).toHaveCount(0)
  await page.getByRole('link', { name: 'Vault' }).click()
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await server.advance(30_000)
  await signIn(page, nora)
  await signInWithTotp(page, server, secret)
  await expect(page.locator('main')).toContainText('Only for people with two factors.')
  await isSignedIn(page, nora, 'aal2')
})

test('BC-01 neither a reload nor Back shows backup codes again', async ({ page, server }) => {
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await open(page, '/account')
  const secret = secretIn((await readQrCode(await addTotp(page))) ?? '')
  await codeField(page).fill(await server.totp(secret))
  await expect(page.locator('[data-slot="codes"] li').first()).toBeVisible()
  const [code = ''] = await page.locator('[data-slot="codes"] li').allTextContents()

  const app = page.locator('[data-slot="factor"][data-strategy="totp"]')
  await page.reload()
  await expect(app).toBeVisible()
  expect(await page.content()).not.toContain(code)
  await page.goto('/vault')
  await page.goBack()
  await expect(app).toBeVisible()
  expect(await page.content()).not.toContain(code)
})

test('a mailed code opens the vault', { tag: '@once' }, async ({ page, server, seen }) => {
  await open(page, '/vault')
  await signIn(page, mia)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await expect(page.locator('#outbox ~ ul output')).toHaveCount(1)
  const code = await server.mailed(mia.email)
  await expect(page.locator('#outbox ~ ul output')).toHaveText(code)
  seen.secret(code)
  await codeField(page).fill(code)
  await expect(page.locator('main')).toContainText('Only for people with two factors.')
})

test('OT-14 BC-07 a backup code works once, and a used one reads like a wrong one', async ({ page, server }) => {
  const [code = ''] = theo.backupCodes
  const useBackupCode = async (typed: string) => {
    await button(page, 'Try another way').click()
    await button(page, 'Backup code').click()
    await field(page, 'Backup code').fill(typed)
    await button(page, 'Verify').click()
  }
  await open(page)
  await signIn(page, theo)
  await useBackupCode(code.replace('-', ' '))
  await isSignedIn(page, theo, 'aal2')
  await expect(card(page)).toContainText('You used a backup code.')
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()

  await server.advance(11_000)
  await signIn(page, theo)
  await useBackupCode('zzzzz-zzzzz')
  await expect(alert(page)).not.toBeEmpty()
  const wrong = await alert(page).textContent()
  await field(page, 'Backup code').fill(code)
  await button(page, 'Verify').click()
  await expect.poll(() => server.count('POST /two-factor/verify-backup-code')).toBe(3)
  await expect(alert(page)).toHaveText(wrong ?? '')
  expect(wrong).toBe('That code is not right. Check it and try again.')
  await expect(field(page, 'Backup code')).toBeFocused()
  await expect(field(page, 'Backup code')).toHaveValue(code)
})

test('the same page runs on the memory adapter', { tag: '@once' }, async ({ page }) => {
  await open(page, '/?backend=memory')
  await page.getByRole('button', { name: 'Fill in Theo' }).click()
  await page.keyboard.press('Enter')
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill((await page.locator('#phone ~ ul output').textContent()) ?? '')
  await isSignedIn(page, theo, 'aal2')
  await page.getByRole('link', { name: 'Vault' }).click()
  await expect(page.locator('main')).toContainText('Only for people with two factors.')
})
