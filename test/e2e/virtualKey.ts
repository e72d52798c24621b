import type { CDPSession, Page } from '@playwright/test'
import { isSignedIn, nora, open, signIn } from './demo.js'

export interface VirtualKey {
  readonly browser: CDPSession
  readonly authenticatorId: string
}

/** Chromium's virtual authenticator: a real ceremony, with a built-in key that is touched by itself. `keeps`: what it makes stays on it. */
export async function virtualKey(page: Page, keeps = true): Promise<VirtualKey> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: keeps,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { browser, authenticatorId }
}

/** From the next page on nobody picks anything in the field: the device would answer that at once. */
export const picksNothing = (page: Page) =>
  page.addInitScript(() => {
    const get = navigator.credentials.get.bind(navigator.credentials)
    navigator.credentials.get = (given) => (given?.mediation === 'conditional' ? new Promise(() => undefined) : get(given))
  })

/** From the next page on the first dialog stands open until the answer is called: the person takes their time. */
export async function takesTime(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const get = navigator.credentials.get.bind(navigator.credentials)
    const picked = new Promise<void>((pick) => Object.assign(window, { pick }))
    navigator.credentials.get = (given) => (given?.mediation === 'conditional' ? get(given) : picked.then(() => get(given)))
  })
  return () => page.evaluate(() => (Reflect.get(window, 'pick') as () => void)())
}

/** Nora signs in, gets a passkey and signs out. The account page is not what is tried here. */
export async function registerNora(page: Page) {
  await open(page)
  await signIn(page, nora)
  await isSignedIn(page, nora, 'aal1')
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

/** Whether the key's person touches it by themselves; until they do, whoever asks waits. */
export const touches = async ({ browser, authenticatorId }: VirtualKey, enabled: boolean) =>
  void (await browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }))
