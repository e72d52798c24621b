import type { CDPSession, Page } from '@playwright/test'

export interface VirtualKey {
  readonly browser: CDPSession
  readonly authenticatorId: string
}

/** Chromium's virtual authenticator: a real ceremony, with a built-in key that is touched by itself. */
export async function virtualKey(page: Page): Promise<VirtualKey> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
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
