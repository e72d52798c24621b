'use client'
import type { ReactNode } from 'react'
import type { Channel } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import type { UsePhoneEnroll } from '../hooks/usePhoneEnroll.js'
import { usePhoneForm } from '../hooks/usePhoneForm.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { ProblemText } from './ProblemText.js'

export interface PhoneNumberProps {
  frame: Frame
  enroll: UsePhoneEnroll
  phone: string
  channels: readonly Channel[] | undefined
  run: (phone: string, channel: Channel | undefined, password: string | undefined) => Promise<void>
  links: ReactNode
}

/** Which number, and how the code shall come. */
export function PhoneNumber({ frame, enroll, phone, channels = [], run, links }: PhoneNumberProps) {
  const { phoneEnroll: texts, enroll: words } = useAllTexts()
  const { state, asksPassword, edited } = enroll
  const pending = state.pending !== null
  const form = usePhoneForm({
    idPrefix: frame.idPrefix,
    phone,
    channels,
    asksPassword,
    problem: state.problem,
    submit: ({ phone, channel, password }) => run(phone, channel, password),
    edited,
  })
  const field = form.getPhoneProps()
  return (
    <Card
      frame={frame}
      step="intro"
      title={texts.title}
      hint={`${texts.intro} ${texts.risk}`}
      error={
        form.missing === 'phone'
          ? texts.missing
          : form.missing
            ? words.passwordMissing
            : state.problem && <ProblemText problem={state.problem} />
      }
      pending={pending}
      links={links}
    >
      <form {...form.getFormProps()}>
        <div {...slot('field', {}, frame.classNames.field)}>
          <label {...slot('label', {}, frame.classNames.label)} htmlFor={field.id}>
            {texts.label}
          </label>
          <input {...field} {...slot('input', {}, frame.classNames.input)} />
        </div>
        {channels.length > 1 && (
          <fieldset {...slot('channels')}>
            <legend {...slot('label')}>{texts.channel}</legend>
            {channels.map((channel) => (
              <label key={channel} {...slot('check')}>
                <input {...form.getChannelProps(channel)} />
                {texts[channel]}
              </label>
            ))}
          </fieldset>
        )}
        {asksPassword && <PasswordField frame={frame} label={words.password} {...form.getPasswordProps()} />}
        <Button frame={frame} pending={pending}>
          {texts.submit}
        </Button>
      </form>
    </Card>
  )
}
