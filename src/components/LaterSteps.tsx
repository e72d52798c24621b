'use client'
import type { ReactNode } from 'react'
import { screenOf } from '../core/strategy.js'
import { useFlow } from '../hooks/useFlow.js'
import { BackupCodeStep } from './BackupCodeStep.js'
import { CodeStep } from './CodeStep.js'
import { CompleteStep } from './CompleteStep.js'
import { FactorChooserStep } from './FactorChooser.js'
import type { Frame } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { LinkLanding } from './LinkLanding.js'
import { LinkStep } from './LinkStep.js'
import { NewPasswordStep } from './NewPasswordStep.js'
import { PasswordStep } from './PasswordStep.js'
import { RedirectStep, WayStep } from './RedirectSteps.js'
import { UnsupportedStep } from './UnsupportedStep.js'

export interface LaterStepsProps {
  frame: Frame
  autoSubmit?: boolean | undefined
  forgot?: ReactNode
}

const EnrollStep = lazyStep(async () => (await import('./TotpEnroll.js')).EnrollStep)

/** The screen that the flow's step names; before the flow has begun, the one of a link that was opened. */
export function LaterSteps({ frame, autoSubmit, forgot }: LaterStepsProps) {
  const { state } = useFlow()
  switch (state.step) {
    case 'start':
      return <LinkLanding frame={frame} />
    case 'restoring':
    case 'away':
    case 'elsewhere':
      return <WayStep frame={frame} state={state} />
    case 'new-password':
      return <NewPasswordStep frame={frame} state={state} />
    case 'choose-first':
    case 'choose-second':
      return <FactorChooserStep frame={frame} />
    case 'first-factor':
    case 'second-factor': {
      const screen = screenOf(state.factor.strategy)
      if (screen === 'password') return <PasswordStep frame={frame} state={state} forgot={forgot} />
      if (screen === 'link') return <LinkStep frame={frame} state={state} />
      if (screen === 'redirect') return <RedirectStep frame={frame} state={state} />
      if (screen === 'backup') return <BackupCodeStep frame={frame} state={state} />
      return <CodeStep frame={frame} state={state} autoSubmit={autoSubmit} />
    }
    case 'enroll':
      return state.enroll.includes('totp') ? (
        <EnrollStep frame={frame} attempt={state.attempt} />
      ) : (
        <UnsupportedStep frame={frame} detail={state.enroll.join(', ')} />
      )
    case 'unsupported':
      return <UnsupportedStep frame={frame} detail={state.detail} />
    case 'complete':
      return <CompleteStep frame={frame} state={state} />
    default:
      return state satisfies never
  }
}
