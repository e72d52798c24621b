'use client'
import type { FlowState, Problem } from '../core/flow.js'
import { isWallet } from '../core/screenOf.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useDeviceFactor } from '../hooks/useDeviceFactor.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'
import { useTrustDevice } from './useTrustDevice.js'

/** A passkey, a security key or a wallet. Its dialog opens on the click, never by itself. */
export function DeviceStep({
  frame,
  state,
}: {
  frame: Frame
  state: Extract<FlowState, { step: 'first-factor' | 'second-factor' }>
}) {
  const { device, common } = useAllTexts()
  const trust = useTrustDevice(state)
  const { pending, ask } = useDeviceFactor(state)
  const { step, factor, problem } = state
  const kind = isWallet(factor.strategy) ? 'wallet' : factor.strategy === 'passkey' ? 'passkey' : 'securityKey'
  function explain(problem: Problem) {
    if (problem.code === 'not_supported') return kind === 'wallet' ? device.walletMissing : device.unsupported
    // No code is asked for here, so what a code's refusal speaks of is the challenge.
    return /^(code_|already)/.test(problem.code) ? device.expired : <ProblemText problem={problem} />
  }

  return (
    <Card
      frame={frame}
      step={step}
      title={device[`${kind}Title`]}
      hint={device[`${kind}Hint`]}
      error={problem && explain(problem)}
      pending={pending}
      links={<StepLinks frame={frame} state={state} />}
    >
      {trust.box}
      <Button frame={frame} type="button" pending={pending} onClick={() => void ask(trust.given)}>
        {kind === 'wallet' ? device.sign : common.continue}
      </Button>
    </Card>
  )
}
