'use client'
import type { ReactNode } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import type { BackupCodesOptions } from '../hooks/useBackupCodes.js'
import type { UseEnrollment } from '../hooks/useEnrollment.js'
import { BackupCodesStep } from './BackupCodes.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { EnrollIntro } from './EnrollIntro.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'

/** How every enrolment ends. */
export interface EndOptions extends BackupCodesOptions {
  /** Said when the factor is on, below what the kit says: that a message about it is on its way, for instance. */
  notice?: ReactNode
}

export interface EnrollEndProps {
  frame: Frame
  enroll: UseEnrollment
  end?: EndOptions | undefined
  /** `lostTitle`: where it is not the one of what is done. */
  texts: { readonly doneTitle: string; readonly doneHint: string; readonly expiredHint: string; readonly lostTitle?: string }
  links: ReactNode
}

/** What follows every enrolment: it ran out, its backup codes, or that it is on. */
export function EnrollEnd({ frame, enroll, end: { notice, ...codes } = {}, texts, links }: EnrollEndProps) {
  const { enroll: words } = useAllTexts()
  const { state, canGenerate } = enroll
  const ask = {
    frame,
    enroll,
    submit: words.generate,
    run: (password?: string) => enroll.generate(password ? { password } : {}),
  }
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
      return <BackupCodesStep key="codes" frame={frame} {...codes} codes={state.codes} onAcknowledged={enroll.acknowledge} />
    case 'codes-lost':
      return (
        <EnrollIntro key="codes-lost" {...ask} title={texts.lostTitle ?? texts.doneTitle} hint={words.lostHint} links={links} />
      )
    case 'enrolled': {
      const changed = (state.otherSessions || notice) && (
        <div {...slot('changed')}>
          {state.otherSessions && <p>{words.othersEnded}</p>}
          {notice}
        </div>
      )
      const hint = (offer: string) => `${texts.doneHint} ${offer}`
      return canGenerate && !state.stored ? (
        <EnrollIntro key="enrolled" {...ask} title={texts.doneTitle} hint={hint(words.offerCodes)} links={null}>
          {changed}
        </EnrollIntro>
      ) : (
        <Card key="enrolled" frame={frame} step="enrolled" title={texts.doneTitle} hint={hint(words.offerAnother)}>
          {changed}
        </Card>
      )
    }
    default:
      return null
  }
}
