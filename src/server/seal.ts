import { EncryptJWT, jwtDecrypt } from 'jose'
import type { Json } from '../core/json.js'

/** Seals values for one purpose: what was sealed for another does not open. */
export interface Seal {
  /** `end`: when it no longer opens, in milliseconds since 1970; with `Infinity` it opens for as long as its secret is known. */
  close(value: Json, end: number): Promise<string>
  /** `null` for what is forged, damaged, too old or sealed with a secret that is not known any more. */
  open(sealed: string): Promise<Opened | null>
}

export interface Opened {
  readonly value: Json
  readonly end: number
}

// A content key of its own for each value (RFC 7518 §4.4), because random nonces under one long-lived key would run out.
const alg = 'A256KW'
const enc = 'A256GCM'

/** The first secret seals, every one opens, so that secrets can be changed without signing everybody out. */
export function createSeal(secrets: readonly string[], purpose: string, now: () => number): Seal {
  let derived: Promise<readonly Uint8Array[]> | undefined
  const keys = () => (derived ??= Promise.all(secrets.map((secret) => keyOf(secret, purpose))))

  return {
    async close(value, end) {
      const [key] = await keys()
      if (!key) throw new RangeError('There is no secret to seal with.')
      const claims = { value, ...(end < Infinity && { exp: end / 1000 }) }
      return new EncryptJWT(claims).setProtectedHeader({ alg, enc }).encrypt(key)
    },

    async open(sealed) {
      for (const key of await keys()) {
        try {
          const allowed = {
            keyManagementAlgorithms: [alg],
            contentEncryptionAlgorithms: [enc],
            currentDate: new Date(now()),
          }
          const { payload } = await jwtDecrypt<{ value: Json }>(sealed, key, allowed)
          const end = (payload.exp ?? Infinity) * 1000
          // The library looks at whole seconds.
          return end > now() ? { value: payload.value, end } : null
        } catch {
          // Whatever is wrong with it, the next secret is tried and then there is nothing.
        }
      }
      return null
    },
  }
}

/** RFC 5869. */
async function keyOf(secret: string, purpose: string): Promise<Uint8Array> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const material = await crypto.subtle.importKey('raw', bytes(secret), 'HKDF', false, ['deriveBits'])
  const info = bytes(`latchkey ${purpose}`)
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, material, 256),
  )
}
