'use client'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useAuth } from '../hooks/context.js'
import { slot } from '../hooks/stateAttributes.js'
import { fill } from '../hooks/texts.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Resend } from './Resend.js'
import { StepLinks } from './StepLinks.js'

type FactorState = Extract<FlowState, { step: 'first-factor' | 'second-factor' }>

/** A link in an email. This page looks by itself whether it was opened. */
export function LinkStep({ frame, state }: { frame: Frame; state: FactorState }) {
  const { link } = useAllTexts()
  const { adapter } = useAuth().client
  const { challenge, factor, problem, step } = state
  const pending = state.pending !== null
  const unsent = challenge.sent === 'no'
  const resend = { frame, factorId: factor.id, pending, texts: link }
  const says =
    challenge.sent === 'maybe'
      ? link.maybeSent
      : unsent
        ? link.notSent
        : factor.hint
          ? fill(link.sentTo, { hint: factor.hint })
          : link.sent

  return (
    <Card
      key={unsent ? 'send' : 'wait'}
      frame={frame}
      step={step}
      title={link.title}
      hint={says}
      error={problem && <ProblemText problem={problem} />}
      status={challenge.sends > 1 && !pending && link.resent}
      pending={pending}
      links={
        <StepLinks frame={frame} state={state}>
          {!unsent && <Resend {...resend} as={LinkButton} label={link.resend} />}
        </StepLinks>
      }
    >
      {unsent ? (
        <Resend {...resend} as={Button} label={link.send} />
      ) : (
        <p {...slot('hint', { small: true }, frame.classNames.hint)}>
          {adapter.capabilities.emailLink === 'opened_tab' ? link.waitOpened : link.wait}
        </p>
      )}
    </Card>
  )
}
