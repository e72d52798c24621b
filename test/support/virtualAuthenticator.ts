import { cdp } from 'vitest/browser'
import type { SeedPasskey } from '../../src/adapters/memory/index.js'
import { base64url, coseKey } from './softAuthenticator.js'

/** What of Chromium's own protocol is used here (its WebAuthn domain). */
interface WebAuthnDomain {
  send(method: string, params?: object): Promise<unknown>
}

export interface VirtualAuthenticator {
  /** A key that is on it, as a backend has it. */
  seed(user: { readonly id: string }, rpId: string): Promise<SeedPasskey>
  /** Does somebody touch it when it blinks? */
  touched(yes: boolean): Promise<void>
  /** Does it recognise who touches it? */
  recognises(yes: boolean): Promise<void>
  forget(): Promise<void>
  remove(): Promise<void>
}

/** Chromium's virtual authenticator: a real ceremony in the browser, with a built-in key that may be touched by itself. */
export async function virtualAuthenticator({ touched = true, kind = 'internal' } = {}): Promise<VirtualAuthenticator> {
  const browser = cdp() as WebAuthnDomain
  await browser.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = (await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: kind,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: touched,
    },
  })) as { authenticatorId: string }

  return {
    async seed(user, rpId) {
      const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
      const privateKey = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
      const id = crypto.getRandomValues(new Uint8Array(16))
      const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
      await browser.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: base64(id),
          isResidentCredential: true,
          rpId,
          privateKey: base64(privateKey),
          userHandle: base64(new TextEncoder().encode(user.id)),
          signCount: 0,
        },
      })
      return { id: base64url(id), publicKey: await coseKey(pair) }
    },
    touched: async (enabled) =>
      void (await browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })),
    recognises: async (isUserVerified) =>
      void (await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })),
    forget: async () => void (await browser.send('WebAuthn.clearCredentials', { authenticatorId })),
    async remove() {
      await browser.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
      await browser.send('WebAuthn.disable')
    },
  }
}
