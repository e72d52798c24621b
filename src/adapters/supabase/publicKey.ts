import type { Json } from '../../core/json.js'

/** auth-js hands WebAuthn options out with their bytes in buffers; as JSON they are base64url (WebAuthn Level 3 §5.1.8). */
export function publicKeyJson(value: unknown): Json {
  if (ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]') {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value as ArrayBuffer)
    return btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=/g, '')
  }
  if (Array.isArray(value)) return value.map(publicKeyJson)
  if (typeof value !== 'object' || value === null) return value as Json
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : [[key, publicKeyJson(part)]])),
  )
}

/** auth-js takes a credential as the browser made it, and asks it for its JSON. */
export const credentialOf = (json: object) => ({ ...json, toJSON: () => json })

/** The server goes by its own configuration, but auth-js's types want it said. */
export function relyingParty(): { rpId: string; rpOrigins: string[] } {
  const { hostname = '', origin = '' } = globalThis.location ?? {}
  return { rpId: hostname, rpOrigins: [origin] }
}
