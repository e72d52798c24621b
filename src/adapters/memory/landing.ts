import type { SignInAttempt } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { comeBack, findSent, openAttempt, requireSessionOf, showAttempt } from './attemptRecord.js'
import { requireSent } from './codeChallenge.js'
import { passFirst } from './firstFactor.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { providerAnswered } from './provider.js'
import { linkParameter } from './returnAddress.js'
import { passSecond, requireSecondStep } from './secondFactor.js'

/** A page to which a link or a provider has led. `null`: it was neither. */
export function land(store: MemoryStore, browser: Browser, url: string): { attempt: SignInAttempt; cleanUrl: string } | null {
  if (!URL.canParse(url)) return null
  const clean = new URL(url)
  const [token, state, code, error] = [linkParameter, 'state', 'code', 'error'].map((name) => {
    const value = clean.searchParams.get(name)
    clean.searchParams.delete(name)
    return value
  })
  const cleanUrl = clean.href
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
  const found = findSent(store, token, 'isLink')
  const user = found?.record.user
  if (!found || !user) throw new AuthError('code_incorrect_or_expired')
  const { record, step, factorId, challenge } = found
  requireSent(store, challenge)
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
  else passFirst(store, record, user, factorId, 'email_link')
  if (record.browser === browser) return showAttempt(store, record)
  // One of its own: it tells nothing of the attempt that waits, not even its id.
  return showAttempt(store, openAttempt(store, browser, { identifier: null, user: null, status: 'verified_elsewhere' }))
}
