import type { AuthAdapter } from './adapter.js'
import type { Clock } from './clock.js'
import type { Page } from './continueSignIn.js'
import { createCooldowns, type Cooldowns, type CooldownStorage } from './cooldowns.js'
import type { AuthEvent } from './events.js'
import { createLane, type Lane } from './lane.js'
import { createSessionSource, type SessionSource } from './sessionSource.js'
import { createSignInRunner } from './signInRunner.js'
import type { SignInRunner } from './signInVerbs.js'

export interface EngineOptions {
  readonly adapter: AuthAdapter
  readonly clock: Clock
  readonly storage?: CooldownStorage | undefined
  readonly page?: Page | undefined
  /** After which a call counts as unanswered. Milliseconds. */
  readonly timeoutMs: number
  readonly emit: (event: AuthEvent) => void
  /** Gets what a consumer's callback throws. */
  readonly report: (thrown: unknown) => void
  /** Tells a developer what their users cannot mend. Gets no secret. */
  readonly warn: (message: string) => void
}

/** All that stands between the screens and one adapter. Creating it asks nothing and starts nothing. */
export interface Engine extends EngineOptions {
  readonly lane: Lane
  readonly sessions: SessionSource
  readonly cooldowns: Cooldowns
  readonly signIn: SignInRunner
}

export function createEngine(options: EngineOptions): Engine {
  const { adapter, clock, timeoutMs, storage } = options
  const lane = createLane(clock, timeoutMs)
  const sessions = createSessionSource(adapter, clock, timeoutMs, () => lane.idle())
  const cooldowns = createCooldowns(clock, adapter.name, storage)
  const signIn = createSignInRunner({ ...options, lane, sessions, cooldowns })
  return { ...options, lane, sessions, cooldowns, signIn }
}
