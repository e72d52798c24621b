import type { Page } from '@playwright/test'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { alert, button, card, expect, isSignedIn, nora, open, signIn, test } from '../demo.js'
import { picksNothing, virtualKey } from '../virtualKey.js'

/** Adds a passkey to whoever is signed in, and signs out. The account page is not what is tried here. */
async function register(page: Page) {
  await page.evaluate(async () => {
    const api = async (path: string, body?: object) => {
      const answer = await fetch(`/api/auth/${path}`, {
        method: body ? 'POST' : 'GET',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as PublicKeyCredentialCreationOptionsJSON
    }
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await api('passkey/generate-register-options'))
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
    await api('passkey/verify-registration', { response: made.toJSON() as object })
    await api('sign-out', {})
  })
}

const passkeyButton = 'Use a passkey'

test('PK-18 a passkey signs in by its button, and by itself in the field', async ({ page }) => {
  await virtualKey(page)
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await register(page)

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
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await register(page)
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
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
  await register(page)
  await device.browser.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: false })
  await picksNothing(page)
  await open(page)
  await button(page, passkeyButton).click()
  await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
  await device.browser.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: true })
  await button(page, passkeyButton).click()
  await isSignedIn(page, nora, 'aal2')
})

test.describe('SI-26 SI-27 a wallet', () => {
  const account = privateKeyToAccount(generatePrivateKey())

  /** A wallet in the page (EIP-6963) whose key is here. `declines`: its person closes the window. */
  async function install(page: Page, declines = false) {
    await page.exposeFunction('signWithKey', (raw: `0x${string}`) => account.signMessage({ message: { raw } }))
    await page.addInitScript(
      ({ address, declines }) => {
        const sign = Reflect.get(window, 'signWithKey') as (raw: unknown) => Promise<string>
        const state = { declines }
        Object.assign(window, { wallet: state })
        const provider = {
          async request({ method, params = [] }: { method: string; params?: unknown[] }) {
            if (method.endsWith('ccounts')) return [address.toLowerCase()]
            if (method === 'eth_chainId') return '0x1'
            if (state.declines) throw Object.assign(new Error('No.'), { code: 4001 })
            return sign(params[0])
          },
        }
        const info = {
          uuid: '8a0c6f4e-0a4c-4b0e-9d53-0f8a9c6f5b11',
          name: 'MetaMask',
          rdns: 'io.metamask',
          icon: 'data:image/svg+xml,x',
        }
        addEventListener('eip6963:requestProvider', () =>
          dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } })),
        )
      },
      { address: account.address, declines },
    )
  }

  test('signs in', async ({ page }) => {
    await install(page)
    await open(page)
    await button(page, 'Continue with Metamask').click()
    await expect(card(page)).toHaveAttribute('data-step', 'complete')
    await expect(page.locator('.badge')).toHaveText(/aal1/)
  })

  test('that is declined is no error, and can be asked again', async ({ page }) => {
    await install(page, true)
    await open(page)
    await button(page, 'Continue with Metamask').click()
    await expect(alert(page)).toHaveText('Not completed. Try again when you are ready.')
    await page.evaluate(() => Object.assign(Reflect.get(window, 'wallet') as object, { declines: false }))
    await button(page, 'Sign the message').click()
    await expect(card(page)).toHaveAttribute('data-step', 'complete')
  })
})
