import { alert, button, card, expect, isSignedIn, nora, open, test } from '../demo.js'
import { picksNothing, registerNora, takesTime, virtualKey } from '../virtualKey.js'
import { installWallets, wallets } from '../walletsInPage.js'

const passkeyButton = 'Use a passkey'

test('PK-18 a passkey signs in by its button, and by itself in the field', async ({ page }) => {
  await virtualKey(page)
  await registerNora(page)

  // Picked in the field: the device answers the offer as soon as it is made.
  await open(page)
  await isSignedIn(page, nora, 'aal2')

  await picksNothing(page)
  await open(page)
  await button(page, 'Sign out').click()
  await button(page, passkeyButton).click()
  await isSignedIn(page, nora, 'aal2')
})

test('PK-07 PK-13 a key that the server does not know is told of, and what was typed stays', async ({ page }) => {
  const device = await virtualKey(page)
  await registerNora(page)
  await page.request.post('/api/test/reset')
  await picksNothing(page)
  await open(page)
  await card(page).locator('input[name="username"]').fill(nora.email)
  await button(page, passkeyButton).click()
  await expect(alert(page)).toHaveText('This passkey is not known here. Use another way.')
  await expect(card(page).locator('input[name="username"]')).toHaveValue(nora.email)
  await device.browser.send('WebAuthn.clearCredentials', { authenticatorId: device.authenticatorId })
  await button(page, passkeyButton).click()
  await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
})

test('PK-07 PK-18 a key that does not recognise its person signs nobody in', async ({ page }) => {
  const device = await virtualKey(page)
  await registerNora(page)
  await device.browser.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: false })
  await picksNothing(page)
  await open(page)
  await button(page, passkeyButton).click()
  await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
  await device.browser.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: true })
  await button(page, passkeyButton).click()
  await isSignedIn(page, nora, 'aal2')
})

test('PK-09 a challenge that runs out while the dialog is open is told, what was typed stays, and the next click signs in', async ({
  page,
  server,
}) => {
  await virtualKey(page)
  await registerNora(page)
  await picksNothing(page)
  const pick = await takesTime(page)
  // Before the click there has to be a challenge that can run out.
  const options = page.waitForResponse('**/passkey/generate-authenticate-options')
  await open(page)
  await card(page).locator('input[name="username"]').fill(nora.email)
  await (await options).finished()
  await button(page, passkeyButton).click()
  await expect(card(page)).toHaveAttribute('data-pending', '')
  await server.advance(6 * 60_000)
  await pick()
  await expect(alert(page)).toHaveText('We could not confirm this sign-in, or it took too long. Please sign in again.')
  await expect(card(page).locator('input[name="username"]')).toHaveValue(nora.email)
  await expect(page.locator('.badge')).toHaveCount(0)
  expect(await server.count('POST /passkey/verify-authentication')).toBe(1)
  await button(page, passkeyButton).click()
  await isSignedIn(page, nora, 'aal2')
})

test.describe('SI-26 SI-27 a wallet', () => {
  test('signs in, each by its own button', async ({ page }) => {
    const { asked } = await installWallets(page)
    await open(page)
    for (const name of Object.keys(wallets)) {
      await button(page, `Continue with ${name}`).click()
      await expect(page.locator('.badge')).toHaveText(/aal1/)
      await button(page, 'Sign out').click()
    }
    await expect(button(page, 'Continue with MetaMask')).toBeVisible()
    expect(await asked()).toEqual(Object.keys(wallets))
  })

  for (const name of Object.keys(wallets)) {
    test(`${name}: a signature of somebody else, and an account that changes while it signs, sign nobody in`, async ({
      page,
      server,
    }) => {
      const { behave } = await installWallets(page, { forges: true })
      await open(page)
      await button(page, `Continue with ${name}`).click()
      await expect(alert(page)).toHaveText('That sign-in did not work. Check your details and try again.')
      await expect(page.locator('.badge')).toHaveCount(0)
      expect(await server.count('POST /siwe/verify')).toBe(1)
      await behave({ forges: false, switches: true })
      await button(page, 'Sign the message').click()
      await expect(alert(page)).toHaveText('Your wallet’s account changed. Please sign in again.')
      await expect(page.locator('.badge')).toHaveCount(0)
      expect(await server.count('POST /siwe/verify')).toBe(1)
      await behave({ switches: false })
      await button(page, `Continue with ${name}`).click()
      await expect(page.locator('.badge')).toHaveText(/aal1/)
    })
  }

  test('whose text has grown old signs nobody in, and the next one does', async ({ page, server }) => {
    const { behave } = await installWallets(page, { declines: true })
    await open(page)
    await button(page, 'Continue with MetaMask').click()
    await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
    await behave({ declines: false })
    await server.advance(16 * 60_000)
    await button(page, 'Sign the message').click()
    await expect(alert(page)).toHaveText('That took too long. Try again.')
    await expect(page.locator('.badge')).toHaveCount(0)
    await button(page, 'Sign the message').click()
    await expect(card(page)).toHaveAttribute('data-step', 'complete')
  })

  test('that is declined is no error, and can be asked again', async ({ page }) => {
    const { behave } = await installWallets(page, { declines: true })
    await open(page)
    await button(page, 'Continue with MetaMask').click()
    await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
    await behave({ declines: false })
    await button(page, 'Sign the message').click()
    await expect(card(page)).toHaveAttribute('data-step', 'complete')
  })
})
