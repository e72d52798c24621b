'use client'
import type { ReactNode } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import { useAccountName } from '../hooks/useAccountName.js'
import { usePasswordForm } from '../hooks/usePasswordForm.js'
import type { UseEnrollment } from '../hooks/useEnrollment.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { ProblemText } from './ProblemText.js'
import { UsernameField } from './UsernameField.js'

export interface EnrollIntroProps {
  frame: Frame
  enroll: UseEnrollment
  title: string
  hint: string
  submit: string
  run: (password?: string) => Promise<void>
  links: ReactNode
  /** Between the hint and the act. */
  children?: ReactNode
}

/** One act that asks the backend for a secret or for codes, with the password where the backend wants it. */
export function EnrollIntro({ frame, enroll, title, hint, submit, run, links, children }: EnrollIntroProps) {
  const { enroll: texts } = useAllTexts()
  const { state, asksPassword, edited } = enroll
  const username = useAccountName(asksPassword)
  const pending = state.pending !== null
  const form = usePasswordForm({ idPrefix: frame.idPrefix, pending, problem: state.problem, submit: run, edited })
  return (
    <Card
      frame={frame}
      step={state.step}
      title={title}
      hint={hint}
      error={form.missing ? texts.passwordMissing : state.problem && <ProblemText problem={state.problem} />}
      pending={pending}
      links={links}
    >
      {children}
      {asksPassword ? (
        <form {...form.getFormProps()}>
          <UsernameField value={username} />
          <PasswordField frame={frame} label={texts.password} {...form.getPasswordProps()} />
          <Button frame={frame} pending={pending}>
            {submit}
          </Button>
        </form>
      ) : (
        <Button frame={frame} type="button" pending={pending} onClick={() => void run()}>
          {submit}
        </Button>
      )}
    </Card>
  )
}
