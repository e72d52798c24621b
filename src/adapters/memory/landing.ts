import type { SignInAttempt } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { comeBack, requireSessionOf, requireStatus, showAttempt } from './attemptRecord.js'
import { requireSent } from './codeChallenge.js'
import { passFirst } from './firstFactor.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { providerAnswered } from './provider.js'
import { randomId } from './randomText.js'
import { linkParameter, readAddress } from './returnAddress.js'
import { passSecond, requireSecondStep } from './secondFactor.js'

/** A page to which a link or a provider has led. `null`: any other page. */
export function land(store: MemoryStore, browser: Browser, url: string): { attempt: SignInAttempt; cleanUrl: string } | null {
  if (!URL.canParse(url)) return null
  const { parameters, cleanUrl } = readAddress(url)
  const [token, state, code, error] = [linkParameter, 'state', 'code', 'error'].map((name) => parameters.get(name))
  if (token) return { attempt: openLink(store, browser, token), cleanUrl }
  if (!state || !(code || error)) return null
  return { attempt: showAttempt(store, providerAnswered(store, browser, state, code ?? '')), cleanUrl }
}

/**
 * Rejects `code_expired`, `link_other_device` where another browser must not, and `code_incorrect_or_expired` for every token that is unknown,
 * used or not the newest.
 */
function openLink(store: MemoryStore, browser: Browser, token: string): SignInAttempt {
  const { emailLink, emailLinkSameBrowser } = store.settings
  const { record, step, factorId } = findLink(store, token)
  const isHere = record.browser === browser
  // A step-up is of a session, which stays where it is.
  const moves = !isHere && emailLink === 'opened_tab'
  if (!isHere && (emailLinkSameBrowser || (moves && record.level))) throw new AuthError('link_other_device')
  if (record.level) requireSessionOf(store, record)
  comeBack(record)
  if (moves) {
    if (record.browser.attempt === record) record.browser.attempt = null
    record.browser = browser
  }
  if (step === 'second') passSecond(store, record, requireSecondStep(store, record), factorId, 'email_link')
  else {
    requireStatus(record, 'needs_first_factor')
    if (record.user) passFirst(store, record, record.user, factorId, 'email_link')
  }
  return record.browser === browser ? showAttempt(store, record) : elsewhere(showAttempt(store, record))
}

function findLink(store: MemoryStore, token: string) {
  for (const record of store.attempts.values()) {
    for (const step of ['first', 'second'] as const) {
      for (const challenge of record[step].challenges.values()) {
        const { sent, factorId } = challenge
        if (!sent?.isLink || sent.code !== token || !record.user) continue
        requireSent(store, challenge)
        return { record, step, factorId }
      }
    }
  }
  throw new AuthError('code_incorrect_or_expired')
}

/** What a browser is told whose person waits in another: nothing of the attempt, not even its id. */
function elsewhere({ purpose }: SignInAttempt): SignInAttempt {
  return {
    id: randomId('attempt'),
    purpose,
    identifier: null,
    status: 'verified_elsewhere',
    supportedFirstFactors: [],
    supportedSecondFactors: null,
    firstFactorVerification: null,
    secondFactorVerification: null,
    cancelSignsOut: false,
  }
}
