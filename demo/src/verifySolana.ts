const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

interface Signed {
  /** The public key, in base58. */
  readonly address: string
  readonly message: string
  /** In base64. */
  readonly signature: string
}

/** What a Solana wallet has signed, checked by the browser itself (Web Cryptography's Ed25519). */
export async function verifySolana({ address, message, signature }: Signed): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', keyOf(address), 'Ed25519', false, ['verify'])
  const bytes = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0))
  return crypto.subtle.verify('Ed25519', key, bytes, new TextEncoder().encode(message))
}

/** The 32 bytes that an address stands for. What stands for more or none is no key, and `importKey` rejects it. */
function keyOf(address: string): Uint8Array<ArrayBuffer> {
  const number = [...address].reduce((sum, letter) => sum * 58n + BigInt(letters.indexOf(letter)), 0n)
  const hex = number.toString(16).padStart(64, '0')
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
