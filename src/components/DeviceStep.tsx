'use client'
import type { FlowState } from '../core/flow.js'
import { isWallet } from '../core/screenOf.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useDeviceFactor } from '../hooks/useDeviceFactor.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'

/** A passkey, a security key or a wallet. Its dialog opens on the click, never by itself. */
export function DeviceStep({
  frame,
  state,
}: {
  frame: Frame
  state: Extract<FlowState, { step: 'first-factor' | 'second-factor' }>
}) {
  const { device, common } = useAllTexts()
  const { pending, supported, ask } = useDeviceFactor(state)
  const { step, factor, problem } = state
  const kind = isWallet(factor.strategy) ? 'wallet' : factor.strategy === 'passkey' ? 'passkey' : 'securityKey'
  // No code is asked for here, so what a code's refusal speaks of is the challenge.
  const late = problem && /^(code_|already)/.test(problem.code)

  return (
    <Card
      frame={frame}
      step={step}
      title={device[`${kind}Title`]}
      hint={supported ? device[`${kind}Hint`] : device.unsupported}
      error={late ? device.expired : problem && <ProblemText problem={problem} />}
      pending={pending}
      links={<StepLinks frame={frame} state={state} />}
    >
      {supported && (
        <Button frame={frame} type="button" pending={pending} onClick={() => void ask()}>
          {kind === 'wallet' ? device.sign : common.continue}
        </Button>
      )}
    </Card>
  )
}
