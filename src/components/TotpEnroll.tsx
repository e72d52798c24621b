'use client'
import { useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useTotpEnroll, type UseTotpEnroll, type UseTotpEnrollOptions } from '../hooks/useTotpEnroll.js'
import { LinkButton } from './Button.js'
import { EnrollEnd } from './EnrollEnd.js'
import { EnrollIntro } from './EnrollIntro.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'
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
    default:
      return <EnrollEnd frame={frame} enroll={enroll} texts={texts} links={links} />
  }
}
