import { vi } from 'vitest'
import type { Json } from '../../src/core/json.js'
import { origin } from './everyWay.js'
import { softAuthenticator } from './softAuthenticator.js'

const toText = (bytes: BufferSource) =>
  Buffer.from(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer)).toString('base64url')
export const toBytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url')).buffer

/** A browser whose ceremony is `create`. */
export function stubBrowser(create: (options: CredentialCreationOptions) => Promise<unknown>) {
  const made = vi.fn(create)
  vi.stubGlobal('PublicKeyCredential', class {})
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator) as Navigator, { credentials: { create: made } }))
  return made
}

/** The ceremony of a real browser, on a stand-in for an authenticator. */
export function realCeremony() {
  const authenticator = softAuthenticator({ origin })
  return async ({ publicKey }: CredentialCreationOptions) => {
    if (!publicKey) throw new Error('No options.')
    const asked = {
      ...publicKey,
      challenge: toText(publicKey.challenge),
      user: { ...publicKey.user, id: toText(publicKey.user.id) },
    }
    const { excludeCredentials: _, ...options } = asked
    const answer = (await authenticator.answer(options as never)) as {
      id: string
      rawId: string
      type: string
      response: { clientDataJSON: string; attestationObject: string; transports: string[] }
      clientExtensionResults: Json
    }
    const { response } = answer
    return {
      ...answer,
      rawId: toBytes(answer.rawId),
      response: {
        clientDataJSON: toBytes(response.clientDataJSON),
        attestationObject: toBytes(response.attestationObject),
        getTransports: () => response.transports,
      },
      getClientExtensionResults: () => answer.clientExtensionResults,
    }
  }
}
