import { AuthError } from '../../core/AuthError.js'
import type { FactorOption } from '../../core/attempt.js'
import { firstFactorsOf, prolong, requireOption, requireStatus, secondFactorsFor } from './attemptRecord.js'
import { resendInMs } from './codeChallenge.js'
import type { AttemptRecord, MemoryStore } from './memoryStore.js'
import { randomCode } from './randomText.js'
import { emailKey, refuseLocked } from './user.js'

/**
 * Sends a code in the place of any before it. Goes the same way for an address that nobody has, tries and waits included; only the message is
 * not sent. Rejects `rate_limited` with `retryInMs` when asked again too early, by another attempt for the same address too.
 */
export function prepareFactor(store: MemoryStore, record: AttemptRecord, step: 'first' | 'second', factorId: string): void {
  const { settings, clock, outbox, asked } = store
  const { user } = record
  requireStatus(record, `needs_${step}_factor`)
  if (step === 'second' && user) refuseLocked(store, user)
  const options: readonly FactorOption[] | null = step === 'first' ? firstFactorsOf(record) : secondFactorsFor(store, record)
  if (requireOption(options, factorId).strategy !== 'email_code') {
    throw new AuthError('not_supported')
  }
  const now = clock.now()
  const askedKey = [!record.level, step, emailKey(record.identifier)].join()
  const retryInMs = resendInMs(store, askedKey)
  if (retryInMs > 0) throw new AuthError('rate_limited', undefined, { retryInMs })
  asked.set(askedKey, now)
  const code = randomCode(settings.codeLength, settings.codeType)
  if (user) outbox.send({ to: user.email, channel: 'email', code, purpose: `${step}_factor`, at: now })
  const sent = { code, expiresAt: now + settings.codeMs, askedKey }
  record[step].challenges.set(factorId, { factorId, triesLeft: settings.triesPerChallenge, sent })
  record[step].current = factorId
  prolong(store, record, settings.codeMs)
}
