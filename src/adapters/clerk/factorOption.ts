import { AuthError } from '../../core/AuthError.js'
import type { FactorOption, Proof, Verification } from '../../core/attempt.js'
import type { Json } from '../../core/json.js'
import type { Strategy } from '../../core/strategy.js'
import type { ClerkFactor, ClerkVerification } from './clerkInstance.js'

/** As Clerk's own client asks for news of a link. */
const pollEveryMs = 1000

/** Older instances still say `saml`. */
export const strategyOf = (theirs: string) => (theirs === 'saml' ? 'enterprise_sso' : theirs) as Strategy

/** The parameter that names the address, number, wallet or connection of a factor. */
export function targetOf({ emailAddressId, phoneNumberId, web3WalletId, enterpriseConnectionId }: ClerkFactor) {
  return { emailAddressId, phoneNumberId, web3WalletId, enterpriseConnectionId }
}

function idOf(factor: ClerkFactor): string {
  return [strategyOf(factor.strategy), ...Object.values(targetOf(factor)).filter(Boolean)].join(':')
}

export function find(factors: readonly ClerkFactor[] | null | undefined, id: string): ClerkFactor | undefined {
  return factors?.find((factor) => idOf(factor) === id)
}

export function optionOf<S extends Strategy>(factor: ClerkFactor): FactorOption<S> {
  const { safeIdentifier: hint, walletName, enterpriseConnectionName, channel } = factor
  const label = walletName ?? enterpriseConnectionName
  // Clerk's own `primary` is an address's rank among addresses.
  const primary = factor.default || undefined
  return { id: idOf(factor), strategy: strategyOf(factor.strategy) as S, hint, label, primary, channels: channel && [channel] }
}

/** `sent`: the factor that was prepared last; Clerk names the strategy only. */
export function verificationOf(
  { status, strategy, message, nonce }: ClerkVerification,
  options: readonly FactorOption[],
  sent: string | undefined,
): Verification | null {
  const same = options.filter((option) => strategy && option.strategy === strategyOf(strategy))
  const factorId = (same.find(({ id }) => id === sent) ?? same[0])?.id
  if (!status || !factorId) return null
  return {
    factorId,
    status: status === 'transferable' ? 'failed' : (status as Verification['status']),
    message: message ?? undefined,
    publicKey: nonce && strategy === 'passkey' ? (JSON.parse(nonce) as Json) : undefined,
    pollEveryMs: strategy === 'email_link' && status === 'unverified' ? pollEveryMs : undefined,
  }
}

/** The parameters of an attempt. Clerk compares codes as text. */
export function proofOf(strategy: string, { code, password, signature, credential }: Partial<Record<KeyOf<Proof>, unknown>>) {
  if (credential) return { strategy, publicKeyCredential: decoded(credential) }
  const spare = strategy === 'backup_code' ? /\s/g : /\D/g
  return { strategy, password, signature, code: typeof code === 'string' ? code.replace(spare, '') : undefined }
}

type KeyOf<U> = U extends unknown ? keyof U : never

/** The browser's credential out of its JSON form: Clerk's client makes the JSON itself. */
function decoded(credential: unknown): object {
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
