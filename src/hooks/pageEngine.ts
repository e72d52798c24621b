import type { AuthAdapter } from '../core/adapter.js'
import type { Clock } from '../core/clock.js'
import type { CooldownStorage } from '../core/cooldowns.js'
import { createEngine } from '../core/engine.js'
import type { AuthEvent } from '../core/events.js'
import { framedByAnother, refuseAll } from './framed.js'
import { pageWay } from './pageWay.js'
import { withDevices, type PageEngine, type PageOptions } from './withDevices.js'

export interface PageEngineParts extends PageOptions {
  readonly adapter: AuthAdapter
  /** Milliseconds. */
  readonly timeoutMs: number
  readonly redirectUrl?: string | undefined
  /** Work in a frame of another origin, too. */
  readonly allowFraming?: boolean | undefined
  readonly listeners: Iterable<(event: AuthEvent) => void>
}

/** The engine in a page: on its clock, resend waits in its storage, developers at its console, and listeners whose faults stay theirs. */
export function createPageEngine({
  listeners,
  redirectUrl,
  allowFraming,
  popup,
  history,
  ...parts
}: PageEngineParts): PageEngine {
  const refused = !allowFraming && framedByAnother()
  const engine = createEngine({
    ...parts,
    adapter: refused ? refuseAll(parts.adapter) : parts.adapter,
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
  if (refused) engine.warn('another site shows this page in a frame, so nothing is done here. See `allowFraming`.')
  return withDevices(engine, { popup, history })
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
