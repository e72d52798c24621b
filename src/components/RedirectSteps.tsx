'use client'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { factorName } from './factorName.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'

/** A factor that is proved on somebody else's page. Nobody is taken there without asking. */
export function RedirectStep({
  frame,
  state,
}: {
  frame: Frame
  state: Extract<FlowState, { step: 'first-factor' | 'second-factor' }>
}) {
  const { signIn } = useFlow()
  const { choose, common } = useAllTexts()
  const pending = state.pending !== null
  return (
    <Card
      frame={frame}
      step={state.step}
      title={factorName(state.factor, choose)}
      error={state.problem && <ProblemText problem={state.problem} />}
      pending={pending}
      links={<StepLinks frame={frame} state={state} />}
    >
      <Button frame={frame} type="button" pending={pending} onClick={() => void signIn.send()}>
        {common.continue}
      </Button>
    </Card>
  )
}

/** On the way to a provider, or back; or a link that was opened for another device. */
export function WayStep({
  frame,
  state,
}: {
  frame: Frame
  state: Extract<FlowState, { step: 'away' | 'elsewhere' | 'restoring' }>
}) {
  const { signIn } = useFlow()
  const { away, link, common } = useAllTexts()
  const { step, problem } = state
  const pending = state.pending !== null
  const restoring = step === 'restoring'
  return (
    <Card
      frame={frame}
      step={step}
      title={restoring ? away.returningTitle : step === 'away' ? away.title : link.elsewhereTitle}
      hint={step === 'away' ? away.hint : step === 'elsewhere' && link.elsewhereHint}
      error={problem && <ProblemText problem={problem} />}
      pending={pending}
      links={!pending && <StepLinks frame={frame} state={state} />}
    >
      {restoring && problem && (
        <Button frame={frame} type="button" pending={pending} onClick={() => void signIn.resume()}>
          {common.tryAgain}
        </Button>
      )}
    </Card>
  )
}
