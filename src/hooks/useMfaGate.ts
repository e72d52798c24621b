'use client'
import { useEffect, useState } from 'react'
import { judge, runsOutAt, type Requirement, type Verdict } from '../core/assurance.js'
import type { Session } from '../core/session.js'
import { sessionQueryOf } from './sessionQuery.js'
import { useEngine } from './useEngine.js'
import { useFlow } from './useFlow.js'
import { useSessionReading } from './useSession.js'

/** setTimeout counts in 31 bits: a longer delay would fire at once. */
const longestTimer = 2 ** 31 - 1
/** So long before the end the session is read again: the server may have prolonged it. Milliseconds. */
const early = 5_000

export interface UseMfaGate {
  /** Nothing but `allowed` opens the gate. `unknown`: the backend does not say how the person signed in. */
  readonly outcome: 'loading' | 'error' | Verdict
  /** Only with `allowed`. */
  readonly session: Session | null
  /** A step-up was passed, and the server's session does not show it. */
  readonly stillLow: boolean
  /** The step-up's own screens are to be drawn now (`useSignIn().state`). */
  readonly challenging: boolean
  stepUp(): Promise<void>
  recheck(): Promise<void>
}

/**
 * Decides by the level that the server's session has, read anew after every sign-in, step-up and enrolment. It fails closed. It is a courtesy to
 * people, not a protection: the server has to check the level on every request.
 */
export function useMfaGate({ require, maxAgeMs }: Requirement): UseMfaGate {
  const { clock, signIn, adapter } = useEngine()
  const { state } = useFlow()
  const { reading, failed, recheck } = useSessionReading()
  const [, again] = useState(0)
  const requirement = { require, maxAgeMs }
  const now = clock.now()
  const verdict = reading ? judge(reading, requirement, now) : null
  // Between the end of a step-up and the server's word on it, the old reading says nothing.
  const justSignedIn = state.step === 'complete' && !state.restored
  const stale = justSignedIn && reading !== undefined && reading.at < state.at
  const endsAt = reading && verdict === 'allowed' ? runsOutAt(reading, requirement) : Infinity
  const readAt = reading?.at ?? 0

  useEffect(() => {
    if (endsAt === Infinity) return
    let timer: ReturnType<typeof setTimeout>
    let asked = endsAt - readAt <= early
    const wait = () => {
      const left = endsAt - clock.now()
      if (left <= 0) again((n) => n + 1)
      if (left <= (asked ? 0 : early)) {
        asked = true
        void recheck()
      }
      if (left > 0) timer = setTimeout(wait, Math.min(asked ? left : left - early, longestTimer))
    }
    wait()
    return () => clearTimeout(timer)
  }, [endsAt, readAt, clock, recheck])

  useEffect(() => {
    // A page that is kept to be given back is drawn before it can ask anybody, so it is kept with its gates closed.
    const away = ({ persisted }: PageTransitionEvent) => persisted && sessionQueryOf(adapter).forget()
    const back = ({ persisted }: PageTransitionEvent) => persisted && void recheck()
    addEventListener('pagehide', away)
    addEventListener('pageshow', back)
    return () => {
      removeEventListener('pagehide', away)
      removeEventListener('pageshow', back)
    }
  }, [adapter, recheck])

  const unsure = verdict === null || (verdict === 'allowed' ? now >= endsAt : stale)
  const outcome = failed ? 'error' : unsure ? 'loading' : verdict
  const denied = outcome === 'signed_out' && state.step === 'complete' && state.pending === null

  useEffect(() => {
    // The sign-in says "you are signed in", and the server that nobody is: it starts anew.
    if (denied) void signIn.back()
  }, [denied, signIn])

  return {
    outcome,
    session: outcome === 'allowed' ? (reading?.session ?? null) : null,
    stillLow: outcome === 'step_up' && justSignedIn,
    challenging: outcome === 'step_up' && 'attempt' in state && state.attempt.purpose === 'step_up',
    stepUp: () => signIn.stepUp(adapter.stepUp?.levels.includes('second_factor') ? 'second_factor' : 'multi_factor'),
    recheck,
  }
}
