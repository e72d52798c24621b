import { AuthError } from '../../core/AuthError.js'
import type { CreateParams } from '../../core/attempt.js'
import { openAttempt } from './attemptRecord.js'
import { ssoDomainOf } from './firstFactorOptions.js'
import { requireIdentifier, userByIdentifier } from './identifier.js'
import type { AttemptRecord, Browser, MemoryStore } from './memoryStore.js'
import { leave } from './provider.js'
import { userByWallet } from './walletSignature.js'

/** An attempt for one way in. Rejects `not_supported` for one that is not offered, and `sso_not_found` for a domain that is none of the backend's. */
export function beginWith(
  store: MemoryStore,
  browser: Browser,
  params: Extract<CreateParams, { strategy: string }>,
): AttemptRecord {
  const { strategy: only } = params
  const { firstFactors, ssoDomains } = store.settings
  if (!firstFactors.includes(only)) throw new AuthError('not_supported')
  if ('address' in params) {
    const { address, chainId, origin } = params
    if (!URL.canParse(origin)) throw new AuthError('not_supported', 'A wallet needs the origin that the person is at.')
    const user = userByWallet(store, address)
    return openAttempt(store, browser, { identifier: address, user, only, wallet: { address, chainId, origin } })
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
  leave(store, record, `${only}:1`, only, params.redirectUrl)
  return record
}
