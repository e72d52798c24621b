'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { judge, runsOutAt, warnsAt, type Grace, type Requirement, type Verdict } from '../core/assurance.js'
import type { Session } from '../core/session.js'
import { graceEnd, useGateLine, useTurn } from './gateLine.js'
import { sessionQueryOf } from './sessionQuery.js'
import { isStepUp, levelFor } from './stepUp.js'
import { useEngine } from './useEngine.js'
import { useFlow } from './useFlow.js'
import { useMoment } from './useMoment.js'
import { useSessionReading } from './useSession.js'

/** So long before the end the session is read again: the server may have prolonged it. Milliseconds. */
const early = 5_000

export interface UseMfaGateOptions extends Requirement {
  /** People who have no second factor may put its enrolment off until then. It excuses nobody from a step-up. */
  readonly grace?: Grace | undefined
}

export interface UseMfaGate {
  /** Nothing but `allowed` opens the gate. `unknown`: the backend does not say how the person signed in. */
  readonly outcome: 'loading' | 'error' | Verdict
  /** Only with `allowed`. */
  readonly session: Session | null
  /**
   * Of all closed gates under one provider this one asks: what it draws is the one sign-in, step-up or enrolment that all of them wait for. While
   * it is false, say only that this part opens later.
   */
  readonly asks: boolean
  /** A step-up was passed, and the server's session does not show it. */
  readonly stillLow: boolean
  /** The step-up's own screens are to be drawn now, in the content's place (`useSignIn().state`). */
  readonly challenging: boolean
  /** As `challenging`, of a step-up that began while the gate was open: to be drawn over the content, also when the gate closes meanwhile. */
  readonly extending: boolean
  /**
   * `maxAgeMs` runs out, and of all gates this one says so: milliseconds that are left, as of this render. A step-up keeps the gate open. `null`:
   * nothing to say.
   */
  readonly closesInMs: number | null
  /** The adapter can step a session up. */
  readonly canStepUp: boolean
  /** The enrolment may be put off (`grace`). */
  readonly canPutOff: boolean
  /** Opens every gate whose grace allows it, for this person until the page is loaded anew. */
  putOff(): void
  stepUp(): Promise<void>
  recheck(): Promise<void>
}

/**
 * Decides by the level that the server's session has, read anew after every sign-in, step-up and enrolment. It fails closed. It is a courtesy to
 * people, not a protection: the server has to check the level on every request.
 */
export function useMfaGate({ require, maxAgeMs, grace }: UseMfaGateOptions): UseMfaGate {
  const { clock, signIn, adapter } = useEngine()
  const { state } = useFlow()
  const { reading, failed, recheck } = useSessionReading()
  const line = useGateLine()
  const { putOff } = line
  const putOffBy = useSyncExternalStore(putOff.subscribe, putOff.get, () => null)
  const [extending, setExtending] = useState(false)
  const requirement = { require, maxAgeMs }
  const now = clock.now()
  const verdict = reading ? judge(reading, requirement, now) : null
  const user = reading?.session?.user.id ?? null
  // Between the end of a step-up and the server's word on it, the old reading says nothing.
  const justSignedIn = state.step === 'complete' && !state.restored
  const stale = justSignedIn && reading !== undefined && reading.at < state.at
  const challenged = isStepUp(state)
  if (extending && !challenged && state.pending === null) setExtending(false)

  const graceEndsAt = verdict === 'enroll' && grace ? graceEnd(line, grace, now) : -Infinity
  const canPutOff = now < graceEndsAt
  const opens = verdict === 'allowed' || (canPutOff && putOffBy === user)
  const endsAt = reading && (opens || canPutOff) ? runsOutAt(reading, requirement) : Infinity
  const closesAt = canPutOff ? Math.min(endsAt, graceEndsAt) : endsAt
  const warnAt = reading && verdict === 'allowed' ? warnsAt(reading, requirement) : Infinity
  const readAt = reading?.at ?? 0

  useMoment(clock, closesAt - readAt > early ? closesAt - early : Infinity, recheck)
  useMoment(clock, closesAt, recheck)
  useMoment(clock, warnAt)

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

  const unsure = verdict === null || (opens ? now >= closesAt : stale)
  const outcome = failed ? 'error' : unsure ? 'loading' : opens ? 'allowed' : verdict
  const asks = useTurn('challenge', outcome !== 'allowed')
  const warns = useTurn('warning', outcome === 'allowed' && now >= warnAt)
  const denied = asks && outcome === 'signed_out' && state.step === 'complete' && state.pending === null

  useEffect(() => {
    // The sign-in says "you are signed in", and the server that nobody is: it starts anew.
    if (denied) void signIn.back()
  }, [denied, signIn])

  return {
    outcome,
    session: outcome === 'allowed' ? (reading?.session ?? null) : null,
    asks,
    stillLow: outcome === 'step_up' && justSignedIn,
    challenging: outcome === 'step_up' && challenged && !extending,
    extending: extending && challenged,
    closesInMs: warns ? closesAt - now : null,
    canStepUp: adapter.stepUp !== undefined,
    canPutOff: outcome === 'enroll' && canPutOff,
    putOff: () => putOff.set(user),
    stepUp() {
      if (outcome === 'allowed') setExtending(true)
      return signIn.stepUp(levelFor(require, adapter.stepUp?.levels ?? []))
    },
    recheck,
  }
}
