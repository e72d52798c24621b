import { AuthError } from '../../core/AuthError.js'
import type { ActiveSession } from '../../core/session.js'
import type { Browser, MemoryStore, Passed, SessionRecord, UserRecord } from './memoryStore.js'
import { randomId } from './randomText.js'
import { secondFactorsOf } from './secondFactorOptions.js'

/** Ends the browser's session before, so that nobody stays signed in behind another. */
export function startSession(
  store: MemoryStore,
  browser: Browser,
  user: UserRecord,
  first: Passed,
  second: Passed | null,
): SessionRecord {
  endSession(store, browser)
  const session: SessionRecord = {
    id: randomId('session'),
    user,
    expiresAt: store.clock.now() + store.settings.sessionMs,
    first,
    second: null,
    methods: new Map(),
  }
  store.sessions.add(session)
  browser.session = session
  prove(session, first, second)
  tellLater(browser)
  return session
}

/** Puts fresh proofs on a session; a second factor takes it to aal2. */
export function prove(session: SessionRecord, first: Passed | null, second: Passed | null): void {
  if (first) session.first = first
  if (second) session.second = second
  for (const passed of [first, second]) if (passed) session.methods.set(passed.method, passed.at)
}

export function endSession(store: MemoryStore, browser: Browser): void {
  if (!browser.session) return
  store.sessions.delete(browser.session)
  browser.session = null
  tellLater(browser)
}

/** The browser's session, `null` when there is none or it has expired or been ended from elsewhere. */
export function currentSession(store: MemoryStore, { session }: Browser): SessionRecord | null {
  return session && store.sessions.has(session) && session.expiresAt > store.clock.now() ? session : null
}

export function requireSession(store: MemoryStore, browser: Browser): SessionRecord {
  const session = currentSession(store, browser)
  if (!session) throw new AuthError('session_lost')
  return session
}

/** Refuses `step_up_required` where the person has a second factor and this session has not seen it. */
export function requireElevated(store: MemoryStore, session: SessionRecord): void {
  if (session.second || usableSecondFactors(store, session).length === 0) return
  throw new AuthError('step_up_required', undefined, { stepUp: { level: 'second_factor' } })
}

export function usableSecondFactors(store: MemoryStore, session: SessionRecord) {
  const methods: string[] = [...session.methods.keys()]
  return secondFactorsOf(store, session.user, oneActProvedBoth(session) ? [...methods, 'user_verification'] : methods)
}

/** A passkey has checked its person: it may do so again, where nothing else was proved. */
export function oneActProvedBoth({ first, second }: SessionRecord): boolean {
  return first === second
}

/** Ends the user's sessions in other browsers than this one. */
export function endOthers(store: MemoryStore, user: UserRecord, own: SessionRecord | null): void {
  for (const other of store.sessions) if (other.user === user && other !== own) store.sessions.delete(other)
}

export function showSession(store: MemoryStore, session: SessionRecord): ActiveSession {
  const now = store.clock.now()
  const { user, first, second } = session
  return {
    id: session.id,
    user: { id: user.id, label: user.label ?? user.email },
    currentLevel: second ? 'aal2' : 'aal1',
    nextLevel: second || usableSecondFactors(store, session).length > 0 ? 'aal2' : 'aal1',
    methods: [...session.methods].map(([method, at]) => ({ method, ageMs: now - at })),
    firstFactorAgeMs: now - first.at,
    ...(second && { secondFactorAgeMs: now - second.at }),
    expiresInMs: session.expiresAt - now,
  }
}

/** Never inside the caller's own stack: a listener may ask the adapter at once. */
export function tellLater(browser: Browser): void {
  queueMicrotask(browser.listeners.tell)
}
