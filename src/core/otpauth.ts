/** What an authenticator app is told. Defaults of the Key Uri Format: SHA1, 6 digits, 30 s. */
export interface TotpKey {
  readonly secret: string
  readonly issuer?: string | undefined
  readonly account?: string | undefined
  readonly algorithm: string
  readonly digits: number
  /** Seconds. */
  readonly period: number
}

/**
 * An `otpauth://totp/` URI (Key Uri Format). The label is percent-encoded with `%20`, never `+`, which apps show as it stands; a colon
 * would end the issuer early, so colons in issuer and account are dropped.
 */
export function otpauthUri({ secret, issuer, account }: { secret: string; issuer: string; account: string }): string {
  const [cleanIssuer, cleanAccount] = [issuer, account].map((text) => encodeURIComponent(text.replaceAll(':', '').trim()))
  return `otpauth://totp/${cleanIssuer}:${cleanAccount}?secret=${canonicalSecret(secret)}&issuer=${cleanIssuer}`
}

/** Base32 as RFC 4648 §6 writes it: A–Z and 2–7, upper case, no padding, no spaces. Throws a `TypeError` on anything else. */
export function canonicalSecret(secret: string): string {
  const text = secret.replace(/[\s=-]/g, '').toUpperCase()
  if (!/^[A-Z2-7]+$/.test(text)) throw new TypeError('The secret is not base32 (RFC 4648 §6): A–Z and 2–7 only.')
  return text
}

/** Reads a URI of the backend. `null` where it is no `otpauth://totp/` URI with a base32 secret, so that nothing else becomes a link. */
export function readOtpauthUri(uri: string): TotpKey | null {
  const parts = /^otpauth:\/\/totp\/([^?]*)\?(.*)$/i.exec(uri)
  if (!parts) return null
  try {
    const label = decodeURIComponent(parts[1] ?? '')
    const query = new Map(
      (parts[2] ?? '').split('&').map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(decodeURIComponent) as [string, string]),
    )
    const colon = label.indexOf(':')
    return {
      secret: canonicalSecret(query.get('secret') ?? ''),
      issuer: query.get('issuer') ?? (colon > 0 ? label.slice(0, colon) : undefined),
      account: (colon >= 0 ? label.slice(colon + 1) : label).trim() || undefined,
      algorithm: query.get('algorithm') ?? 'SHA1',
      digits: Number(query.get('digits') ?? 6),
      period: Number(query.get('period') ?? 30),
    }
  } catch {
    return null
  }
}

/** What a developer should know of a key before people scan it: too short (RFC 4226 §4 R6), or parameters that several apps ignore. */
export function keyWarnings({ secret, algorithm, digits, period }: TotpKey): readonly string[] {
  const bits = secret.length * 5
  return [
    ...(bits < 128 ? [`The TOTP secret has ${bits} bits; RFC 4226 asks for 128 and recommends 160.`] : []),
    ...(algorithm.toUpperCase() !== 'SHA1' || digits !== 6 || period !== 30
      ? [`Several authenticator apps ignore algorithm=${algorithm}, digits=${digits}, period=${period} and use SHA1, 6, 30.`]
      : []),
  ]
}
