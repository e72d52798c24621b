import type { Json } from '../../core/json.js'

/** auth-js hands WebAuthn options out with their bytes in buffers; as JSON they are base64url (WebAuthn Level 3 §5.1.8). */
export function publicKeyJson(options: object): Json {
  const inText = (_key: string, part: unknown) => {
    if ((part as Partial<ArrayBuffer> | null)?.byteLength === undefined) return part
    const text = btoa(String.fromCharCode(...new Uint8Array(part as ArrayBuffer)))
    return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  }
  return JSON.parse(JSON.stringify(options, inText)) as Json
}

/** The server goes by its own configuration, but auth-js's types want it said. */
export function relyingParty(): { rpId: string; rpOrigins: string[] } {
  const { hostname = '', origin = '' } = globalThis.location ?? {}
  return { rpId: hostname, rpOrigins: [origin] }
}
