'use client'
import type { ReactNode } from 'react'
import { slot } from '../hooks/stateAttributes.js'
import { useTexts } from '../hooks/texts.js'
import { useSignInForm } from '../hooks/useSignInForm.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { ProblemText } from './ProblemText.js'

export interface StartStepProps {
  frame: Frame
  password?: boolean | undefined
  identifier?: string | undefined
  forgot?: ReactNode
  signUp?: ReactNode
}

/** The first screen: who, and the password where everyone has one. */
export function StartStep({ frame, password, identifier, forgot, signUp }: StartStepProps) {
  const { start, common } = useTexts()
  const form = useSignInForm({ idPrefix: frame.idPrefix, password, identifier })
  const { problem, missing, pending, asksPassword } = form
  const field = form.getIdentifierProps()
  const label = form.identifierType === 'any' ? start.identifier : start[form.identifierType]
  const empty = missing === 'identifier' ? start.identifierMissing : missing && start.passwordMissing

  return (
    <Card
      frame={frame}
      step="start"
      title={start.title}
      hint={start.hint}
      error={empty ?? (problem && <ProblemText problem={problem} />)}
      pending={pending}
      links={
        <>
          {form.codeStrategies.map((strategy) => (
            <LinkButton key={strategy} frame={frame} onClick={() => void form.startWith(strategy)}>
              {strategy === 'email_code' ? start.emailCode : start.phoneCode}
            </LinkButton>
          ))}
          {forgot}
          {signUp}
        </>
      }
    >
      <form {...form.getFormProps()}>
        <div {...slot('field', {}, frame.classNames.field)}>
          <label {...slot('label', {}, frame.classNames.label)} htmlFor={field.id}>
            {label}
          </label>
          <input {...field} {...slot('input', {}, frame.classNames.input)} dir="auto" />
        </div>
        {asksPassword && <PasswordField frame={frame} label={start.password} {...form.getPasswordProps()} />}
        <Button frame={frame} pending={pending}>
          {asksPassword ? start.submit : common.continue}
        </Button>
      </form>
    </Card>
  )
}
