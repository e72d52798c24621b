import type { SignInAttempt } from './attempt.js'
import { toAuthError } from './AuthError.js'
import type { SignInParts } from './continueSignIn.js'
import type { FlowEvent, FlowState, Verb } from './flow.js'
import type { Ask } from './lane.js'
import { isActive } from './session.js'
import type { createWatch } from './watch.js'

export interface ReturningParts {
  readonly get: () => FlowState
  readonly dispatch: (event: FlowEvent) => void
  readonly verb: (name: Verb, work: (ask: Ask) => Promise<void>) => Promise<void>
  readonly go: (ask: Ask, attempt: SignInAttempt) => Promise<void>
  readonly pickUp: (attempt: SignInAttempt) => void
  readonly watch: ReturnType<typeof createWatch>
}

/** What begins without an act on this page: after a reload, on the way back from a provider, or in another tab. */
export function createReturning({ adapter, clock, lane, sessions, page }: SignInParts, parts: ReturningParts) {
  const { get, dispatch, verb, go, pickUp, watch } = parts
  const { signIn } = adapter
  /** Counts what would make a background look's answer stale. */
  let looking = 0
  let landedAt: string | undefined

  async function restore(interrupted = false): Promise<void> {
    const mine = ++looking
    const unmoved = () => mine === looking && get().step === 'start' && !lane.busy
    try {
      const { session } = await sessions.read()
      if (!unmoved()) return
      if (isActive(session)) return dispatch({ type: 'signed_in', session, restored: true, at: clock.now() })
      const kept = adapter.capabilities.survivesReload !== 'no' || session
      const attempt = kept ? (await signIn.resume({})).attempt : null
      if (!unmoved()) return
      if (attempt && attempt.status !== 'complete') {
        pickUp(attempt)
        watch.start(get())
      } else if (interrupted) dispatch({ type: 'left', notice: 'restarted' })
    } catch {
      // Whoever cannot be recognised can still sign in.
    }
  }

  function resume(url = landedAt): Promise<void> {
    if (url === undefined) return Promise.resolve()
    return verb('resume', async (ask) => {
      landedAt = url
      dispatch({ type: 'returned' })
      let answer: Awaited<ReturnType<typeof signIn.resume>>
      try {
        answer = await ask((o) => signIn.resume({ url }, o))
      } catch (thrown) {
        // Its parameters are used up, unless it never got through.
        if (toAuthError(thrown).outcome === 'refused') page?.landed(undefined)
        throw thrown
      }
      page?.landed(answer.cleanUrl ?? url)
      if (answer.attempt) return go(ask, answer.attempt)
      dispatch({ type: 'left' })
      void lane.idle().then(() => restore())
    })
  }

  async function look(): Promise<void> {
    // Takes no turn from a `restore` under way, which sees more.
    const mine = looking
    const { session } = (await sessions.read({ fresh: true }).catch(() => undefined)) ?? {}
    if (session === undefined || mine !== looking || lane.busy) return
    const state = get()
    const { step } = state
    // A session that this very attempt has made, or raises, is no news.
    const own = 'attempt' in state && (state.attempt.cancelSignsOut || state.attempt.purpose === 'step_up')
    if (step === 'restoring' || own) return
    if (!isActive(session)) return step === 'complete' ? dispatch({ type: 'left' }) : undefined
    if (step === 'complete' && state.session.user.id === session.user.id) return
    // What this tab has just been told stays: the session may be the one whose end could not be confirmed.
    if (step === 'start' && state.problem) return
    watch.stop()
    dispatch({ type: 'signed_in', session, restored: true, at: clock.now() })
  }

  return {
    restore,
    resume,
    look,
    stale: () => void looking++,
  }
}
