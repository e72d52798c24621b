import type { AuthAdapter } from '../core/adapter.js'
import type { Clock } from '../core/clock.js'
import type { Engine } from '../core/engine.js'
import type { AuthEvent } from '../core/events.js'
import type { FlowState } from '../core/flow.js'
import { initialState } from '../core/initialState.js'
import type { SignInRunner } from '../core/signInVerbs.js'
import { createStore } from '../core/store.js'
import type { createPageEngine } from './pageEngine.js'

export interface ClientOptions {
  readonly adapter: AuthAdapter
  /** Milliseconds. */
  readonly timeoutMs: number
  readonly redirectUrl?: string | undefined
}

/** What one `AuthProvider` holds: the first screen's store at once, the engine behind it when it is needed. */
export interface AuthClient extends ClientOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The same runner before and after the engine has arrived. */
  readonly signIn: SignInRunner
  /** The engine, made with the given factory where there is none yet. */
  engine(create: typeof createPageEngine): Engine
  /** Fetches the engine, so that the first submit need not wait for it. */
  preload(): Promise<Engine>
  /** Hears every event until the answer is called. */
  listen(onEvent: (event: AuthEvent) => void): () => void
}

/** Apart from the engine's, whose timers the first screen does not need. */
const clock = { now: () => performance.now() }

export function createClient({ adapter, timeoutMs, redirectUrl }: ClientOptions): AuthClient {
  const store = createStore<FlowState>(initialState)
  const listeners = new Set<(event: AuthEvent) => void>()
  let made: Engine | undefined
  let submitting: Promise<void> | undefined
  let completed: Parameters<SignInRunner['onComplete']>[0]
  let release: (() => void) | undefined
  /** The page's part with the provider has gone so often; what waits for the engine then is not wanted any more. */
  let stops = 0

  function engine(create: typeof createPageEngine): Engine {
    if (!made) {
      const next = create({ adapter, timeoutMs, redirectUrl, listeners })
      made = next
      release = next.signIn.onComplete(completed)
      next.signIn.subscribe(() => store.set(next.signIn.get()))
    }
    return made
  }

  const preload = async () => made ?? engine((await import('./pageEngine.js')).createPageEngine)
  function later(run: (signIn: SignInRunner) => Promise<void>): Promise<void> {
    if (made) return run(made.signIn)
    const before = stops
    return preload().then((engine) => (before === stops ? run(engine.signIn) : undefined))
  }

  const signIn: SignInRunner = {
    get: store.get,
    subscribe: store.subscribe,
    create(params) {
      if (made) return made.signIn.create(params)
      const { identifier } = { identifier: '', ...params }
      // The engine has the lock; until it is here, this promise is it.
      store.set({ ...initialState, pending: 'create', identifier })
      submitting ??= later((runner) => runner.create(params))
        .catch(() => store.set({ ...initialState, problem: { code: 'network' }, identifier }))
        .finally(() => (submitting = undefined))
      return submitting
    },
    onComplete(complete) {
      completed = complete
      release = made?.signIn.onComplete(complete)
      return () => {
        if (completed !== complete) return
        release?.()
        if (!submitting) completed = undefined
      }
    },
    edited() {
      if (made) made.signIn.edited()
      else if (store.get().problem) store.set({ ...store.get(), problem: null })
    },
    restore: () => later((runner) => runner.restore()).catch(() => undefined),
    resume(url) {
      if (!made) store.set({ ...initialState, step: 'restoring', pending: 'resume' })
      return later((runner) => runner.resume(url)).catch(() =>
        store.set({ ...initialState, step: 'restoring', problem: { code: 'network' } }),
      )
    },
    look: () => made?.signIn.look() ?? Promise.resolve(),
    choose: (factorId, way) => later((runner) => runner.choose(factorId, way)),
    send: (way) => later((runner) => runner.send(way)),
    submit: (proof) => later((runner) => runner.submit(proof)),
    submitPasskey: (ref, credential) => later((runner) => runner.submitPasskey(ref, credential)),
    resetPassword: (params) => later((runner) => runner.resetPassword(params)),
    back: () => later((runner) => runner.back()),
    reload: () => later((runner) => runner.reload()),
    stepUp: (level) => later((runner) => runner.stepUp(level)),
    signOut: () => later((runner) => runner.signOut()),
    enrolled: (attempt) => later((runner) => runner.enrolled(attempt)),
    otherWays: () => made?.signIn.otherWays(),
    proceed: () => made?.signIn.proceed(),
    stop() {
      stops++
      made?.signIn.stop()
    },
  }

  return {
    adapter,
    timeoutMs,
    clock,
    signIn,
    engine,
    preload,
    listen(onEvent) {
      listeners.add(onEvent)
      return () => void listeners.delete(onEvent)
    },
  }
}
