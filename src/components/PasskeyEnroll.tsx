'use client'
import { useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import type { UseEnrollmentOptions } from '../hooks/useEnrollment.js'
import { usePasskeyEnroll } from '../hooks/usePasskeyEnroll.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { EnrollEnd } from './EnrollEnd.js'
import { EnrollIntro } from './EnrollIntro.js'
import { frameOf, type FrameProps } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'

export interface PasskeyEnrollProps extends FrameProps, Omit<UseEnrollmentOptions, 'attempt'> {
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** Sets up a passkey or a security key: why, then the browser's own ceremony. */
export function PasskeyEnroll(props: PasskeyEnrollProps) {
  return <EnrollPasskey {...props} />
}

/** The same, also inside a sign-in that asks for it. */
export function EnrollPasskey({
  friendlyName,
  onEnrolled,
  onCancel,
  attempt,
  ...props
}: PasskeyEnrollProps & { attempt?: SignInAttempt }) {
  const enroll = usePasskeyEnroll({ friendlyName, onEnrolled, attempt })
  const { passkeyEnroll: texts, enroll: words } = useAllTexts()
  const { state } = enroll
  const [moved, setMoved] = useState(false)
  if (!moved && state.step !== 'intro') setMoved(true)
  const frame = frameOf(props, moved)
  const pending = state.pending !== null
  const problems: Readonly<Record<string, string>> = {
    factor_exists: texts.exists,
    not_supported: texts.impossible,
    cancelled: texts.cancelled,
  }
  const links = onCancel && (
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
    <Root classNames={frame.classNames}>
      {state.step === 'intro' ? (
        <EnrollIntro
          key="intro"
          frame={frame}
          enroll={enroll}
          title={texts.title}
          hint={texts.intro}
          submit={texts.start}
          run={enroll.start}
          links={links}
        />
      ) : state.step === 'verify' ? (
        <Card
          key="verify"
          frame={frame}
          step="verify"
          title={texts.createTitle}
          hint={texts.createHint}
          error={state.problem && (problems[state.problem.code] ?? <ProblemText problem={state.problem} />)}
          pending={pending}
          links={links}
        >
          <Button frame={frame} type="button" pending={pending} onClick={() => void enroll.create()}>
            {texts.create}
          </Button>
        </Card>
      ) : (
        <EnrollEnd frame={frame} enroll={enroll} texts={texts} links={links} />
      )}
    </Root>
  )
}
