'use client'
import type { ReactNode } from 'react'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { isStepUp } from '../hooks/stepUp.js'
import { useFlow } from '../hooks/useFlow.js'
import { LinkButton } from './Button.js'
import type { Frame } from './Frame.js'

export interface StepLinksProps {
  frame: Frame
  state: FlowState
  back?: string
  children?: ReactNode
}

/** What every step after the first offers, always in this order: the step's own, another way, back. */
export function StepLinks({ frame, state, back, children }: StepLinksProps) {
  const { signIn } = useFlow()
  const { common, stepUp } = useAllTexts()
  return (
    <>
      {children}
      {'factor' in state && state.factors.length > 1 && (
        <LinkButton frame={frame} onClick={() => signIn.otherWays()}>
          {common.otherWay}
        </LinkButton>
      )}
      <LinkButton frame={frame} onClick={() => void signIn.back()}>
        {isStepUp(state) ? stepUp.cancel : (back ?? common.back)}
      </LinkButton>
    </>
  )
}
