'use client'
import type { FlowState } from '../core/flow.js'
import { preparationOf } from '../core/screenOf.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { fill } from '../hooks/texts.js'
import { useCodeForm } from '../hooks/useCodeForm.js'
import { useEngine } from '../hooks/useEngine.js'
import { useFlow } from '../hooks/useFlow.js'
import { useTimeLeft } from '../hooks/useResend.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { CodeForm, MalformedText } from './CodeForm.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Resend } from './Resend.js'
import { StepLinks } from './StepLinks.js'
import { useTrustDevice } from './useTrustDevice.js'

type FactorState = Extract<FlowState, { step: 'first-factor' | 'second-factor' }>

export interface CodeStepProps {
  frame: Frame
  state: FactorState
  autoSubmit?: boolean | undefined
}

/** Wrong codes after which it is worth looking at the phone's clock. */
const clockHintAfter = 2

/** A code from an app or a message. */
export function CodeStep({ frame, state, autoSubmit = true }: CodeStepProps) {
  const { signIn } = useFlow()
  const { clock } = useEngine()
  const { code } = useAllTexts()
  const { challenge, factor, problem, step } = state
  const pending = state.pending !== null
  const sends = preparationOf(factor.strategy) === 'act'
  const unsent = sends && challenge.sent === 'no'
  const trust = useTrustDevice(state)
  const resend = { frame, factorId: factor.id, channels: factor.channels, pending }
  const left = useTimeLeft(clock, challenge.expiresAt)
  const expired = sends && challenge.expiresAt !== undefined && left === 0
  const form = useCodeForm({
    idPrefix: frame.idPrefix,
    length: challenge.codeLength,
    type: challenge.codeType,
    pending,
    problem,
    autoSubmit,
    sends: challenge.sends,
    fromMessage: !unsent && factor.strategy.endsWith('phone_code'),
    submit: (code) => signIn.submit({ code, ...trust.given }),
    edited: signIn.edited,
  })

  return (
    <Card
      // With the code the field comes, and with it the focus.
      key={unsent ? 'send' : 'code'}
      frame={frame}
      step={step}
      title={sends ? code.messageTitle : code.totpTitle}
      hint={sends ? sentText(state, code) : code.totpHint}
      error={
        form.malformed ? (
          <MalformedText problem={form.malformed} length={form.value.length} />
        ) : problem ? (
          <ProblemText problem={problem} />
        ) : (
          expired && code.expired
        )
      }
      status={!pending && news(state, code)}
      pending={pending}
      links={
        <StepLinks frame={frame} state={state}>
          {sends && !unsent && <Resend {...resend} as={LinkButton} label={code.resend} />}
        </StepLinks>
      }
    >
      {unsent ? (
        <Resend {...resend} as={Button} label={code.send} />
      ) : (
        <CodeForm frame={frame} form={form} pending={pending} autoSubmit={autoSubmit} label={code.label} submit={code.submit}>
          {trust.box}
        </CodeForm>
      )}
    </Card>
  )
}

/** Told anew after each send, so it is taken away while one is under way. */
function news({ attempt, challenge, factor }: FactorState, code: ReturnType<typeof useAllTexts>['code']) {
  if (challenge.sends > 1) return challenge.sent === 'maybe' ? code.maybeSent : code.resent
  if (factor.strategy === 'totp' && challenge.failures >= clockHintAfter) return code.clockHint
  return attempt.notice === 'new_device' && code.newDevice
}

function sentText({ challenge, factor }: FactorState, code: ReturnType<typeof useAllTexts>['code']) {
  if (challenge.sent === 'maybe') return code.maybeSent
  if (challenge.sent === 'no') return factor.hint ? fill(code.notSentTo, { hint: factor.hint }) : code.notSent
  return factor.hint ? fill(code.sentTo, { hint: factor.hint }) : code.sent
}
