'use client'
import type { ReactNode } from 'react'
import { screenOf } from '../core/screenOf.js'
import { useFlow } from '../hooks/useFlow.js'
import { BackupCodeStep } from './BackupCodeStep.js'
import { CodeStep } from './CodeStep.js'
import { CompleteStep } from './CompleteStep.js'
import { DeviceStep } from './DeviceStep.js'
import { FactorChooserStep } from './FactorChooser.js'
import type { Frame } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { LinkLanding } from './LinkLanding.js'
import { LinkStep } from './LinkStep.js'
import { NewPasswordStep } from './NewPasswordStep.js'
import { PasswordStep } from './PasswordStep.js'
import { RedirectStep, WayStep } from './RedirectSteps.js'
import { UnsupportedStep } from './UnsupportedStep.js'
import { WalletStep } from './WalletStep.js'

export interface LaterStepsProps {
  frame: Frame
  autoSubmit?: boolean | undefined
  forgot?: ReactNode
  returnTo?: string | null | undefined
}

const ForcedEnroll = lazyStep(async () => (await import('./ForcedEnroll.js')).ForcedEnroll)

/** The screen that the flow's step names; before the flow has begun, the one of a link that was opened. */
export function LaterSteps({ frame, autoSubmit, forgot, returnTo }: LaterStepsProps) {
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
    case 'choose-wallet':
      return <WalletStep frame={frame} state={state} />
    case 'choose-first':
    case 'choose-second':
      return <FactorChooserStep frame={frame} />
    case 'first-factor':
    case 'second-factor': {
      const screen = screenOf(state.factor.strategy)
      if (screen === 'password') return <PasswordStep frame={frame} state={state} forgot={forgot} />
      if (screen === 'link') return <LinkStep frame={frame} state={state} />
      if (screen === 'redirect') return <RedirectStep frame={frame} state={state} />
      if (screen === 'passkey' || screen === 'wallet') return <DeviceStep frame={frame} state={state} />
      if (screen === 'backup') return <BackupCodeStep frame={frame} state={state} />
      return <CodeStep frame={frame} state={state} autoSubmit={autoSubmit} />
    }
    case 'enroll':
      return <ForcedEnroll frame={frame} state={state} />
    case 'unsupported':
      return <UnsupportedStep frame={frame} detail={state.detail} />
    case 'complete':
      return <CompleteStep frame={frame} state={state} returnTo={returnTo} />
    default:
      return state satisfies never
  }
}
