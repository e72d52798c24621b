const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** A Solana account with its key (Ed25519), in Node and in browsers. */
export interface SolanaKey {
  readonly address: string
  sign(message: Uint8Array): Promise<Uint8Array>
  /** As `Proof` says. */
  signText(message: string): Promise<string>
  verifyText(message: string, signature: string): Promise<boolean>
}

/** A page of jsdom has none of its own. */
const subtle = () =>
  (globalThis.crypto.subtle as SubtleCrypto | undefined) ?? process.getBuiltinModule('node:crypto').webcrypto.subtle

export async function solanaKey(): Promise<SolanaKey> {
  const pair = (await subtle().generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
  const sign = async (message: Uint8Array) =>
    new Uint8Array(await subtle().sign('Ed25519', pair.privateKey, Uint8Array.from(message)))
  return {
    address: base58(new Uint8Array(await subtle().exportKey('raw', pair.publicKey))),
    sign,
    verifyText: (message, signature) =>
      subtle().verify(
        'Ed25519',
        pair.publicKey,
        Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0)),
        new TextEncoder().encode(message),
      ),
    signText: async (message) => btoa(String.fromCharCode(...(await sign(new TextEncoder().encode(message))))),
  }
}

export function base58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = (letters[Number(number % 58n)] ?? '') + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}
