'use client'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import type { UseEnrollmentOptions } from '../hooks/useEnrollment.js'
import { usePasskeyEnroll } from '../hooks/usePasskeyEnroll.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { EnrollEnd, type EndOptions } from './EnrollEnd.js'
import { EnrollIntro } from './EnrollIntro.js'
import { EnrollRoot, type ChallengeProps } from './EnrollRoot.js'
import type { FrameProps } from './Frame.js'
import { useMovedFrame } from './movedFrame.js'
import { ProblemText } from './ProblemText.js'

export interface PasskeyEnrollProps extends FrameProps, EndOptions, Omit<UseEnrollmentOptions, 'attempt'> {
  /** Shows a way out, and is called when it is taken; what was begun is abandoned. */
  onCancel?: () => void
}

/** What `PasskeyEnroll` shows, also inside of a sign-in that asks for it. */
export function EnrollPasskey({
  Challenge,
  friendlyName,
  onEnrolled,
  onCancel,
  attempt,
  acknowledge,
  issuer,
  account,
  notice,
  ...props
}: PasskeyEnrollProps & ChallengeProps & { attempt?: SignInAttempt }) {
  const enroll = usePasskeyEnroll({ friendlyName, onEnrolled, attempt })
  const { passkeyEnroll: texts, enroll: words } = useAllTexts()
  const { state } = enroll
  const frame = useMovedFrame(props, enroll)
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
    <EnrollRoot frame={frame} challenging={enroll.challenging} Challenge={Challenge}>
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
        <EnrollEnd frame={frame} enroll={enroll} end={{ acknowledge, issuer, account, notice }} texts={texts} links={links} />
      )}
    </EnrollRoot>
  )
}
