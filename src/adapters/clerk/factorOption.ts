import type { FactorOption, Verification } from '../../core/attempt.js'
import type { Json } from '../../core/json.js'
import type { Strategy } from '../../core/strategy.js'
import type { ClerkFactor, ClerkVerification } from './clerkInstance.js'

/** As Clerk's own client asks for news of a link. */
const pollEveryMs = 1000

/** Older instances still say `saml`. */
export const strategyOf = (theirs: string) => (theirs === 'saml' ? 'enterprise_sso' : theirs) as Strategy

/** The parameter that names the address, number, wallet or connection of a factor. */
export function targetOf({ emailAddressId, phoneNumberId, web3WalletId, enterpriseConnectionId }: Partial<ClerkFactor> = {}) {
  return { emailAddressId, phoneNumberId, web3WalletId, enterpriseConnectionId }
}

function idOf(factor: ClerkFactor): string {
  return [strategyOf(factor.strategy), ...Object.values(targetOf(factor)).filter(Boolean)].join(':')
}

/** What an option's id begins with. */
export const strategyIn = (id: string) => id.split(':')[0] as Strategy

export function findFactor(factors: readonly ClerkFactor[] | null | undefined, id: string): ClerkFactor | undefined {
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
export function proofOf(
  strategy: string,
  { code, password, signature }: { code?: string; password?: string; signature?: string },
) {
  return { strategy, password, signature, code: code?.replace(strategy === 'backup_code' ? /\s/g : /\D/g, '') }
}
