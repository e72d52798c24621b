'use client'
import type { ReactNode } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import type { UseEnrollment } from '../hooks/useEnrollment.js'
import { BackupCodesStep } from './BackupCodes.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { EnrollIntro } from './EnrollIntro.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'

export interface EnrollEndProps {
  frame: Frame
  enroll: UseEnrollment
  /** `lostTitle`: where it is not the one of what is done. */
  texts: { readonly doneTitle: string; readonly doneHint: string; readonly expiredHint: string; readonly lostTitle?: string }
  links: ReactNode
}

/** What follows every enrolment: it ran out, its backup codes, or that it is on. */
export function EnrollEnd({ frame, enroll, texts, links }: EnrollEndProps) {
  const { enroll: words } = useAllTexts()
  const { state } = enroll
  switch (state.step) {
    case 'expired':
      return (
        <Card
          key="expired"
          frame={frame}
          step="expired"
          title={words.expiredTitle}
          hint={texts.expiredHint}
          error={state.problem && <ProblemText problem={state.problem} />}
          links={links}
        >
          <Button frame={frame} type="button" pending={state.pending !== null} onClick={() => void enroll.leave()}>
            {words.startAgain}
          </Button>
        </Card>
      )
    case 'backup-codes':
      return <BackupCodesStep key="codes" frame={frame} codes={state.codes} onAcknowledged={enroll.acknowledge} />
    case 'codes-lost':
      return (
        <EnrollIntro
          key="codes-lost"
          frame={frame}
          enroll={enroll}
          title={texts.lostTitle ?? texts.doneTitle}
          hint={words.lostHint}
          submit={words.generate}
          run={(password) => enroll.generate(password ? { password } : {})}
          links={links}
        />
      )
    default:
      return <Card key="enrolled" frame={frame} step="enrolled" title={texts.doneTitle} hint={texts.doneHint} />
  }
}
