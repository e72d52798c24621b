'use client'
import { useEffect, useRef, useState } from 'react'
import { createFormControl } from 'react-hook-form'
import type { Problem } from '../core/flow.js'
import type { Channel } from '../core/strategy.js'
import { mergeProps, type PropGetter } from './mergeProps.js'

export interface UsePhoneFormOptions {
  /** Ids of the fields begin with it. Default `lk`. */
  idPrefix?: string
  /** Filled in at first, and may be changed. */
  phone?: string
  /** Ways for the code to choose from; the first is the default. */
  channels?: readonly Channel[]
  /** The backend wants the password for an enrolment. Default false. */
  asksPassword?: boolean
  problem: Problem | null
  /** Gets the number without the spaces around it, and the password byte for byte; that is cleared from its field when this has settled. */
  submit: (values: { phone: string; channel: Channel | undefined; password: string | undefined }) => Promise<void>
  edited?: () => void
}

export interface UsePhoneForm {
  /** A field that was empty on submit. */
  readonly missing: 'phone' | 'password' | null
  readonly errorId: string
  getFormProps: PropGetter<'form'>
  getPhoneProps: PropGetter<'input'>
  /** For one radio button of each channel. */
  getChannelProps(channel: Channel): ReturnType<PropGetter<'input'>>
  getPasswordProps: PropGetter<'input'>
}

/**
 * The form that a phone's enrolment begins with. What the document's fields hold at the moment of the submit is what is sent, because browsers may
 * have filled them without an event. The password is read once, handed on and cleared; it is in no state and not among the form library's values.
 */
export function usePhoneForm({
  idPrefix = 'lk',
  phone,
  channels = [],
  asksPassword,
  ...options
}: UsePhoneFormOptions): UsePhoneForm {
  const { problem, submit, edited } = options
  // Without the library's own hook: nothing here follows its state.
  const [{ register, handleSubmit, setValue }] = useState(() =>
    createFormControl<{ phone: string; channel: Channel }>({ shouldFocusError: false }),
  )
  const number = useRef<HTMLInputElement | null>(null)
  const password = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState<UsePhoneForm['missing']>(null)
  const errorId = `${idPrefix}-error`

  const refused = !!asksPassword && problem?.code === 'invalid_credentials'

  useEffect(() => {
    if (problem) (refused ? password : number).current?.focus()
  }, [problem, refused])

  async function send(form: HTMLFormElement) {
    const fields = new FormData(form)
    const secret = asksPassword ? (fields.get('password') as string | null) : undefined
    const typed = (fields.get('phone') as string | null) ?? ''
    const chosen = fields.get('channel')
    const channel = channels.find((one) => one === chosen) ?? channels[0]
    setMissing(null)
    setValue('phone', typed.trim())
    await handleSubmit(
      async ({ phone }) => {
        if (secret === '') {
          setMissing('password')
          password.current?.focus()
          return
        }
        await submit({ phone, channel, password: secret ?? undefined })
        if (password.current) password.current.value = ''
      },
      () => {
        setMissing('phone')
        number.current?.focus()
      },
    )()
  }

  const { ref: registerNumber, ...registered } = register('phone', { required: true })

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
            void send(event.currentTarget)
          },
          onInput() {
            setMissing(null)
            edited?.()
          },
        },
        given,
      ),
    getPhoneProps: (given) =>
      mergeProps(
        {
          ...registered,
          // The library's own way to move the focus does so a moment later.
          ref(element) {
            registerNumber(element)
            number.current = element
          },
          id: `${idPrefix}-phone`,
          type: 'tel',
          autoComplete: 'tel',
          dir: 'ltr',
          defaultValue: phone,
          'aria-required': true,
          'aria-invalid': missing === 'phone' || problem?.field === 'phone' || undefined,
          'aria-describedby': errorId,
        },
        given,
      ),
    getChannelProps: (channel) => ({
      ...register('channel'),
      type: 'radio',
      value: channel,
      defaultChecked: channel === channels[0],
    }),
    getPasswordProps: (given) =>
      mergeProps(
        {
          ref: password,
          id: `${idPrefix}-password`,
          name: 'password',
          autoComplete: 'current-password',
          'aria-required': true,
          'aria-invalid': missing === 'password' || refused || undefined,
          'aria-describedby': errorId,
        },
        given,
      ),
  }
}
