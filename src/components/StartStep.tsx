'use client'
import type { ReactNode } from 'react'
import type { FirstStrategy } from '../core/strategy.js'
import { slot } from '../hooks/stateAttributes.js'
import { fill, useTexts } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
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
  const { state } = useFlow()
  const notice = state.step === 'start' && state.notice
  const empty = missing === 'identifier' ? start.identifierMissing : missing && start.passwordMissing

  return (
    <Card
      frame={frame}
      step="start"
      title={start.title}
      hint={start.hint}
      // No code is asked for here, so what a code's refusal speaks of is a link.
      error={empty ?? (problem && (/^(code_|already)/.test(problem.code) ? start.linkFailed : <ProblemText problem={problem} />))}
      status={notice && !pending && start.notices[notice]}
      pending={pending}
      links={
        <>
          {form.otherStrategies
            // The app's own link takes the place of ours.
            .filter((strategy) => !forgot || !strategy.startsWith('reset_'))
            .map((strategy) => (
              <LinkButton key={strategy} frame={frame} onClick={() => void form.startWith(strategy)}>
                {start[linkTexts[strategy as keyof typeof linkTexts]]}
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
      {form.providers.length > 0 && (
        <ul {...slot('choices')} aria-label={start.title}>
          {form.providers.map(({ strategy, name }) => (
            <li key={strategy}>
              <button
                type="button"
                {...slot('choice', { strategy })}
                aria-disabled={pending || undefined}
                onClick={() => void form.startWith(strategy)}
              >
                <span>{fill(start.provider, { provider: name })}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const linkTexts = {
  email_code: 'emailCode',
  phone_code: 'phoneCode',
  email_link: 'emailLink',
  enterprise_sso: 'sso',
  reset_password_email_code: 'forgot',
  reset_password_phone_code: 'forgotByPhone',
} as const satisfies Partial<Record<FirstStrategy, string>>
