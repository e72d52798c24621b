import type { Json } from './json.js'

/** WebAuthn options whose bytes stand in buffers, as JSON with base64url in their place (WebAuthn Level 3 §5.1.8). */
export function publicKeyJson(options: object): Json {
  const inText = (_key: string, part: unknown) => {
    if ((part as Partial<ArrayBuffer> | null)?.byteLength === undefined) return part
    const text = btoa(String.fromCharCode(...new Uint8Array(part as ArrayBuffer)))
    return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  }
  return JSON.parse(JSON.stringify(options, inText)) as Json
}
