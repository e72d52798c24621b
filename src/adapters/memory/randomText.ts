/** Without 0, 1, I and O, which people misread. 32 letters, so a random byte spreads over them evenly. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const digits = '0123456789'

/** Text drawn evenly from `alphabet` with the platform's cryptographic generator. `length` in characters. */
function drawn(alphabet: string, length: number): string {
  let text = ''
  while (text.length < length) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    // A whole multiple of both alphabets: with more, their first letters would come more often.
    if (byte < 160) text += alphabet[byte % alphabet.length]
  }
  return text
}

export function randomId(kind: string): string {
  return `${kind}_${drawn(letters, 26)}`
}

/** 160 random bits, for what is not typed. As base64url it is whole bytes, so it may be a WebAuthn challenge. */
export function randomToken(): string {
  return drawn(letters, 32)
}

export function randomCode(length: number, type: 'numeric' | 'alphanumeric'): string {
  return drawn(type === 'numeric' ? digits : letters, length)
}

/** Ten codes of 50 random bits each, written `abcde-fghij`. */
export function randomBackupCodes(): string[] {
  return Array.from({ length: 10 }, () => `${drawn(letters, 5)}-${drawn(letters, 5)}`.toLowerCase())
}

/** One spelling for all the ways in which people type a backup code: case, spaces and dashes do not count. */
export function plainBackupCode(typed: string): string {
  return typed.replace(/[\s\p{Pd}]/gu, '').toLowerCase()
}
