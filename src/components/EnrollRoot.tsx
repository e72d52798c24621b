'use client'
import type { ComponentType, ReactNode } from 'react'
import { screenKey } from '../core/screenKey.js'
import { useFlow } from '../hooks/useFlow.js'
import type { Frame } from './Frame.js'
import { Root } from './Root.js'

/** The screens of a step-up. Handed in, because an enrolment inside of a sign-in is one of them itself. */
export interface ChallengeProps {
  Challenge?: ComponentType<{ frame: Frame }>
}

interface EnrollRootProps extends ChallengeProps {
  frame: Frame
  challenging: boolean
  children: ReactNode
}

/** A root whose content gives way to a step-up, as long as one is asked for. */
export function EnrollRoot({ frame, challenging, Challenge, children }: EnrollRootProps) {
  const { state } = useFlow()
  return (
    <Root classNames={frame.classNames}>
      {challenging && Challenge ? <Challenge key={screenKey(state)} frame={{ ...frame, focus: true }} /> : children}
    </Root>
  )
}
