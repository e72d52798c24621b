import type { AuthAdapter } from '../core/adapter.js'
import type { Clock } from '../core/clock.js'
import type { AuthEvent } from '../core/events.js'
import type { FlowState } from '../core/flow.js'
import { initialState } from '../core/initialState.js'
import type { SignInRunner } from '../core/signInVerbs.js'
import { createStore } from '../core/store.js'
import type { PageEngine, PageOptions, PageSignIn } from './withDevices.js'
import type { createPageEngine } from './pageEngine.js'

export interface ClientOptions extends PageOptions {
  readonly adapter: AuthAdapter
  /** Milliseconds. */
  readonly timeoutMs: number
  readonly redirectUrl?: string | undefined
  readonly allowFraming?: boolean | undefined
}

/** What one `AuthProvider` holds: the first screen's store at once, the engine behind it when it is needed. */
export interface AuthClient extends ClientOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The same runner before and after the engine has arrived. */
  readonly signIn: PageSignIn
  /** The engine, made with the given factory where there is none yet. */
  engine(create: typeof createPageEngine): PageEngine
  /** Fetches the engine, so that the first submit need not wait for it. */
  preload(): Promise<PageEngine>
  /** Hears every event until the answer is called. */
  listen(onEvent: (event: AuthEvent) => void): () => void
}

/** Apart from the engine's, whose timers the first screen does not need. */
const clock = { now: () => performance.now() }

export function createClient(options: ClientOptions): AuthClient {
  const store = createStore<FlowState>(initialState)
  const listeners = new Set<(event: AuthEvent) => void>()
  let made: PageEngine | undefined
  let submitting: Promise<void> | undefined
  let completed: Parameters<SignInRunner['onComplete']>[0]
  let release: (() => void) | undefined
  /** The page's part with the provider has gone so often; what waits for the engine then is not wanted any more. */
  let stops = 0

  function engine(create: typeof createPageEngine): PageEngine {
    if (!made) {
      const next = create({ ...options, listeners })
      made = next
      release = next.signIn.onComplete(completed)
      next.signIn.subscribe(() => store.set(next.signIn.get()))
    }
    return made
  }

  const preload = async () => made ?? engine((await import('./pageEngine.js')).createPageEngine)
  function later(run: (signIn: PageSignIn) => Promise<void>): Promise<void> {
    if (made) return run(made.signIn)
    const before = stops
    return preload().then((engine) => (before === stops ? run(engine.signIn) : undefined))
  }

  /** The engine has the lock; until it is here, this promise is it. */
  function begin(run: (signIn: PageSignIn) => Promise<void>, identifier = ''): Promise<void> {
    store.set({ ...initialState, pending: 'create', identifier })
    submitting ??= later(run)
      .catch(() => store.set({ ...initialState, problem: { code: 'network', unsent: true }, identifier }))
      .finally(() => (submitting = undefined))
    return submitting
  }

  /** A verb that has to wait for the engine. */
  const through =
    <A extends unknown[]>(verb: (signIn: PageSignIn) => (...given: A) => Promise<void>) =>
    (...given: A) =>
      later((runner) => verb(runner)(...given))

  const signIn: PageSignIn = {
    get: store.get,
    subscribe: store.subscribe,
    create: (params) =>
      made
        ? made.signIn.create(params)
        : begin((runner) => runner.create(params), 'identifier' in params ? params.identifier : ''),
    askDevice: (...given) => (made ? made.signIn.askDevice(...given) : begin((runner) => runner.askDevice(...given))),
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
    choose: through((runner) => runner.choose),
    send: through((runner) => runner.send),
    submit: through((runner) => runner.submit),
    submitPasskey: through((runner) => runner.submitPasskey),
    resetPassword: through((runner) => runner.resetPassword),
    back: through((runner) => runner.back),
    reload: through((runner) => runner.reload),
    stepUp: through((runner) => runner.stepUp),
    signOut: through((runner) => runner.signOut),
    enrolled: through((runner) => runner.enrolled),
    otherWays: () => made?.signIn.otherWays(),
    proceed: () => made?.signIn.proceed(),
    detach: () => made?.signIn.detach(),
    stop() {
      stops++
      made?.signIn.stop()
    },
  }

  return {
    ...options,
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
