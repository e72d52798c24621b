'use client'
import { useEffect, useRef, useState, type Ref } from 'react'
import type { Problem } from '../core/flow.js'
import { codeProblem, readCode, type CodeProblem, type CodeType } from '../core/otp.js'
import { mergeProps, type PropGetter } from './mergeProps.js'
import { useWebOtp } from './useWebOtp.js'

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
  /** The code comes by text message: where the browser can read it there, it is filled in. Default false. */
  fromMessage?: boolean
}

export interface UseCodeForm {
  readonly value: string
  /** What is wrong with the code as it was submitted, before anyone was asked. */
  readonly malformed: CodeProblem | null
  readonly hintId: string
  readonly errorId: string
  getFormProps: PropGetter<'form'>
  /** For `OtpInput`. */
  getFieldProps(given?: Partial<CodeFieldProps>): CodeFieldProps
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
  ref: Ref<HTMLInputElement>
  onValueChange: (value: string) => void
  onComplete: (value: string) => void
}

/**
 * A form with one code: read from the document when it is submitted, because browsers may have filled it without an event; kept when the connection
 * fails; selected for typing over when it was refused.
 */
export function useCodeForm(options: UseCodeFormOptions): UseCodeForm {
  const {
    idPrefix = 'lk',
    length,
    type,
    pending,
    problem,
    submit,
    edited,
    autoSubmit = true,
    sends = 0,
    fromMessage = false,
  } = options
  const field = useRef<HTMLInputElement | null>(null)
  const seen = useRef(sends)
  const [state, setState] = useState({ value: '', malformed: null as CodeProblem | null, sends })
  // A newer code makes the one in the field worthless.
  if (state.sends !== sends) setState({ value: '', malformed: null, sends })
  const errorId = `${idPrefix}-error`
  const hintId = `${idPrefix}-hint`

  useWebOtp(fromMessage && !pending, sends, field)

  useEffect(() => {
    if (!problem && !state.malformed) return
    field.current?.focus()
    field.current?.select()
  }, [problem, state.malformed])

  useEffect(() => {
    if (seen.current === sends) return
    seen.current = sends
    // The button that asked for the code is gone.
    field.current?.focus()
  }, [sends])

  useEffect(() => {
    const forget = () => {
      // The page may be frozen before it is drawn again.
      if (field.current) field.current.value = ''
      setState((now) => ({ ...now, value: '', malformed: null }))
    }
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])

  function send(value: string) {
    const malformed = codeProblem(value, { length, type })
    setState((now) => ({ ...now, value, malformed }))
    if (malformed) return field.current?.focus()
    if (!pending) void submit(value)
  }

  return {
    value: state.value,
    malformed: state.malformed,
    hintId,
    errorId,
    getFormProps: (given) =>
      mergeProps(
        {
          method: 'post',
          noValidate: true,
          onSubmit(event) {
            event.preventDefault()
            send(readCode(field.current?.value ?? '', { length, type }))
          },
        },
        given,
      ),
    getFieldProps: (given) =>
      mergeProps<CodeFieldProps>(
        {
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
        },
        given as CodeFieldProps | undefined,
      ),
  }
}
