import { AuthError } from '../../core/AuthError.js'
import type { CreateParams } from '../../core/attempt.js'
import { isAddressOf, isSameAddress } from '../../core/walletAddress.js'
import { openAttempt } from './attemptRecord.js'
import { ssoDomainOf } from './firstFactorOptions.js'
import { requireIdentifier, userByIdentifier } from './identifier.js'
import type { AttemptRecord, Browser, MemoryStore } from './memoryStore.js'
import { prepareFactor } from './prepareFactor.js'

/**
 * An attempt for one way in. Rejects `not_supported` for one that is not offered, `sso_not_found` for a domain that is none of the backend's, and
 * `identifier_invalid` for a wallet whose address or page is none.
 */
export function beginWith(
  store: MemoryStore,
  browser: Browser,
  params: Extract<CreateParams, { strategy: string }>,
): AttemptRecord {
  const { strategy: only } = params
  const { firstFactors, ssoDomains } = store.settings
  if (!firstFactors.includes(only)) throw new AuthError('not_supported')
  if ('address' in params) {
    const { address, origin } = params
    if (!isAddressOf(only, address) || !URL.canParse(origin)) throw new AuthError('identifier_invalid')
    const user = [...store.users.values()].find(({ wallets }) => wallets?.some((one) => isSameAddress(one, address))) ?? null
    return openAttempt(store, browser, { identifier: address, user, only, wallet: { ...params } })
  }
  if (!('redirectUrl' in params)) {
    const { identifier } = params
    requireIdentifier(store, identifier)
    return openAttempt(store, browser, { identifier, user: userByIdentifier(store, identifier), only })
  }
  const { identifier = null, connection } = params as { identifier?: string; connection?: string }
  const isKnown = connection ? ssoDomains.includes(connection) : ssoDomainOf(store, identifier)
  if (only === 'enterprise_sso' && !isKnown) throw new AuthError('sso_not_found')
  const record = openAttempt(store, browser, { identifier, user: null, only })
  prepareFactor(store, record, 'first', { factorId: `${only}:1`, redirectUrl: params.redirectUrl })
  return record
}
