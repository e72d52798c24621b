'use client'
import type { SignInAttempt } from '../core/attempt.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useTotpEnroll, type UseTotpEnroll } from '../hooks/useTotpEnroll.js'
import { EnrollEnd, type EndOptions } from './EnrollEnd.js'
import { EnrollIntro } from './EnrollIntro.js'
import type { Frame } from './Frame.js'
import { StepLinks } from './StepLinks.js'
import { TotpSetup } from './TotpSetup.js'

/** What `TotpEnroll` shows, inside of a sign-in that asks for it. */
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

/** The screens of setting up an app. */
export function EnrollCards({ frame, enroll, end, autoSubmit, required = false, links }: EnrollCardsProps) {
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
