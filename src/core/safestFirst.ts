import type { FactorOption } from './attempt.js'
import type { Strategy } from './strategy.js'

/** What a look-alike page cannot pass on comes first; messages come last, because others can read or divert them. */
function rank(strategy: Strategy): number {
  if (strategy === 'passkey') return 0
  if (strategy === 'security_key') return 1
  if (strategy === 'totp') return 2
  if (strategy.includes('phone_')) return 4
  return strategy.includes('email_') ? 5 : 3
}

/** The safest ways first (NIST SP 800-63B-4 §2.2.2, §3.1.3.1); among equals the adapter's order stands. */
export const safestFirst = <S extends Strategy>(factors: readonly FactorOption<S>[]): readonly FactorOption<S>[] =>
  [...factors].sort((a, b) => rank(a.strategy) - rank(b.strategy))
