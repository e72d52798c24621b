'use client'
import { useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useTotpEnroll, type UseTotpEnroll, type UseTotpEnrollOptions } from '../hooks/useTotpEnroll.js'
import { LinkButton } from './Button.js'
import { EnrollEnd, type EndOptions } from './EnrollEnd.js'
import { EnrollIntro } from './EnrollIntro.js'
import { EnrollRoot, type ChallengeProps } from './EnrollRoot.js'
import type { Frame, FrameProps } from './Frame.js'
import { useMovedFrame } from './movedFrame.js'
import { StepLinks } from './StepLinks.js'
import { TotpSetup } from './TotpSetup.js'

export interface TotpEnrollProps extends FrameProps, Omit<EndOptions, 'issuer'>, Omit<UseTotpEnrollOptions, 'attempt'> {
  /** Submit the code as soon as it is complete. Default true. */
  autoSubmit?: boolean
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** What `TotpEnroll` shows. */
export function EnrollTotp({
  Challenge,
  issuer,
  user,
  account,
  acknowledge,
  notice,
  friendlyName,
  onEnrolled,
  autoSubmit = true,
  onCancel,
  ...props
}: TotpEnrollProps & ChallengeProps) {
  const enroll = useTotpEnroll({ issuer, user, friendlyName, onEnrolled })
  const frame = useMovedFrame(props, enroll)
  const [named, setNamed] = useState<string>()
  if (enroll.totp?.account && enroll.totp.account !== named) setNamed(enroll.totp.account)
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
    <EnrollRoot frame={frame} challenging={enroll.challenging} Challenge={Challenge}>
      <EnrollCards
        frame={frame}
        enroll={enroll}
        end={{ acknowledge, issuer, account: account ?? user ?? named, notice }}
        autoSubmit={autoSubmit}
        links={cancel}
      />
    </EnrollRoot>
  )
}

function CancelText() {
  return useAllTexts().enroll.cancel
}

/** The same inside of a sign-in that asks for it. */
export function EnrollStep({ frame, attempt }: { frame: Frame; attempt: SignInAttempt }) {
  const enroll = useTotpEnroll({ attempt })
  const { state } = useFlow()
  return <EnrollCards frame={frame} enroll={enroll} autoSubmit required links={<StepLinks frame={frame} state={state} />} />
}

interface EnrollCardsProps {
  frame: Frame
  enroll: UseTotpEnroll
  end?: EndOptions
  autoSubmit: boolean
  required?: boolean
  links: React.ReactNode
}

function EnrollCards({ frame, enroll, end, autoSubmit, required = false, links }: EnrollCardsProps) {
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
      return <EnrollEnd frame={frame} enroll={enroll} end={end} texts={texts} links={links} />
  }
}
