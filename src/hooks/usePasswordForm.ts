'use client'
import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../core/flow.js'
import { mergeProps, type PropGetter } from './mergeProps.js'

export interface UsePasswordFormOptions {
  idPrefix?: string
  autoComplete?: 'current-password' | 'new-password'
  pending: boolean
  problem: Problem | null
  /** Gets the password byte for byte. It is cleared from the field when this has settled: a password is never kept. */
  submit: (password: string) => Promise<void>
  edited?: () => void
}

export interface UsePasswordForm {
  readonly missing: boolean
  readonly errorId: string
  getFormProps: PropGetter<'form'>
  getPasswordProps: PropGetter<'input'>
}

/** A form with one password. It is read from the document on submit and is in no state. */
export function usePasswordForm({
  idPrefix = 'lk',
  autoComplete = 'current-password',
  ...options
}: UsePasswordFormOptions): UsePasswordForm {
  const { pending, problem, submit, edited } = options
  const field = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const errorId = `${idPrefix}-error`

  function clear() {
    if (field.current) field.current.value = ''
  }

  useEffect(() => {
    if (!problem) return
    // Before the verb has ended: whoever sees what is wrong sees no password.
    clear()
    field.current?.focus()
  }, [problem])

  return {
    missing,
    errorId,
    getFormProps: (given) =>
      mergeProps(
        {
          method: 'post',
          noValidate: true,
          onSubmit(event) {
            event.preventDefault()
            const password = field.current?.value ?? ''
            setMissing(!password)
            if (!password) return field.current?.focus()
            if (pending) return
            void submit(password).then(clear)
          },
          onInput() {
            setMissing(false)
            edited?.()
          },
        },
        given,
      ),
    getPasswordProps: (given) =>
      mergeProps(
        {
          ref: field,
          id: `${idPrefix}-password`,
          name: 'password',
          autoComplete,
          'aria-required': true,
          'aria-invalid': missing || (problem !== null && problem.code !== 'network') || undefined,
          'aria-describedby': errorId,
        },
        given,
      ),
  }
}
