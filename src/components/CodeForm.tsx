'use client'
import type { ReactNode } from 'react'
import type { CodeProblem } from '../core/otp.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { plural } from '../hooks/texts.js'
import type { UseCodeForm } from '../hooks/useCodeForm.js'
import { Button } from './Button.js'
import type { Frame } from './Frame.js'
import { OtpInput } from './OtpInput.js'

export interface CodeFormProps {
  frame: Frame
  form: UseCodeForm
  pending: boolean
  autoSubmit: boolean
  label: string
  submit: string
  children?: ReactNode
}

/** A code field with the line that says how it behaves, and the button that is always there. */
export function CodeForm({ frame, form, pending, autoSubmit, label, submit, children }: CodeFormProps) {
  const { code, locale } = useAllTexts()
  const field = form.getFieldProps()
  return (
    <form {...form.getFormProps()}>
      <div data-sensitive="">
        <OtpInput {...field} label={label} />
      </div>
      <p {...slot('hint', { small: true }, frame.classNames.hint)} id={form.hintId}>
        {plural(field.type === 'numeric' ? code.digits : code.characters, field.length, locale)} {autoSubmit && code.autoSubmit}
      </p>
      {children}
      <Button frame={frame} pending={pending}>
        {submit}
      </Button>
    </form>
  )
}

/** What is wrong with a code before anyone was asked. */
export function MalformedText({ problem, length }: { problem: CodeProblem; length: number }) {
  const { code, locale } = useAllTexts()
  switch (problem) {
    case 'empty':
      return code.empty
    case 'too_short':
      return plural(code.tooShort, length, locale)
    case 'too_long':
      return plural(code.tooLong, length, locale)
    case 'not_digits':
      return code.notDigits
    case 'not_alphanumeric':
      return code.notAlphanumeric
    default:
      return problem satisfies never
  }
}
