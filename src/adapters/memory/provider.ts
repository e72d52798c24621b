import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import { comeBack, dropAttempt, findSent, requireAttempt, requireOption, requireSessionOf, showAttempt } from './attemptRecord.js'
import { passFirst } from './firstFactor.js'
import { comesThrough, firstFactorsOf } from './firstFactorOptions.js'
import { userByIdentifier } from './identifier.js'
import type { AttemptRecord, Browser, MemoryStore, Sent } from './memoryStore.js'
import { randomToken } from './randomText.js'
import { withParameters } from './returnAddress.js'

/** What happens on the provider's pages. */
export type ProviderAnswer =
  /** Somebody signs in there: a user's address or id, or anybody's. */
  | { readonly as: string }
  /** The person gives up, or does not allow it. */
  | { readonly denied: true }
  /** The answer is not to this browser's question. */
  | { readonly brokenState: true }

/** Google, Okta and the others in one: nothing of it is on the network. */
export interface MemoryProvider {
  /**
   * Goes through the pages to which an attempt's `redirectUrl` leads. Answers with the address at which the browser comes back, for
   * `signIn.resume({ url })`. Throws where `redirectUrl` leads elsewhere.
   */
  answer(redirectUrl: string, answer: ProviderAnswer): string
}

export function memoryProvider({ settings, providerCodes }: MemoryStore): MemoryProvider {
  return {
    answer(redirectUrl, answer) {
      if (!redirectUrl.startsWith(settings.providerUrl)) throw new Error('Not the provider.')
      const { searchParams } = new URL(redirectUrl)
      const [back = '', asked = ''] = ['redirect_uri', 'state'].map((name) => searchParams.get(name) ?? '')
      const [state, code] = ['brokenState' in answer ? randomToken() : asked, randomToken()]
      if ('denied' in answer) return withParameters(back, { error: 'access_denied', state })
      if ('as' in answer) providerCodes.set(code, answer.as)
      return withParameters(back, { code, state })
    },
  }
}

/** Asks a provider, whose answer may come in a pop-up. Rejects `not_supported` without a `redirectUrl` to come back to. */
export function askProvider({ settings, clock }: MemoryStore, provider: string, redirectUrl: string | undefined): Sent {
  const { pollMs, attemptMs } = settings
  const state = randomToken()
  const query = { provider, redirect_uri: withParameters(redirectUrl, {}), state }
  return {
    code: state,
    expiresAt: clock.now() + attemptMs,
    providerUrl: withParameters(settings.providerUrl, query),
    facts: { pollEveryMs: pollMs },
  }
}

/**
 * Each answer once, in the browser that asked: all others are `attempt_lost`. Rejects `redirect_denied`, and `no_account` for whoever has none
 * here; then an attempt that was begun without its provider is back at its first factor, and in the error.
 */
export function providerAnswered(store: MemoryStore, browser: Browser, state: string, code: string): AttemptRecord {
  const { users, providerCodes } = store
  const as = providerCodes.get(code)
  providerCodes.delete(code)
  const found = findSent(store, state, 'providerUrl')
  const record = requireAttempt(store, browser, found?.record.id ?? '')
  const factorId = found?.factorId ?? ''
  const { strategy } = requireOption(firstFactorsOf(store, record), factorId)
  comeBack(record)
  const refusal = (code: AuthErrorCode) =>
    new AuthError(code, undefined, record.only ? {} : { attempt: showAttempt(store, record) })
  try {
    if (as === undefined) throw refusal('redirect_denied')
    const user = users.get(as) ?? userByIdentifier(store, as)
    if (!user || !comesThrough(store, user, strategy)) throw refusal('no_account')
    if (record.level && requireSessionOf(store, record).user !== user) throw refusal('session_mismatch')
    // Whom the provider names, whoever was typed.
    if (user !== record.user) record.identifier = null
    passFirst(store, record, user, factorId, strategy)
  } catch (thrown) {
    if (record.only) dropAttempt(store, record)
    throw thrown
  }
  return record
}
