import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { Json } from '../../src/core/json.js'
import type { RealClerk } from './clerkBrowser.js'

export interface Authenticator {
  readonly credentialId: string
  readonly publicKey: KeyObject
  /** Answers a sign-in's options (WebAuthn §6.3.3), in the JSON form that pages pass on. */
  assert(publicKey: Json): Json
  /** Clerk's client runs the ceremony of a new passkey itself; it takes a browser's place as for Clerk's native SDKs. */
  attachTo(clerk: RealClerk): void
}

/** A security key in a few lines. What it says of itself at registration is its bare public key, which the stand-in takes as it is. */
export function createAuthenticator(): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const raw = randomBytes(16)
  const credentialId = raw.toString('base64url')
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: 'http://localhost' }))

  return {
    credentialId,
    publicKey,

    assert(options) {
      const client = clientData('webauthn.get', (options as { challenge: string }).challenge)
      const data = Buffer.concat([createHash('sha256').update('localhost').digest(), Buffer.from([5, 0, 0, 0, 1])])
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      }
    },

    attachTo(clerk) {
      Object.assign(clerk, {
        __internal_isWebAuthnSupported: () => true,
        __internal_createPublicCredentials: async ({ challenge }: { challenge: ArrayBuffer }) => ({
          error: null,
          publicKeyCredential: {
            id: credentialId,
            rawId: Uint8Array.from(raw).buffer,
            type: 'public-key',
            authenticatorAttachment: 'platform',
            response: {
              clientDataJSON: clientData('webauthn.create', Buffer.from(challenge).toString('base64url')),
              attestationObject: publicKey.export({ type: 'spki', format: 'der' }),
              getTransports: () => ['internal'],
            },
          },
        }),
      })
    },
  }
}
