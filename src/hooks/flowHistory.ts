import type { Step } from '../core/flow.js'
import type { SignInRunner } from '../core/signInVerbs.js'
import { wayParameter } from './wayBack.js'

const inFlow: readonly Step[] = [
  'choose-wallet',
  'choose-first',
  'first-factor',
  'new-password',
  'choose-second',
  'second-factor',
  'enroll',
  'unsupported',
]

/** Set while this entry is that of a sign-in. */
export const mark = () => (history.state as Record<string, unknown> | null)?.[wayParameter]

/**
 * While a sign-in is under way it has one entry in the browser's history, so that Back leaves the sign-in and not the page. Only a mark is in the
 * entry, beside what the app keeps there: Forward finds nothing to show again. The answer ends it.
 */
export function keepHistory(signIn: SignInRunner): () => void {
  // After a reload the entry is there already.
  let entry = mark()
  /** Our own step back, which is no wish of the person's. */
  let stepping = false

  function follow() {
    const { step } = signIn.get()
    if (inFlow.includes(step)) {
      if (entry !== undefined || stepping) return
      entry = Math.random()
      history.pushState({ ...history.state, [wayParameter]: entry }, '')
    } else if (entry !== undefined && step !== 'restoring' && signIn.get().pending === null) {
      const isHere = mark() === entry
      entry = undefined
      if (!isHere) return
      // Who signed in goes on from here; who went back is where they were.
      if (step !== 'start') unmark()
      else {
        stepping = true
        history.back()
      }
    }
  }

  function unmark() {
    const { [wayParameter]: _, ...others } = history.state as Record<string, unknown>
    history.replaceState(others, '')
  }

  function popped() {
    if (stepping) {
      stepping = false
      return follow()
    }
    if (entry === undefined || mark() === entry) return
    entry = undefined
    // A backup code that is being checked is seen out first.
    void signIn.back().then(follow)
  }

  const unsubscribe = signIn.subscribe(follow)
  addEventListener('popstate', popped)
  if (entry === undefined) follow()
  return () => {
    unsubscribe()
    removeEventListener('popstate', popped)
    // Only what a reload interrupts leaves its mark.
    if (entry !== undefined && mark() === entry) unmark()
  }
}
