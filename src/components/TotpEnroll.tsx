'use client'
import { useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useTotpEnroll, type UseTotpEnroll, type UseTotpEnrollOptions } from '../hooks/useTotpEnroll.js'
import { BackupCodesStep } from './BackupCodes.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { EnrollIntro } from './EnrollIntro.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'
import { StepLinks } from './StepLinks.js'
import { TotpSetup } from './TotpSetup.js'
import { useFlow } from '../hooks/useFlow.js'

export interface TotpEnrollProps extends FrameProps, Omit<UseTotpEnrollOptions, 'attempt'> {
  /** Submit the code as soon as it is complete. Default true. */
  autoSubmit?: boolean
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** Sets up an authenticator app: a picture or a key, then a code that proves it, then the backup codes. */
export function TotpEnroll({ issuer, user, friendlyName, onEnrolled, autoSubmit = true, onCancel, ...props }: TotpEnrollProps) {
  const enroll = useTotpEnroll({ issuer, user, friendlyName, onEnrolled })
  const [first] = useState(enroll.state.step)
  const [moved, setMoved] = useState(false)
  if (!moved && enroll.state.step !== first) setMoved(true)
  const frame = frameOf(props, moved)
  const cancel = onCancel && (
    <LinkButton
      frame={frame}
      onClick={() => {
        void enroll.leave()
        onCancel()
      }}
    >
      <CancelText />
    </LinkButton>
  )
  return (
    <Root classNames={frame.classNames}>
      <EnrollCards frame={frame} enroll={enroll} autoSubmit={autoSubmit} links={cancel} />
    </Root>
  )
}

function CancelText() {
  return useAllTexts().enroll.cancel
}

/** The same inside a sign-in that asks for it. */
export function EnrollStep({ frame, attempt }: { frame: Frame; attempt: SignInAttempt }) {
  const enroll = useTotpEnroll({ attempt })
  const { state } = useFlow()
  return <EnrollCards frame={frame} enroll={enroll} autoSubmit required links={<StepLinks frame={frame} state={state} />} />
}

interface EnrollCardsProps {
  frame: Frame
  enroll: UseTotpEnroll
  autoSubmit: boolean
  required?: boolean
  links: React.ReactNode
}

function EnrollCards({ frame, enroll, autoSubmit, required = false, links }: EnrollCardsProps) {
  const { enroll: texts } = useAllTexts()
  const { state } = enroll
  const pending = state.pending !== null
  const error = state.problem && <ProblemText problem={state.problem} />

  switch (state.step) {
    case 'intro':
      return (
        <EnrollIntro
          key="intro"
          frame={frame}
          enroll={enroll}
          title={texts.title}
          hint={required ? texts.required : texts.intro}
          submit={texts.start}
          run={enroll.start}
          links={links}
        />
      )
    case 'verify':
      if (state.type !== 'totp') return null
      return <TotpSetup key="verify" frame={frame} enroll={enroll} state={state} autoSubmit={autoSubmit} links={links} />
    case 'expired':
      return (
        <Card
          key="expired"
          frame={frame}
          step="expired"
          title={texts.expiredTitle}
          hint={texts.expiredHint}
          error={error}
          links={links}
        >
          <Button frame={frame} type="button" pending={pending} onClick={() => void enroll.leave()}>
            {texts.startAgain}
          </Button>
        </Card>
      )
    case 'backup-codes':
      return <BackupCodesStep key="backup-codes" frame={frame} codes={state.codes} onAcknowledged={enroll.acknowledge} />
    case 'codes-lost':
      return (
        <EnrollIntro
          key="codes-lost"
          frame={frame}
          enroll={enroll}
          title={texts.lostTitle}
          hint={texts.lostHint}
          submit={texts.generate}
          run={(password) => enroll.generate(password ? { password } : {})}
          links={links}
        />
      )
    case 'enrolled':
      return <Card key="enrolled" frame={frame} step="enrolled" title={texts.doneTitle} hint={texts.doneHint} />
    default:
      return state satisfies never
  }
}
