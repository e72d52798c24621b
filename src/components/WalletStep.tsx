'use client'
import type { FlowState } from '../core/flow.js'
import { plainText } from '../core/plainText.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useFlow } from '../hooks/useFlow.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'

/** Several wallets in this browser fit: which one. */
export function WalletStep({ frame, state }: { frame: Frame; state: Extract<FlowState, { step: 'choose-wallet' }> }) {
  const { device } = useAllTexts()
  const { signIn } = useFlow()
  const { step, strategy, wallets, pending, problem } = state

  return (
    <Card
      frame={frame}
      step={step}
      title={device.walletChoose}
      hint={device.walletHint}
      error={problem && <ProblemText problem={problem} />}
      pending={pending !== null}
      links={<StepLinks frame={frame} state={state} />}
    >
      <ul {...slot('choices')} aria-labelledby={`${frame.idPrefix}-title`}>
        {wallets.map(({ uuid, name }) => (
          <li key={uuid}>
            <button
              type="button"
              {...slot('choice', { strategy })}
              aria-disabled={pending !== null || undefined}
              onClick={() => void signIn.askDevice(strategy, { wallet: uuid })}
            >
              <span>
                <bdi>{plainText(name)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
