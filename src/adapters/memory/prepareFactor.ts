import { AuthError } from '../../core/AuthError.js'
import type { FactorOption, PrepareParams } from '../../core/attempt.js'
import { preparationOf } from '../../core/screenOf.js'
import type { Channel } from '../../core/strategy.js'
import { comeBack, prolong, requireOption, requireStatus, secondFactorsFor } from './attemptRecord.js'
import { sendCode } from './codeChallenge.js'
import { firstFactorsOf } from './firstFactorOptions.js'
import { identifierKey } from './identifier.js'
import type { AttemptRecord, FactorStep, MemoryStore, Sent } from './memoryStore.js'
import { askKey } from './passkey.js'
import { askProvider } from './provider.js'
import { factorOf, refuseLocked } from './user.js'
import { askWallet } from './walletSignature.js'

/**
 * Asks for a proof, in the place of what was asked before: sends a code or a link, challenges a key, or leaves for a provider. Sending goes the same way for an address that nobody has, tries and
 * waits included; only the message is not sent. Rejects `rate_limited` with `retryInMs` when asked again too early, by another attempt for the
 * same address too.
 */
export function prepareFactor(store: MemoryStore, record: AttemptRecord, step: FactorStep, params: PrepareParams): void {
  const { user } = record
  const { factorId } = params
  if (step === 'first') comeBack(record)
  requireStatus(record, `needs_${step}_factor`)
  if (step === 'second' && user) refuseLocked(store, user)
  const options: readonly FactorOption[] | null =
    step === 'first' ? firstFactorsOf(store, record) : secondFactorsFor(store, record)
  const option = requireOption(options, factorId)
  const { strategy } = option
  const sent = /^(oauth_|enterprise_sso$)/.test(strategy)
    ? askProvider(store, strategy, params.redirectUrl)
    : strategy.endsWith('key')
      ? askKey(store, record, step, strategy)
      : step === 'first' && record.wallet
        ? askWallet(store, record.wallet)
        : send(store, record, step, option, params)
  if (sent.providerUrl) record.status = 'needs_redirect'
  record[step].challenges.set(factorId, { factorId, triesLeft: store.settings.triesPerChallenge, sent })
  record[step].current = factorId
  prolong(store, record, sent.expiresAt - store.clock.now())
}

function send(
  store: MemoryStore,
  { user, level, purpose, identifier }: AttemptRecord,
  step: FactorStep,
  { id, strategy, channels }: FactorOption,
  { channel, redirectUrl = '' }: PrepareParams,
): Sent {
  if (preparationOf(strategy) !== 'act') throw new AuthError('not_supported')
  const isPhone = strategy.includes('phone_')
  const factor = user && factorOf(user, id)
  const address = factor && 'address' in factor ? factor.address : isPhone ? user?.phone : user?.email
  return sendCode(store, {
    to: address,
    channel: isPhone ? chosen(channel, channels) : 'email',
    purpose: purpose === 'reset_password' ? purpose : `${step}_factor`,
    // By what was typed until the person is known: another spelling of one person must not tell that it is one.
    askedKey: [!level, id, step === 'second' ? user?.id : identifierKey(identifier ?? '')].join(),
    ...(strategy === 'email_link' && { redirectUrl }),
  })
}

/** Rejects `not_supported` for a channel that is not offered. */
export function chosen(wanted: Channel | undefined, channels: readonly Channel[] = ['sms']): Channel {
  const channel = wanted ?? channels[0]
  if (!channel || !channels.includes(channel)) throw new AuthError('not_supported')
  return channel
}
