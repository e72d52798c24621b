import { expect, vi } from 'vitest'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { factorQueryOf, sessionQueryOf } from '../../src/hooks/sessionQuery.js'
import { findSecret } from '../../src/testing/findSecret.js'

/**
 * Everything that this page, its storage, its console and its app could tell, and what must not be in it. Spies stand until
 * `vi.restoreAllMocks()` and `vi.unstubAllGlobals()`. `also`: what else the test can see, such as a backend's log.
 */
export function watchSecrets(adapter: AuthAdapter, also: object = {}) {
  const secrets = new Map<string, string>()
  const told: unknown[] = []
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void told.push(said))
  vi.stubGlobal('reportError', (thrown: unknown) => told.push(thrown))
  for (const way of ['pushState', 'replaceState'] as const) {
    const real = history[way].bind(history)
    vi.spyOn(history, way).mockImplementation((...given) => {
      told.push(given)
      real(...given)
    })
  }
  return {
    /** What an app was told: events, errors, and whatever else it gets in its hands. */
    told,
    keep: (what: string, ...found: string[]) => found.forEach((one) => secrets.set(one, what)),
    /** `shown`: secrets that the screen is there to show, or that stand in its field. */
    look(step: string, shown: readonly string[] = []) {
      const hidden = new Map([...secrets].filter(([one]) => !shown.includes(one)))
      const fields = [...document.querySelectorAll('input')].map(({ value }) => value)
      expect(findSecret([document.documentElement.outerHTML, fields], hidden, step)).toBeUndefined()
      const elsewhere = {
        address: location.href,
        history: history.state as unknown,
        storage: [{ ...localStorage }, { ...sessionStorage }],
        cookies: document.cookie,
        session: sessionQueryOf(adapter).get(),
        factors: factorQueryOf(adapter).get(),
        also,
        told,
      }
      expect(findSecret(elsewhere, secrets, step)).toBeUndefined()
    },
  }
}
