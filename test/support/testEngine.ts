import type { AuthEvent } from '../../src/core/events.js'
import { createEngine } from '../../src/core/engine.js'
import { fakeClock } from './fakeClock.js'
import { scriptedAdapter, type ScriptedOptions } from './scriptedAdapter.js'

export const timeoutMs = 10_000

/** The engine on a scripted adapter, a clock that the test moves, and everything it says written down. */
export function testEngine(options: ScriptedOptions = {}) {
  const fake = scriptedAdapter(options)
  const clock = fakeClock()
  const events: AuthEvent[] = []
  const reported: unknown[] = []
  const warned: string[] = []
  const stored = new Map<string, string>()
  const engine = createEngine({
    adapter: fake.adapter,
    clock,
    timeoutMs,
    storage: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value) },
    emit: (event) => events.push(event),
    report: (thrown) => reported.push(thrown),
    warn: (message) => warned.push(message),
  })
  return { fake, clock, events, reported, warned, stored, engine, signIn: engine.signIn }
}
