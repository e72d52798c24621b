import type { SeedPasskey } from '../../src/adapters/memory/index.js'
import type { Json } from '../../src/core/json.js'

export interface SoftAuthenticatorOptions {
  /** Where the page is that asks. */
  readonly origin: string
  /** Whether it checks its person (PIN, fingerprint). Default true. */
  readonly verifiesUser?: boolean
  /** How far its counter goes on with each signature. Default 1; synchronised passkeys stay at 0. */
  readonly step?: number
  /** Whether keys stay on it, so that they are found without being named. Default true. */
  readonly resident?: boolean
}

export interface SoftAuthenticator {
  /** As the option; may change. */
  verifiesUser: boolean
  /** Runs the ceremony that the options ask for, in the JSON form of both (WebAuthn Level 3 §5.1). Rejects as a browser would. `page`: another origin that asks. */
  answer(publicKey: Json, page?: string): Promise<Json>
  /** A key made before the test began: as a backend has it. */
  seed(user: { readonly id: string }, rpId: string): Promise<SeedPasskey>
}

interface Key {
  readonly id: string
  readonly rpId: string
  readonly userHandle: string
  readonly pair: CryptoKeyPair
  counter: number
}

interface Options {
  readonly challenge: string
  readonly rpId?: string
  readonly rp?: { readonly id: string }
  readonly user?: { readonly id: string }
  readonly userVerification?: string
  readonly allowCredentials?: readonly { readonly id: string }[]
  readonly excludeCredentials?: readonly { readonly id: string }[]
}

const text = new TextEncoder()
const es256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** A stand-in for a phone's or a security key's authenticator: real keys (ES256), real signatures, no attestation. Runs in Node and in browsers. */
export function softAuthenticator({
  origin,
  verifiesUser: checks = true,
  step = 1,
  resident = true,
}: SoftAuthenticatorOptions): SoftAuthenticator {
  const keys: Key[] = []

  async function make(rpId: string, userHandle: string): Promise<Key> {
    const pair = await crypto.subtle.generateKey(es256, true, ['sign', 'verify'])
    const key = { id: base64url(crypto.getRandomValues(new Uint8Array(16))), rpId, userHandle, pair, counter: 0 }
    keys.push(key)
    return key
  }

  /** WebAuthn §6.1: whose page, what was checked, how often. */
  async function authenticatorData({ rpId, counter }: Key, attested: Uint8Array = new Uint8Array()) {
    const flags = 1 | (self.verifiesUser ? 4 : 0) | (attested.length > 0 ? 64 : 0)
    return join(await sha256(text.encode(rpId)), [flags], uint32(counter), attested)
  }

  const clientData = (type: string, challenge: string, page: string) =>
    text.encode(JSON.stringify({ type, challenge, origin: page, crossOrigin: false }))

  function credential(key: Key, response: Record<string, Json>, rk?: boolean): Json {
    return {
      id: key.id,
      rawId: key.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: rk === undefined ? {} : { credProps: { rk } },
      response,
    }
  }

  async function create({ challenge, rp, user, excludeCredentials = [] }: Options, page: string): Promise<Json> {
    if (keys.some(({ id }) => excludeCredentials.some((one) => one.id === id))) throw named('InvalidStateError')
    const key = await make(rp?.id ?? '', user?.id ?? '')
    const id = fromBase64url(key.id)
    const attested = join(new Uint8Array(16), [0, id.length], id, await coseKey(key.pair))
    const authData = await authenticatorData(key, attested)
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    return credential(
      key,
      {
        clientDataJSON: base64url(clientData('webauthn.create', challenge, page)),
        attestationObject: base64url(cbor(attestation)),
        transports: [resident ? 'internal' : 'usb'],
      },
      resident,
    )
  }

  async function get({ challenge, rpId, userVerification, allowCredentials }: Options, page: string): Promise<Json> {
    const fits = (key: Key) =>
      key.rpId === rpId && (allowCredentials ? allowCredentials.some(({ id }) => id === key.id) : resident)
    const key = keys.findLast(fits)
    if (!key || (userVerification === 'required' && !self.verifiesUser)) throw named('NotAllowedError')
    key.counter += step
    const [client, data] = [clientData('webauthn.get', challenge, page), await authenticatorData(key)]
    const signed = join(data, await sha256(client))
    const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.pair.privateKey, signed))
    return credential(key, {
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(der(raw)),
      userHandle: key.userHandle,
    })
  }

  const self: SoftAuthenticator = {
    verifiesUser: checks,
    answer: (publicKey, page = origin) => ('user' in Object(publicKey) ? create : get)(publicKey as never, page),
    async seed(user, rpId) {
      const key = await make(rpId, base64url(text.encode(user.id)))
      return { id: key.id, publicKey: await coseKey(key.pair), ...(!resident && { strategy: 'security_key' }) }
    },
  }
  return self
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name })
}

/** RFC 9053 §7.1.1. */
async function coseKey({ publicKey }: CryptoKeyPair): Promise<Uint8Array<ArrayBuffer>> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey)
  return cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, fromBase64url(x)],
      [-3, fromBase64url(y)],
    ]),
  )
}

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>

/** As much of RFC 8949 as keys and attestations need. */
function cbor(value: Cbor): Uint8Array<ArrayBuffer> {
  const head = (major: number, size: number) =>
    size < 24 ? [(major << 5) | size] : size < 256 ? [(major << 5) | 24, size] : [(major << 5) | 25, size >> 8, size & 255]
  if (typeof value === 'number') return join(value < 0 ? head(1, -1 - value) : head(0, value))
  if (typeof value === 'string') return join(head(3, text.encode(value).length), text.encode(value))
  if (value instanceof Uint8Array) return join(head(2, value.length), value)
  return join(head(5, value.size), ...[...value].flat().map((part) => cbor(part)))
}

/** Two numbers in a row as the signature that authenticators give (RFC 3279 §2.2.3). */
function der(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = [raw.slice(0, 32), raw.slice(32)].map((part) => {
    const digits = part.slice(part.findIndex((byte) => byte > 0))
    const positive = (digits[0] ?? 0) > 127 ? join([0], digits) : digits
    return join([2, positive.length], positive)
  })
  const body = join(...numbers)
  return join([48, body.length], body)
}

const uint32 = (value: number) => [value >> 24, value >> 16, value >> 8, value].map((byte) => byte & 255)

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

function join(...parts: (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64url(given: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(given.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
}
