'use client'
import { useRef, useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import type { EnrollState } from '../core/enrollFlow.js'
import type { Channel } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { fill } from '../hooks/texts.js'
import { useCodeForm } from '../hooks/useCodeForm.js'
import type { UseEnrollmentOptions } from '../hooks/useEnrollment.js'
import { usePhoneEnroll, type UsePhoneEnroll } from '../hooks/usePhoneEnroll.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { CodeForm, MalformedText } from './CodeForm.js'
import { EnrollEnd, type EndOptions } from './EnrollEnd.js'
import { EnrollRoot, type ChallengeProps } from './EnrollRoot.js'
import type { Frame, FrameProps } from './Frame.js'
import { useMovedFrame } from './movedFrame.js'
import { PhoneNumber } from './PhoneNumber.js'
import { ProblemText } from './ProblemText.js'
import { Resend } from './Resend.js'

export interface PhoneEnrollProps extends FrameProps, EndOptions, Omit<UseEnrollmentOptions, 'attempt'> {
  /** Ways for the code to choose from; the first is the default. Where there are fewer than two, nothing is asked. */
  channels?: readonly Channel[]
  /** Submit the code as soon as it is complete. Default true. */
  autoSubmit?: boolean
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** What `PhoneEnroll` shows, also inside of a sign-in that asks for it. */
export function EnrollPhone({
  Challenge,
  friendlyName,
  onEnrolled,
  channels,
  autoSubmit = true,
  onCancel,
  attempt,
  acknowledge,
  issuer,
  account,
  notice,
  ...props
}: PhoneEnrollProps & ChallengeProps & { attempt?: SignInAttempt }) {
  const enroll = usePhoneEnroll({ friendlyName, onEnrolled, attempt })
  const { phoneEnroll: texts, enroll: words } = useAllTexts()
  const { state } = enroll
  const [phone, setPhone] = useState('')
  const channel = useRef<Channel>(undefined)
  const frame = useMovedFrame(props, enroll)
  const cancel = onCancel && (
    <LinkButton
      frame={frame}
      onClick={() => {
        void enroll.leave()
        onCancel()
      }}
    >
      {words.cancel}
    </LinkButton>
  )
  return (
    <EnrollRoot frame={frame} challenging={enroll.challenging} Challenge={Challenge}>
      {state.step === 'intro' ? (
        <PhoneNumber
          key="intro"
          frame={frame}
          enroll={enroll}
          phone={phone}
          channels={channels}
          links={cancel}
          run={(number, way, password) => {
            setPhone(number)
            channel.current = way
            return enroll.start(number, { channel: way, password })
          }}
        />
      ) : state.step === 'verify' ? (
        'sends' in state && (
          <PhoneCode
            key="verify"
            frame={frame}
            enroll={enroll}
            state={state}
            phone={phone}
            autoSubmit={autoSubmit}
            send={() => void enroll.send(channel.current)}
            links={cancel}
          />
        )
      ) : (
        <EnrollEnd frame={frame} enroll={enroll} end={{ acknowledge, issuer, account, notice }} texts={texts} links={cancel} />
      )}
    </EnrollRoot>
  )
}

interface PhoneCodeProps {
  frame: Frame
  enroll: UsePhoneEnroll
  state: Extract<EnrollState, { step: 'verify'; type: 'phone' | 'email' }>
  phone: string
  autoSubmit: boolean
  send: () => void
  links: React.ReactNode
}

function PhoneCode({ frame, enroll, state, phone, autoSubmit, send, links }: PhoneCodeProps) {
  const { phoneEnroll: texts, code } = useAllTexts()
  const pending = state.pending !== null
  const unsent = state.sent === 'no'
  const form = useCodeForm({
    idPrefix: frame.idPrefix,
    length: state.codeLength,
    type: 'numeric',
    pending,
    problem: state.problem,
    autoSubmit,
    sends: state.sends,
    submit: enroll.verify,
    edited: enroll.edited,
  })
  return (
    <Card
      frame={frame}
      step="verify"
      title={texts.codeTitle}
      hint={state.sent === 'maybe' ? code.maybeSent : fill(unsent ? code.notSentTo : code.sentTo, { hint: phone })}
      error={
        form.malformed ? (
          <MalformedText problem={form.malformed} length={form.value.length} />
        ) : (
          state.problem && <ProblemText problem={state.problem} />
        )
      }
      status={!pending && state.sends > 1 && state.sent === 'yes' && code.resent}
      pending={pending}
      links={
        <>
          {!unsent && (
            <Resend frame={frame} factorId={state.id} pending={pending} as={LinkButton} label={code.resend} send={send} />
          )}
          <LinkButton frame={frame} onClick={() => void enroll.leave()}>
            {texts.change}
          </LinkButton>
          {links}
        </>
      }
    >
      {unsent ? (
        <Resend frame={frame} factorId={state.id} pending={pending} as={Button} label={code.send} send={send} />
      ) : (
        <CodeForm frame={frame} form={form} pending={pending} autoSubmit={autoSubmit} label={code.label} submit={texts.verify} />
      )}
    </Card>
  )
}
