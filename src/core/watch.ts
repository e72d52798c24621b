import type { SignInApi } from './adapter.js'
import type { SignInAttempt } from './attempt.js'
import { AuthError, errorTable, toAuthError } from './AuthError.js'
import type { Clock } from './clock.js'
import type { Popup } from './continueSignIn.js'
import { hasChallenge, type FlowState } from './flow.js'

/** Between two looks while a popup is open. Milliseconds. */
const popupEveryMs = 1_000

/** After which a look counts as unanswered. Milliseconds. */
const lookMs = 10_000

/** What is told of an attempt that is being waited for. */
export interface Watched {
  /** It stands elsewhere now. */
  moved(attempt: SignInAttempt): void
  failed(error: AuthError): void
}

/**
 * The background lane: looks where an attempt stands while its answer may come without an act in this page. One look at a time; whatever is found
 * after `stop` is dropped.
 */
export function createWatch(signIn: SignInApi, clock: Clock, { moved, failed }: Watched) {
  let controller: AbortController | undefined
  let timer: unknown
  let popup: Popup | undefined

  function stop() {
    controller?.abort()
    controller = undefined
    clock.clearTimeout(timer)
  }

  function bounded<T>(look: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = clock.setTimeout(() => reject(new AuthError('network', undefined, { outcome: 'unknown' })), lookMs)
      void look.then(resolve, reject).finally(() => clock.clearTimeout(late))
    })
  }

  function closePopup() {
    popup?.close()
    popup = undefined
  }

  function start(state: FlowState) {
    stop()
    if (state.step !== 'away') closePopup()
    if (!('attempt' in state)) return
    const { attempt } = state
    const waitsForPopup = state.step === 'away' && popup !== undefined
    const everyMs = waitsForPopup ? popupEveryMs : hasChallenge(state) ? state.challenge.pollEveryMs : undefined
    if (everyMs === undefined) return
    const mine = (controller = new AbortController())

    async function look() {
      // Read before the look: what the window did last is in the answer then.
      const closed = waitsForPopup && popup?.closed
      try {
        const now = await bounded(signIn.reload({ id: attempt.id }, { signal: mine.signal }))
        if (mine !== controller) return
        const said = now.status === 'needs_second_factor' ? now.secondFactorVerification : now.firstFactorVerification
        if (now.status !== attempt.status) return moved(now)
        if (!waitsForPopup && said?.status === 'expired') return failed(new AuthError('code_expired'))
      } catch (thrown) {
        if (mine !== controller) return
        const error = toAuthError(thrown)
        if (error.outcome === 'refused' && errorTable[error.code] === 'restart') return failed(error)
      }
      if (closed) return failed(new AuthError('cancelled'))
      again()
    }
    const again = () => (timer = clock.setTimeout(() => void look(), everyMs))
    again()
  }

  return {
    start,
    stop,
    /** The window in which the person is away. */
    opened: (next: Popup | undefined) => void (popup = next),
    end() {
      stop()
      closePopup()
    },
  }
}
