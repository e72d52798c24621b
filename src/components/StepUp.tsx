'use client'
import { useTurn } from '../hooks/gateLine.js'
import { isStepUp } from '../hooks/stepUp.js'
import { useFlow } from '../hooks/useFlow.js'
import { Challenge } from './Challenge.js'
import { frameOf, type FrameProps } from './Frame.js'
import { Root } from './Root.js'

export interface StepUpProps extends FrameProps {
  /** `challenging` of `useStepUp`. */
  when: boolean
}

/**
 * The challenge of a call that asks for a step-up, in a modal dialog over the page, which keeps what was typed in it. Escape and Cancel give the
 * step-up up, and the call rejects. Of several that wait for the same challenge one draws it. Its place is beside a form, not in it: it has a form
 * of its own.
 */
export function StepUp({ when, ...props }: StepUpProps) {
  const { state } = useFlow()
  const draws = useTurn('challenge', when, true)
  if (!draws || !isStepUp(state)) return null
  const frame = frameOf({ idPrefix: 'lk-step-up', ...props }, true)
  return (
    <Root classNames={frame.classNames}>
      <Challenge frame={frame} />
    </Root>
  )
}
