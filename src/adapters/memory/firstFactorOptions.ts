import type { FactorOption } from '../../core/attempt.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { identifierKey, masked } from './identifier.js'
import type { AttemptRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { channelsOf, secondFactorsOf } from './secondFactorOptions.js'

/**
 * The same for every identifier, known or not. A step-up knows its person, so it offers what they have and may say where a code goes; it leaves
 * out what no second factor could follow.
 */
export function firstFactorsOf(
  store: MemoryStore,
  { only, level, user, identifier }: Pick<AttemptRecord, 'only' | 'level' | 'user' | 'identifier'>,
): FactorOption<FirstStrategy>[] {
  const offered = store.settings.firstFactors
  if (only) return [optionOf(store, only)]
  if (level === 'second_factor') return []
  // A wallet and a reset are begun by their own `create`.
  const strategies = offered.filter((strategy) => !/^(web3|reset)_/.test(strategy))
  if (!level || !user) {
    const hasSso = ssoDomainOf(store, identifier)
    return strategies.filter((one) => one !== 'enterprise_sso' || hasSso).map((one) => optionOf(store, one))
  }
  const goesOn = (one: FirstStrategy) => level !== 'multi_factor' || one === 'passkey' || secondFactorsOf(store, user, [one])[0]
  return strategies.filter((one) => has(store, user, one) && goesOn(one)).map((one) => optionOf(store, one, user))
}

function optionOf(store: MemoryStore, strategy: FirstStrategy, user?: UserRecord): FactorOption<FirstStrategy> {
  const address = strategy.startsWith('email_') ? user?.email : strategy === 'phone_code' && user?.phone
  return {
    // The id under which callers know a passkey before there is an attempt.
    id: strategy === 'passkey' ? strategy : `${strategy}:1`,
    strategy,
    ...(address && { hint: masked(address) }),
    ...(strategy === 'password' && { primary: true }),
    ...(strategy.includes('phone_') && channelsOf(store)),
  }
}

function has(store: MemoryStore, user: UserRecord, strategy: FirstStrategy): boolean {
  if (strategy === 'password') return user.password !== undefined
  if (strategy === 'phone_code') return user.phone !== undefined
  if (strategy === 'passkey') return user.factors.some((factor) => factor.verified && factor.strategy === 'passkey')
  return strategy.startsWith('email_') || comesThrough(store, user, strategy)
}

export function comesThrough(store: MemoryStore, { providers, email }: UserRecord, strategy: FirstStrategy): boolean {
  return (
    (!providers || providers.includes(strategy)) && (strategy !== 'enterprise_sso' || ssoDomainOf(store, email) !== undefined)
  )
}

/** The one of the backend's domains that an address is in. */
export function ssoDomainOf({ settings }: MemoryStore, address: string | null): string | undefined {
  const key = identifierKey(address ?? '')
  return settings.ssoDomains.find((domain) => key.endsWith(`@${domain.toLowerCase()}`))
}
