import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Json } from '../../../src/core/json.js'

export interface Authenticator {
  /** Answers creation options (WebAuthn §5.1.3), in the JSON form that pages pass on. */
  create(publicKey: Json): Json
  /** Answers request options (WebAuthn §5.1.4). */
  get(publicKey: Json): Json
}

interface Options {
  readonly challenge: string
  readonly rpId?: string
  readonly rp?: { readonly id: string }
}

/** A stand-in for an authenticator: real ES256 signatures, no attestation. `verifies`: it checks who holds it, as a PIN or a fingerprint does. */
export function createAuthenticator(origin: string, verifies: boolean): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rawId = randomBytes(16)
  const id = rawId.toString('base64url')
  let count = 0

  function answer(type: string, { challenge, rpId, rp }: Options, attested = Buffer.alloc(0)) {
    const client = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
    const head = Buffer.alloc(5)
    head[0] = 1 | (verifies ? 4 : 0) | (attested.length > 0 ? 0x40 : 0)
    head.writeUInt32BE(++count, 1)
    const data = Buffer.concat([
      createHash('sha256')
        .update(`${rpId ?? rp?.id}`)
        .digest(),
      head,
      attested,
    ])
    return { client, data }
  }

  const shown = (response: Record<string, Buffer>): Json => ({
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')])),
  })

  return {
    create(options) {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      // An EC2 key of ES256 on P-256 (RFC 9053 §7.1).
      const key = [Buffer.from('a5010203262001215820', 'hex'), bytesOf(x), Buffer.from('225820', 'hex'), bytesOf(y)]
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, rawId.length]), rawId, ...key])
      const { client, data } = answer('webauthn.create', options as unknown as Options, attested)
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      const start = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex')
      return shown({ clientDataJSON: client, attestationObject: Buffer.concat([start, Buffer.from([data.length]), data]) })
    },
    get(options) {
      const { client, data } = answer('webauthn.get', options as unknown as Options)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return shown({ clientDataJSON: client, authenticatorData: data, signature: sign('sha256', signed, privateKey) })
    },
  }
}

const bytesOf = (text: string) => Buffer.from(text, 'base64url')
