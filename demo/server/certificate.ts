import { createSign, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

export interface Certificate {
  /** PEM, PKCS #8. */
  readonly privateKey: string
  /** PEM, X.509. */
  readonly certificate: string
}

const SHA256_WITH_RSA = '06092a864886f70d01010b'
const COMMON_NAME = '0603550403'

/** An RSA key with a certificate that it signed itself, good for a day. `node:crypto` reads certificates and writes none. */
export async function selfSigned(name: string, now = Date.now()): Promise<Certificate> {
  const { privateKey, publicKey } = (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })) as Record<
    'privateKey' | 'publicKey',
    KeyObject
  >
  const algorithm = sequence(Buffer.from(SHA256_WITH_RSA, 'hex'), tagged(0x05))
  const subject = sequence(tagged(0x31, sequence(Buffer.from(COMMON_NAME, 'hex'), tagged(0x0c, Buffer.from(name)))))
  // The first byte is small, so that the number is positive and as short as it can be.
  const serial = tagged(0x02, Buffer.from([0x01]), randomBytes(15))
  const validity = sequence(utcTime(now - 3_600_000), utcTime(now + 86_400_000))
  const toBeSigned = sequence(serial, algorithm, subject, validity, subject, publicKey.export({ type: 'spki', format: 'der' }))
  const signature = createSign('sha256').update(toBeSigned).sign(privateKey)
  const der = sequence(toBeSigned, algorithm, tagged(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}

/** One DER element: its tag, its length, what is in it. */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts)

/** `YYMMDDhhmmssZ`. */
const utcTime = (at: number) => tagged(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/\D/g, '')}Z`))
