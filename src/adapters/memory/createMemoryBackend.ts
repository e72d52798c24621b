import type { AuthAdapter, MfaApi, SessionApi, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AuthError, AuthErrorCode } from '../../core/AuthError.js'
import { type Commits, type MemoryCall, type MemoryLine, type MemoryVerb, memoryFault, overLine } from './memoryCall.js'
import { type MemoryClock, memoryClock } from './memoryClock.js'
import { memoryBackupCodes, memoryMfa } from './memoryMfa.js'
import { memoryCapabilities } from './memoryCapabilities.js'
import type { MemoryOptions } from './memoryOptions.js'
import { type MemoryOutbox, memoryOutbox } from './memoryOutbox.js'
import { memorySession } from './memorySession.js'
import { memorySettings } from './memorySettings.js'
import { memorySignIn } from './memorySignIn.js'
import { detectStepUp, memoryStepUp } from './memoryStepUp.js'
import { type MemoryStore, newBrowser } from './memoryStore.js'
import { type MemoryUsers, memoryUsers } from './memoryUsers.js'
import { type MemoryProvider, memoryProvider } from './provider.js'
import { randomId } from './randomText.js'

export interface MemoryBackend {
  /** The adapter of the browser `default`. */
  readonly adapter: AuthAdapter
  /**
   * Another adapter on the same users. Adapters of one browser share session, attempts and trust, as its tabs do; without a name it is a
   * browser of its own. Connecting again to a browser plays a reload.
   */
  connect(options?: { readonly browser?: string }): AuthAdapter
  readonly users: MemoryUsers
  readonly outbox: MemoryOutbox
  readonly clock: MemoryClock
  /** Plays the pages to which `oauth_*` and `enterprise_sso` lead. */
  readonly provider: MemoryProvider
  /** Every call in order. Holds no password, code or secret. */
  readonly calls: readonly MemoryCall[]
  /** How long each call takes to reach the backend. `Infinity`: it never does. */
  latencyMs: number
  /**
   * The next call of `verb` rejects with `error` and changes nothing; with `afterCommit` it happens and only its answer is lost. Where only
   * the code is given, `network`, `unavailable` and `unknown` have the outcome `unknown`. Several wait in line.
   */
  failNext(verb: MemoryVerb, error: AuthErrorCode | AuthError, options?: { readonly afterCommit?: boolean }): void
}

/**
 * A whole backend in a variable, for tests, stories and demos: users, sessions, attempts, codes and factors, apart from every other backend's.
 * Its rules are a strict server's: codes expire and work once, the newest is the only good one, unknown and known addresses get the same
 * answers, order is enforced. It keeps passwords in plain text and forgets everything with the page: never for real users.
 */
export function createMemoryBackend(options: MemoryOptions = {}): MemoryBackend {
  const settings = memorySettings(options)
  const store: MemoryStore = {
    settings,
    clock: memoryClock(options.manualTime),
    outbox: memoryOutbox(),
    users: new Map(),
    sessions: new Set(),
    attempts: new Map(),
    browsers: new Map(),
    asked: new Map(),
    providerCodes: new Map(),
  }
  const users = memoryUsers(store)
  users.add(...(options.users ?? []))
  const line: MemoryLine = { latencyMs: options.latencyMs ?? 0, calls: [], faults: new Map(), now: store.clock.now }

  function connect({ browser: name = randomId('browser') }: { readonly browser?: string } = {}): AuthAdapter {
    const browser = store.browsers.get(name) ?? newBrowser()
    store.browsers.set(name, browser)
    const over = <Api extends object>(part: string, commits: Commits<Api>) => overLine<Api>(line, name, part, commits)
    return {
      name: 'memory',
      capabilities: memoryCapabilities(settings),
      signIn: over<SignInApi>('signIn', memorySignIn(store, browser)),
      session: {
        ...over<Omit<SessionApi, 'subscribe'>>('session', memorySession(store, browser)),
        subscribe: browser.listeners.add,
      },
      stepUp: {
        levels: ['first_factor', 'second_factor', 'multi_factor'],
        ...over<Pick<StepUpApi, 'create'>>('stepUp', memoryStepUp(store, browser)),
        detect: detectStepUp,
      },
      mfa: {
        ...over<Omit<MfaApi, 'backupCodes'>>('mfa', memoryMfa(store, browser)),
        ...(settings.secondFactors.includes('backup_code') && {
          backupCodes: over<NonNullable<MfaApi['backupCodes']>>('mfa.backupCodes', memoryBackupCodes(store, browser)),
        }),
      },
    }
  }

  return Object.assign(line, {
    adapter: connect({ browser: 'default' }),
    connect,
    users,
    outbox: store.outbox,
    clock: store.clock,
    provider: memoryProvider(store),
    failNext(verb: MemoryVerb, error: AuthErrorCode | AuthError, { afterCommit = false } = {}) {
      line.faults.set(verb, [...(line.faults.get(verb) ?? []), { error: memoryFault(error), afterCommit }])
    },
  })
}

/** The adapter alone, where no lever is needed. */
export function memoryAdapter(options?: MemoryOptions): AuthAdapter {
  return createMemoryBackend(options).adapter
}
