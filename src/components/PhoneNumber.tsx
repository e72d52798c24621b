'use client'
import { useRef, useState, type ReactNode } from 'react'
import type { Channel } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import type { UsePhoneEnroll } from '../hooks/usePhoneEnroll.js'
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

/** Which number, and how the code shall come. The number is read from the form and goes on as it was typed. */
export function PhoneNumber({ frame, enroll, phone, channels = [], run, links }: PhoneNumberProps) {
  const { phoneEnroll: texts, enroll: words } = useAllTexts()
  const { state, asksPassword } = enroll
  const [missing, setMissing] = useState<'phone' | 'password' | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const pending = state.pending !== null
  const id = `${frame.idPrefix}-phone`
  const errorId = `${frame.idPrefix}-error`
  return (
    <Card
      frame={frame}
      step="intro"
      title={texts.title}
      hint={`${texts.intro} ${texts.risk}`}
      error={
        missing === 'phone'
          ? texts.missing
          : missing
            ? words.passwordMissing
            : state.problem && <ProblemText problem={state.problem} />
      }
      pending={pending}
      links={links}
    >
      <form
        method="post"
        noValidate
        onInput={() => {
          setMissing(null)
          enroll.edited()
        }}
        onSubmit={(event) => {
          event.preventDefault()
          const number = field.current?.value.trim() ?? ''
          const secret = password.current?.value ?? ''
          const gap = !number ? 'phone' : asksPassword && !secret ? 'password' : null
          setMissing(gap)
          if (gap) return (gap === 'phone' ? field : password).current?.focus()
          if (pending) return
          const way = new FormData(event.currentTarget).get('channel')
          void run(number, channels.find((one) => one === way) ?? channels[0], secret || undefined).then(() => {
            if (password.current) password.current.value = ''
          })
        }}
      >
        <div {...slot('field', {}, frame.classNames.field)}>
          <label {...slot('label', {}, frame.classNames.label)} htmlFor={id}>
            {texts.label}
          </label>
          <input
            {...slot('input', {}, frame.classNames.input)}
            ref={field}
            id={id}
            name="phone"
            type="tel"
            autoComplete="tel"
            dir="ltr"
            defaultValue={phone}
            aria-required
            aria-invalid={missing === 'phone' || state.problem?.field === 'phone' || undefined}
            aria-describedby={errorId}
          />
        </div>
        {channels.length > 1 && (
          <fieldset {...slot('channels')}>
            <legend {...slot('label')}>{texts.channel}</legend>
            {channels.map((channel, i) => (
              <label key={channel} {...slot('check')}>
                <input type="radio" name="channel" value={channel} defaultChecked={i === 0} />
                {texts[channel]}
              </label>
            ))}
          </fieldset>
        )}
        {asksPassword && (
          <PasswordField
            frame={frame}
            label={words.password}
            ref={password}
            id={`${frame.idPrefix}-password`}
            name="password"
            autoComplete="current-password"
            aria-required
            aria-invalid={missing === 'password' || undefined}
            aria-describedby={errorId}
          />
        )}
        <Button frame={frame} pending={pending}>
          {texts.submit}
        </Button>
      </form>
    </Card>
  )
}
