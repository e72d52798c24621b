'use client'
import { useEffect, useState } from 'react'
import type { AuthAdapter, StepUpLevel } from '../core/adapter.js'
import { AuthError, isAuthError } from '../core/AuthError.js'
import type { FlowState } from '../core/flow.js'
import { isStepUp, levelFor } from './stepUp.js'
import { useEngine } from './useEngine.js'
import { useFlow } from './useFlow.js'
import type { PageEngine } from './withDevices.js'

export interface UseStepUp<Args extends unknown[], Answer> {
  /**
   * Makes the call. Where its refusal asks for a step-up, the challenge opens, and once it is passed the call is made again, once, with the same
   * arguments. Rejects with what the call rejects with; with an `AuthError` `cancelled` when the person gives the challenge up, and with its problem
   * when it cannot begin.
   */
  run(...args: Args): Promise<Answer>
  /** The step-up's own screens are to be drawn now: `<StepUp when={challenging} />`, or by `useSignIn().state`. */
  readonly challenging: boolean
}

/** Wraps a call that the backend may refuse until the person has proved a factor again. `call` rejects with the refusal. */
export function useStepUp<Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>): UseStepUp<Args, Answer> {
  const engine = useEngine()
  const { state } = useFlow()
  const [open, setOpen] = useState(0)
  const [calls] = useState(createCalls)
  useEffect(() => calls.attend(), [calls])

  return {
    challenging: open > 0 && isStepUp(state),
    async run(...args) {
      try {
        return await call(...args)
      } catch (refused) {
        const wanted = wantedLevel(engine.adapter, refused)
        if (!wanted) throw refused
        setOpen((n) => n + 1)
        try {
          await challenge(engine, wanted, calls)
        } finally {
          setOpen((n) => n - 1)
        }
        return call(...args)
      }
    },
  }
}

function wantedLevel({ stepUp }: AuthAdapter, refused: unknown): StepUpLevel | null {
  if (!stepUp) return null
  const ours = isAuthError(refused) && refused.code === 'step_up_required' ? { level: refused.stepUp?.level } : null
  const asked = stepUp.detect?.(refused) ?? ours
  if (!asked) return null
  return asked.level && stepUp.levels.includes(asked.level) ? asked.level : levelFor('aal2', stepUp.levels)
}

/** A component's calls that wait for a challenge. When it goes, they give it up. */
function createCalls() {
  const giveUps = new Set<() => void>()
  let gone = false
  return {
    giveUps,
    gone: () => gone,
    attend() {
      gone = false
      return () => {
        gone = true
        for (const giveUp of [...giveUps]) giveUp()
      }
    },
  }
}

/** How many calls wait for the challenge that a sign-in shows. Who goes away gives it up for themselves, and for all when nobody else waits. */
const waiting = new WeakMap<PageEngine['signIn'], number>()

/** Resolves when the step-up is passed. One that is open already, for another call, serves this one too. */
async function challenge({ signIn, lane }: PageEngine, level: StepUpLevel, calls: ReturnType<typeof createCalls>): Promise<void> {
  if (!isStepUp(signIn.get())) await signIn.stepUp(level)
  const begun = signIn.get()
  if (!isStepUp(begun) && (begun.step !== 'complete' || begun.restored || begun.problem)) throw problemOf(begun)
  const count = (more: number) => waiting.set(signIn, (waiting.get(signIn) ?? 0) + more).get(signIn)
  await new Promise<void>((resolve, reject) => {
    count(1)
    const end = (settle: () => void) => {
      stop()
      calls.giveUps.delete(giveUp)
      settle()
      return count(-1)
    }
    const look = () => {
      const state = signIn.get()
      if (state.step === 'complete') end(resolve)
      else if (!isStepUp(state) && state.pending === null) end(() => reject(problemOf(state)))
    }
    const giveUp = () => {
      const others = end(() => reject(new AuthError('cancelled')))
      if (!others && isStepUp(signIn.get())) void signIn.back()
    }
    const stop = signIn.subscribe(look)
    calls.giveUps.add(giveUp)
    if (calls.gone()) giveUp()
    else look()
  })
  await lane.idle()
}

const problemOf = ({ problem }: FlowState) => new AuthError(problem?.code ?? 'cancelled')
