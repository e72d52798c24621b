import { AuthError } from '../../core/AuthError.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { comeBack, dropAttempt, requireAttempt, requireSessionOf, showAttempt } from './attemptRecord.js'
import { passFirst } from './firstFactor.js'
import { comesThrough, ssoDomainOf } from './firstFactorOptions.js'
import { userByIdentifier } from './identifier.js'
import type { AttemptRecord, Browser, MemoryStore, UserRecord } from './memoryStore.js'
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
      if (!redirectUrl.startsWith(settings.providerUrl)) throw new Error('That does not lead to the provider.')
      const { searchParams } = new URL(redirectUrl)
      const back = searchParams.get('redirect_uri') ?? ''
      const state = ('brokenState' in answer && randomToken()) || (searchParams.get('state') ?? '')
      if ('denied' in answer) return withParameters(back, { error: 'access_denied', state })
      const code = randomToken()
      if ('as' in answer) providerCodes.set(code, answer.as)
      return withParameters(back, { code, state })
    },
  }
}

/** The attempt is away at the provider from now on. Rejects `not_supported` without a `redirectUrl` to come back to. */
export function leave(
  { settings }: MemoryStore,
  record: AttemptRecord,
  factorId: string,
  strategy: FirstStrategy,
  redirectUrl: string | undefined,
): void {
  const state = randomToken()
  const url = withParameters(settings.providerUrl, {
    client_id: 'latchkey',
    response_type: 'code',
    provider: strategy,
    redirect_uri: withParameters(redirectUrl, {}),
    state,
  })
  record.redirect = { factorId, strategy, state, url }
  record.status = 'needs_redirect'
}

/**
 * Each answer once, in the browser that asked: all others are `attempt_lost`. Rejects `redirect_denied`, and `no_account` for whoever has none
 * here; then an attempt that was begun without its provider is back at its first factor, and in the error.
 */
export function providerAnswered(store: MemoryStore, browser: Browser, state: string, code: string): AttemptRecord {
  const as = store.providerCodes.get(code)
  store.providerCodes.delete(code)
  const { id = '', redirect } = [...store.attempts.values()].find((one) => one.redirect?.state === state) ?? {}
  const record = requireAttempt(store, browser, id)
  comeBack(record)
  try {
    if (!redirect || as === undefined) throw refusal(store, record, 'redirect_denied')
    const user = store.users.get(as) ?? userByIdentifier(store, as)
    if (!user || !mayComeThrough(store, user, redirect.strategy)) throw refusal(store, record, 'no_account')
    if (record.level) {
      requireSessionOf(store, record)
      if (user !== record.user) throw refusal(store, record, 'session_mismatch')
    }
    // Whom the provider names, whoever was typed.
    if (user !== record.user) record.identifier = null
    passFirst(store, record, user, redirect.factorId, redirect.strategy)
  } catch (thrown) {
    if (record.only) dropAttempt(store, record)
    throw thrown
  }
  return record
}

function mayComeThrough(store: MemoryStore, user: UserRecord, strategy: FirstStrategy): boolean {
  return comesThrough(user, strategy) && (strategy !== 'enterprise_sso' || ssoDomainOf(store, user.email) !== undefined)
}

function refusal(store: MemoryStore, record: AttemptRecord, code: 'redirect_denied' | 'no_account' | 'session_mismatch') {
  return new AuthError(code, undefined, record.only ? {} : { attempt: showAttempt(store, record) })
}
