'use client'
import { forwardRef, useEffect, useRef, useState, type ComponentPropsWithoutRef } from 'react'
import { slot } from '../hooks/stateAttributes.js'
import { useTexts } from '../hooks/texts.js'
import type { Frame } from './Frame.js'

export interface PasswordFieldProps extends ComponentPropsWithoutRef<'input'> {
  frame: Frame
  label: string
}

/** A password that can be looked at, and is hidden again when it is submitted. */
export const PasswordField = forwardRef<HTMLInputElement, PasswordFieldProps>(function PasswordField(
  { frame, label, ...input },
  ref,
) {
  const { start } = useTexts()
  const [shown, setShown] = useState(false)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const form = box.current?.closest('form')
    const hide = () => setShown(false)
    form?.addEventListener('submit', hide)
    return () => form?.removeEventListener('submit', hide)
  }, [])

  return (
    <div {...slot('field', {}, frame.classNames.field)} ref={box}>
      <label {...slot('label', {}, frame.classNames.label)} htmlFor={input.id}>
        {label}
      </label>
      <div {...slot('password')}>
        <input
          {...input}
          ref={ref}
          {...slot('input', {}, frame.classNames.input)}
          type={shown ? 'text' : 'password'}
          data-sensitive=""
        />
        <button
          {...slot('toggle')}
          type="button"
          aria-label={shown ? start.hide : start.show}
          aria-controls={input.id}
          // The field keeps its caret: a press does not take the focus away from it.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => setShown(!shown)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10Z" />
            <circle cx="10" cy="10" r="2.5" />
            {shown && <path d="M3.5 16.5l13-13" />}
          </svg>
        </button>
      </div>
    </div>
  )
})
