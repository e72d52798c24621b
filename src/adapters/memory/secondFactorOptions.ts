import type { FactorOption } from '../../core/attempt.js'
import type { SecondStrategy } from '../../core/strategy.js'
import { masked } from './identifier.js'
import type { FactorRecord, KeyFactor, MemoryStore, UserRecord } from './memoryStore.js'
import { backupCodesLeft } from './user.js'

/** A mailbox, a phone and a key are one thing to have, however they are asked. */
const thingOf = (method: string) => /(email|phone)_|key$/.exec(method)?.[0] ?? method

/**
 * What this user can prove as a second factor after `firstMethods`, in the order of the backend's offer. What came first is left out where
 * nothing else came: one mailbox is one factor. Backup codes stand in for a factor, so alone they are none.
 */
export function secondFactorsOf(
  store: MemoryStore,
  user: UserRecord,
  firstMethods: readonly string[],
): FactorOption<SecondStrategy>[] {
  const offered = store.settings.secondFactors
  const firsts = firstMethods.filter((method) => method !== 'totp' && method !== 'backup_code').map(thingOf)
  const proved = user.factors.filter(
    ({ verified, strategy }) => verified && (strategy === 'totp' || firsts.some((thing) => thing !== thingOf(strategy))),
  )
  const factors = offered.flatMap((strategy) => optionsOf(store, strategy, proved))
  if (factors.length > 0 && offered.includes('backup_code') && backupCodesLeft(user) > 0) {
    factors.push({ id: 'backup_code:1', strategy: 'backup_code' })
  }
  const chosen = factors.find(({ primary }) => primary) ?? factors[0]
  return factors.map((factor) => ({ ...factor, primary: factor === chosen }))
}

function optionsOf(
  store: MemoryStore,
  strategy: SecondStrategy,
  proved: readonly FactorRecord[],
): FactorOption<SecondStrategy>[] {
  // A mailbox is one, and of its keys the person picks one when they are asked.
  const isOne = /^email_|key$/.test(strategy)
  const kind = strategy === 'email_link' ? 'email_code' : strategy
  const theirs = isOne && kind !== 'email_code' ? keysOf(store, proved, kind) : proved.filter((one) => one.strategy === kind)
  return theirs.slice(0, isOne ? 1 : undefined).map((factor) => ({
    id: `${strategy}:${isOne ? 2 : factor.id}`,
    strategy,
    ...hintOf(factor),
    label: isOne && theirs[1] ? undefined : factor.friendlyName,
    primary: factor.isDefault,
    ...(strategy === 'phone_code' && channelsOf(store)),
  }))
}

/** A kind of key that is no second factor here answers for the other one. */
export function keysOf({ settings }: MemoryStore, factors: readonly FactorRecord[], strategy: string): ProvedKey[] {
  const both = settings.secondFactors.filter((one) => one.endsWith('key')).length > 1
  return factors.filter(isKey).filter((factor) => !both || factor.strategy === strategy)
}

export function channelsOf({ settings: { phoneChannels } }: MemoryStore) {
  return phoneChannels[0] ? { channels: phoneChannels } : {}
}

export function hintOf(factor: FactorRecord): { hint?: string } {
  return 'address' in factor ? { hint: masked(factor.address) } : {}
}

type ProvedKey = KeyFactor & { readonly credential: NonNullable<KeyFactor['credential']> }

export function isKey(factor: FactorRecord): factor is ProvedKey {
  return 'credential' in factor && factor.credential !== null
}
