'use client'
import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../core/flow.js'
import { mergeProps, type PropGetter } from './mergeProps.js'

export interface UseBackupCodeFormOptions {
  idPrefix?: string
  pending: boolean
  problem: Problem | null
  /** Gets the code as it was typed, without the white space around it: only the backend knows what its codes look like. */
  submit: (code: string) => Promise<void>
  edited: () => void
}

export interface UseBackupCodeForm {
  readonly empty: boolean
  readonly errorId: string
  readonly hintId: string
  getFormProps: PropGetter<'form'>
  getInputProps: PropGetter<'input'>
}

/** A form with one backup code. Nothing is submitted by itself: each code works once. */
export function useBackupCodeForm(options: UseBackupCodeFormOptions): UseBackupCodeForm {
  const { idPrefix = 'lk', pending, problem, submit, edited } = options
  const field = useRef<HTMLInputElement>(null)
  const [empty, setEmpty] = useState(false)
  const errorId = `${idPrefix}-error`
  const hintId = `${idPrefix}-hint`

  useEffect(() => {
    if (!problem) return
    field.current?.focus()
    field.current?.select()
  }, [problem])

  useEffect(() => {
    const forget = () => {
      if (field.current) field.current.value = ''
    }
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])

  return {
    empty,
    errorId,
    hintId,
    getFormProps: (given) =>
      mergeProps(
        {
          method: 'post',
          noValidate: true,
          onSubmit(event) {
            event.preventDefault()
            const code = field.current?.value.trim() ?? ''
            setEmpty(!code)
            if (!code) field.current?.focus()
            else if (!pending) void submit(code)
          },
          onInput() {
            setEmpty(false)
            edited()
          },
        },
        given,
      ),
    getInputProps: (given) =>
      mergeProps(
        {
          ref: field,
          id: `${idPrefix}-backup-code`,
          name: 'backup-code',
          type: 'text',
          autoComplete: 'off',
          autoCapitalize: 'off',
          autoCorrect: 'off',
          spellCheck: false,
          dir: 'ltr',
          'aria-required': true,
          'aria-invalid': empty || problem?.field === 'code' || undefined,
          'aria-describedby': `${hintId} ${errorId}`,
        },
        given,
      ),
  }
}
