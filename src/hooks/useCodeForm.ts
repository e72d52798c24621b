'use client'
import { useEffect, useRef, useState, type ComponentPropsWithRef, type FormEvent } from 'react'
import type { Problem } from '../core/flow.js'
import { codeProblem, type CodeProblem, type CodeType } from '../core/otp.js'

export interface UseCodeFormOptions {
  /** Ids of the form's parts begin with it. Default `lk`. */
  idPrefix?: string
  /** Characters. */
  length: number
  type: CodeType
  pending: boolean
  problem: Problem | null
  /** Gets the code, digits in ASCII, without spaces. */
  submit: (code: string) => Promise<void>
  edited: () => void
  /** Submit as soon as the code is complete. Default true; the hint says so. */
  autoSubmit?: boolean | undefined
  /** Changes when another code was sent; the field is cleared then. */
  sends?: number
}

export interface UseCodeForm {
  readonly value: string
  /** What is wrong with the code as it was submitted, before anyone was asked. */
  readonly malformed: CodeProblem | null
  readonly hintId: string
  readonly errorId: string
  getFormProps(): ComponentPropsWithRef<'form'>
  /** For `OtpInput`. */
  getFieldProps(): CodeFieldProps
}

export interface CodeFieldProps {
  id: string
  name: string
  length: number
  type: CodeType
  value: string
  required: true
  invalid: boolean
  'aria-describedby': string
  ref: (input: HTMLInputElement | null) => void
  onValueChange: (value: string) => void
  onComplete: (value: string) => void
}

/** A form with one code: checked when it is submitted, kept when the connection fails, selected for typing over when it was refused. */
export function useCodeForm(options: UseCodeFormOptions): UseCodeForm {
  const { idPrefix = 'lk', length, type, pending, problem, submit, edited, autoSubmit = true, sends = 0 } = options
  const field = useRef<HTMLInputElement | null>(null)
  const [state, setState] = useState({ value: '', malformed: null as CodeProblem | null, sends })
  // A newer code makes the one in the field worthless.
  if (state.sends !== sends) setState({ value: '', malformed: null, sends })
  const errorId = `${idPrefix}-error`
  const hintId = `${idPrefix}-hint`

  useEffect(() => {
    if (!problem && !state.malformed) return
    field.current?.focus()
    field.current?.select()
  }, [problem, state.malformed])

  useEffect(() => {
    const forget = () => setState((now) => ({ ...now, value: '', malformed: null }))
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])

  function send(value: string) {
    const malformed = codeProblem(value, { length, type })
    setState((now) => ({ ...now, malformed }))
    if (malformed) return field.current?.focus()
    if (!pending) void submit(value)
  }

  return {
    value: state.value,
    malformed: state.malformed,
    hintId,
    errorId,
    getFormProps: () => ({
      method: 'post',
      noValidate: true,
      onSubmit(event: FormEvent<HTMLFormElement>) {
        event.preventDefault()
        send(state.value)
      },
    }),
    getFieldProps: () => ({
      id: `${idPrefix}-code`,
      name: 'code',
      length,
      type,
      value: state.value,
      required: true,
      invalid: state.malformed !== null || problem?.field === 'code',
      'aria-describedby': `${hintId} ${errorId}`,
      ref(input) {
        field.current = input
      },
      onValueChange(value) {
        setState((now) => ({ ...now, value, malformed: null }))
        edited()
      },
      onComplete(value) {
        if (autoSubmit) send(value)
      },
    }),
  }
}
