import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'

/** The browser's credential out of its JSON form: Clerk's client makes the JSON itself. */
export function passkeyCredential(credential: Json): object {
  const bytes = (key: string, text: unknown) =>
    typeof text === 'string' && /^(rawId|clientDataJSON|authenticatorData|signature|userHandle)$/.test(key)
      ? Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0)).buffer
      : text
  try {
    const read = JSON.parse(JSON.stringify(credential), bytes) as { rawId: unknown; response: { signature: unknown } }
    if (read.rawId && read.response.signature) return read
  } catch {
    // Told below: nothing was sent.
  }
  throw new AuthError('passkey_unknown')
}
