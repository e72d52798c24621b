import type { AuthAdapter } from '../core/adapter.js'
import type { Clock } from '../core/clock.js'
import type { CooldownStorage } from '../core/cooldowns.js'
import { createEngine, type Engine } from '../core/engine.js'
import type { AuthEvent } from '../core/events.js'
import { pageWay } from './pageWay.js'

export interface PageEngineParts {
  readonly adapter: AuthAdapter
  /** Milliseconds. */
  readonly timeoutMs: number
  readonly redirectUrl?: string | undefined
  readonly listeners: Iterable<(event: AuthEvent) => void>
}

/** The engine in a page: on its clock, resend waits in its storage, developers at its console, and listeners whose faults stay theirs. */
export function createPageEngine({ listeners, redirectUrl, ...parts }: PageEngineParts): Engine {
  return createEngine({
    ...parts,
    clock: pageClock,
    storage: pageStorage,
    page: pageWay(redirectUrl),
    report: (thrown) => reportError(thrown),
    warn: (message) => console.warn(`Latchkey: ${message}`),
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (thrown) {
          reportError(thrown)
        }
      }
    },
  })
}

const pageClock: Clock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

const pageStorage: CooldownStorage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
}
