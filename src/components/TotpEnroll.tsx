'use client'
import { useState } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import { useTotpEnroll, type UseTotpEnrollOptions } from '../hooks/useTotpEnroll.js'
import { LinkButton } from './Button.js'
import { lazyStep } from './lazyStep.js'
const ChallengeSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)
import type { EndOptions } from './EnrollEnd.js'
import { EnrollRoot } from './EnrollRoot.js'
import { EnrollCards } from './EnrollStep.js'
import type { FrameProps } from './Frame.js'
import { useMovedFrame } from './movedFrame.js'

export interface TotpEnrollProps extends FrameProps, Omit<EndOptions, 'issuer'>, Omit<UseTotpEnrollOptions, 'attempt'> {
  /** Submit the code as soon as it is complete. Default true. */
  autoSubmit?: boolean
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** Sets up an authenticator app: a picture or a key, then a code that proves it, then the backup codes. */
export function TotpEnroll({
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
}: TotpEnrollProps) {
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
    <EnrollRoot frame={frame} challenging={enroll.challenging} Challenge={ChallengeSteps}>
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
