import type { Locator, Page } from '@playwright/test'
import { stranger } from '../../../demo/users.js'
import {
  alert,
  beginBy,
  button,
  card,
  codeField,
  expect,
  field,
  isSignedIn,
  nora,
  open,
  sam,
  signIn,
  test,
  theo,
} from '../demo.js'
import { picksNothing, virtualKey, type VirtualKey } from '../virtualKey.js'
import { installSolanaWallet, installWallets, wallets } from '../walletsInPage.js'

const path = '/?backend=memory'
const notRight = /^That code is not right\. Check it and try again\./
const refused = 'That sign-in did not work. Check your details and try again.'
const notCompleted = 'Not completed. Try again when you are ready.'

const outbox = (page: Page) => page.locator('#outbox ~ ul')
const app = (page: Page) => page.locator('#phone ~ ul output')
/** The newest code, when there are so many messages. */
async function sentCode(page: Page, messages: number, to: string): Promise<string> {
  await expect(outbox(page).locator('li')).toHaveCount(messages)
  const newest = outbox(page).locator('li').first()
  await expect(newest).toContainText(to)
  return newest.locator('output').innerText()
}

const other = (code: string) => (code === '000000' ? '111111' : '000000')

async function wrongThenRight(input: Locator, page: Page, right: string, wrong = other(right)) {
  await input.fill(wrong)
  // Codes that are sent and those of an app go by themselves.
  if (!/^\d+$/.test(right)) await button(page, 'Verify').click()
  await expect(alert(page)).toHaveText(notRight)
  await input.fill(right)
  if (!/^\d+$/.test(right)) await button(page, 'Verify').click()
}

interface Way {
  readonly link: string
  readonly heading: string
  readonly person?: typeof nora | typeof sam
  readonly typed?: string
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await expect(page.locator('.badge')).toHaveCount(0)
}

test('password: a wrong one is refused, the right one signs in', async ({ page }) => {
  await open(page, path)
  await signIn(page, { ...nora, password: 'not-the-orchard' })
  await expect(alert(page)).toHaveText(refused)
  await field(page, 'Password').fill(nora.password)
  await button(page, 'Sign in').click()
  await isSignedIn(page, nora, 'aal1')
})

test('a code by mail or phone, to sign in or to reset: a wrong one is told, the one in the outbox leads on', async ({ page }) => {
  const links = {
    email_code: 'Email me a code instead',
    phone_code: 'Text me a code instead',
    reset_password_email_code: 'Forgot your password?',
    reset_password_phone_code: 'Reset your password by text message',
  }
  await open(page, path)
  for (const [i, [strategy, link]] of Object.entries(links).entries()) {
    await test.step(strategy, async () => {
      await beginBy(page, link, nora.email)
      await wrongThenRight(
        codeField(page),
        page,
        await sentCode(page, i + 1, strategy.includes('phone') ? nora.phone : nora.email),
      )
      if (strategy.startsWith('reset')) {
        await field(page, 'New password').fill(`a-longer-orchard-${i}`)
        await button(page, 'Set password').click()
      }
      await isSignedIn(page, nora, 'aal1')
      await signOut(page)
    })
  }
})

test('email_link: the link in the outbox is followed in this page, and once', async ({ page }) => {
  const follow = async () => {
    await page.getByRole('link', { name: 'Open the link' }).click()
    await expect(card(page)).toHaveAttribute('data-step', 'landing')
    await button(page, 'Continue').click()
  }
  await open(page, path)
  await beginBy(page, 'Email me a link instead', nora.email)
  await follow()
  await isSignedIn(page, nora, 'aal1')
  expect(new URL(page.url()).search).toBe('?backend=memory')
  await signOut(page)
  await follow()
  await expect(alert(page)).toHaveText('That link has expired or was already used. Ask for a new one.')
  await expect(page.locator('.badge')).toHaveCount(0)
})

for (const [strategy, { link, heading, person = nora, typed }] of Object.entries({
  oauth_google: { link: 'Continue with Google', heading: 'Sign in to Google' },
  oauth_github: { link: 'Continue with GitHub', heading: 'Sign in to GitHub' },
  enterprise_sso: { link: 'Use your company sign-in', heading: 'Sign in to your company', person: sam, typed: sam.email },
} as Record<string, Way>)) {
  test(`${strategy}: a denial is told, and there and back signs in, without leaving the page`, async ({ page }) => {
    const leave = async () => {
      await beginBy(page, link, typed)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    }
    const press = (name: string) => page.getByRole('button', { name }).click()
    const isBack = () => expect.poll(() => new URL(page.url()).search).toBe('?backend=memory')
    await open(page, path)
    await leave()
    await press('Deny')
    await expect(alert(page)).toHaveText('The sign-in was not completed. Try again.')
    await isBack()
    await leave()
    await page.goBack()
    // The backend still waits for the provider, and the page offers the way back.
    await expect(card(page)).toHaveAttribute('data-step', 'away')
    await button(page, 'Back to sign-in').click()
    await expect(button(page, 'Sign in')).toBeVisible()
    await leave()
    await press(`Continue as ${person.name}`)
    await isSignedIn(page, person, 'aal1')
    await isBack()
  })
}

test('whoever has no account, and an address of no company, are told', async ({ page }) => {
  await open(page, path)
  await beginBy(page, 'Continue with Google')
  await page.getByRole('button', { name: `Continue as ${stranger.name}` }).click()
  await expect(alert(page)).toHaveText('There is no account for this yet.')
  await beginBy(page, 'Use your company sign-in', nora.email)
  await expect(alert(page)).toHaveText('No company sign-in is set up for this address.')
})

test('web3_*_signature: a signature of somebody else is refused, the right one signs in with each wallet', async ({ page }) => {
  const { behave, asked } = await installWallets(page, { forges: true })
  await open(page, path)
  await button(page, 'Continue with MetaMask').click()
  await expect(alert(page)).toHaveText(refused)
  await expect(page.locator('.badge')).toHaveCount(0)
  await behave({ forges: false })
  await button(page, 'Sign the message').click()
  await expect(page.locator('.badge')).toHaveText(/^0x.* aal1/)
  for (const name of Object.keys(wallets).slice(1)) {
    await signOut(page)
    await button(page, `Continue with ${name}`).click()
    await expect(page.locator('.badge')).toHaveText(/^0x.* aal1/)
  }
  expect(await asked()).toEqual(['MetaMask', ...Object.keys(wallets)])
})

test('web3_solana_signature: one of two wallets is chosen; a signature of somebody else is refused, the right one signs in', async ({
  page,
}) => {
  await installWallets(page)
  await installSolanaWallet(page, 'Phantom')
  const { honest } = await installSolanaWallet(page, 'Solflare', true)
  await open(page, path)
  await button(page, 'Continue with Solana').click()
  await expect(card(page)).toHaveAttribute('data-step', 'choose-wallet')
  await button(page, 'Solflare').click()
  await expect(alert(page)).toHaveText(refused)
  await expect(page.locator('.badge')).toHaveCount(0)
  await honest()
  await button(page, 'Sign the message').click()
  await expect(page.locator('.badge')).toHaveText(/aal1/)
})

/** Adds one to Nora, who is signed in, and signs out. */
async function addKey(page: Page) {
  await page.getByRole('link', { name: 'Account' }).click()
  await button(page, 'Add a passkey or security key').click()
  await field(page, 'Your password').fill(nora.password)
  await button(page, 'Continue').click()
  await button(page, 'Create').click()
  await page.getByLabel('I have stored these codes').check()
  await button(page, 'Done').click()
  await expect(page.locator('[data-slot="codes"]')).toHaveCount(0)
  await signOut(page)
  await page.getByRole('link', { name: 'Sign in' }).click()
}

/** Until the answer is called, the device has none. What it is given back has counted on, or it would pass for a copy. */
async function takeKeys({ browser, authenticatorId }: VirtualKey): Promise<() => Promise<void>> {
  const { credentials } = await browser.send('WebAuthn.getCredentials', { authenticatorId })
  await browser.send('WebAuthn.clearCredentials', { authenticatorId })
  return async () => {
    for (const credential of credentials) await browser.send('WebAuthn.addCredential', { authenticatorId, credential })
  }
}

test('passkey, first and second: without it nobody comes in, with it one click does', async ({ page }) => {
  const device = await virtualKey(page)
  await picksNothing(page)
  await open(page, path)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await addKey(page)

  let giveBack = await takeKeys(device)
  await button(page, 'Use a passkey').click()
  await expect(alert(page)).toHaveText(notCompleted)
  await giveBack()
  await button(page, 'Use a passkey').click()
  await isSignedIn(page, nora, 'aal2')

  await signOut(page)
  await signIn(page, nora)
  giveBack = await takeKeys(device)
  await button(page, 'Continue').click()
  await expect(alert(page)).toHaveText(notCompleted)
  await giveBack()
  await button(page, 'Continue').click()
  await isSignedIn(page, nora, 'aal2')
})

test('security_key: after the password, without it nobody comes in, with it one click does', async ({ page }) => {
  const device = await virtualKey(page, false)
  await open(page, path)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await addKey(page)

  await signIn(page, nora)
  await expect(card(page).getByRole('heading')).toHaveText('Use your security key')
  const giveBack = await takeKeys(device)
  await button(page, 'Continue').click()
  await expect(alert(page)).toHaveText(notCompleted)
  await giveBack()
  await button(page, 'Continue').click()
  await isSignedIn(page, nora, 'aal2')
})

async function choose(page: Page, strategy: string) {
  await signIn(page, theo)
  await button(page, 'Try another way').click()
  await card(page).locator(`[data-slot="choice"][data-strategy="${strategy}"]`).click()
}

test('a second code from the phone, a message or paper: a wrong one is told, the right one leads on', async ({ page }) => {
  await open(page, path)
  await test.step('totp', async () => {
    await signIn(page, theo)
    await wrongThenRight(codeField(page), page, await app(page).innerText())
  })
  for (const [i, [strategy, to]] of [['phone_code', theo.phone] as const, ['email_code', theo.email] as const].entries()) {
    await test.step(strategy, async () => {
      await isSignedIn(page, theo, 'aal2')
      await signOut(page)
      await choose(page, strategy)
      await wrongThenRight(codeField(page), page, await sentCode(page, i + 1, to))
    })
  }
  await test.step('backup_code', async () => {
    await isSignedIn(page, theo, 'aal2')
    await signOut(page)
    await choose(page, 'backup_code')
    await wrongThenRight(field(page, 'Backup code'), page, theo.backupCodes[0], 'zzzzz-zzzzz')
    await isSignedIn(page, theo, 'aal2')
  })
})

test('email_link as the second factor is followed in this page; a device that is trusted is not asked again', async ({
  page,
}) => {
  await open(page, path)
  await choose(page, 'email_link')
  await page.getByRole('link', { name: 'Open the link' }).click()
  await button(page, 'Continue').click()
  await isSignedIn(page, theo, 'aal2')
  await signOut(page)
  await signIn(page, theo)
  await page.getByLabel('Do not ask again on this device').check()
  await codeField(page).fill(await app(page).innerText())
  await isSignedIn(page, theo, 'aal2')
  await signOut(page)
  await signIn(page, theo)
  await isSignedIn(page, theo, 'aal1')
})

test('a browser that cannot stay in the page offers the other ways, and says so', async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'navigation')
  })
  await open(page, path)
  await expect(button(page, 'Use a passkey')).toBeVisible()
  await expect(card(page).getByRole('button', { name: /Google|GitHub|company|link/ })).toHaveCount(0)
  await expect(page.locator('aside')).toContainText('Providers, companies and links are missing')
})
