'use client'
import { useEffect, useRef, useState } from 'react'
import type { ChangeEvent, ComponentPropsWithoutRef, Ref, SyntheticEvent } from 'react'
import { isCode, normalizeCode, readEdit } from '../core/otp.js'
import type { CodeType } from '../core/otp.js'
import { slot } from './stateAttributes.js'
import type { SlotAttributes } from './stateAttributes.js'

export interface UseOtpInputOptions {
  /** Characters, 4 to 10. Default 6. */
  length?: number
  /** Default `numeric`. */
  type?: CodeType
  /** Makes the field controlled. */
  value?: string
  defaultValue?: string
  /** Sets `aria-invalid`. */
  invalid?: boolean
  /** Sets `aria-required`; the browser's own check stays out of the way. */
  required?: boolean
  /**
   * Called with the clean value: digits in ASCII, no spaces, dashes or invisible marks. While an input method composes, with the text
   * as it stands.
   */
  onValueChange?: (value: string) => void
  /** Called when the person or the browser has entered a code of the right length and kind, never twice in a row with the same one. */
  onComplete?: (value: string) => void
}

/** An input's props, without those that the field sets itself. */
export interface OtpInputElementProps extends Omit<
  ComponentPropsWithoutRef<'input'>,
  keyof UseOtpInputOptions | 'autoComplete' | 'inputMode' | 'maxLength' | 'minLength' | 'pattern'
> {
  ref?: Ref<HTMLInputElement>
}

export interface OtpSlot {
  char: string
  /** The caret or the selection is here, with or without focus: the look shows it inside `:focus-within`. */
  isActive: boolean
  isFilled: boolean
}

export interface UseOtpInputResult {
  value: string
  isComplete: boolean
  slots: readonly OtpSlot[]
  /** For the element around the input and its slots. */
  getRootProps(): SlotAttributes & { dir: 'ltr' }
  /** For the one input. Handlers, refs and ids given here work beside the field's own; a handler that prevents the default stops it. */
  getInputProps(props?: OtpInputElementProps): ComponentPropsWithoutRef<'input'> & { ref: Ref<HTMLInputElement> }
  getSlotProps(index: number): SlotAttributes & { 'aria-hidden': true }
}

/**
 * A one-time code in one real input, with slots that show its characters. Where the field is not controlled the document holds the
 * value, so a browser, a password manager or a form library may write it without an event.
 */
export function useOtpInput(options: UseOtpInputOptions & OtpInputElementProps = {}): UseOtpInputResult {
  const {
    length = 6,
    type = 'numeric',
    value: given,
    defaultValue = '',
    invalid,
    required,
    onValueChange,
    onComplete,
    ...rest
  } = options
  const format = { length, type }
  const initial = given ?? defaultValue
  const element = useRef<HTMLInputElement>(null)
  const completed = useRef<string>(undefined)
  const [field, setField] = useState({ text: initial, start: 0, end: 0 })
  const value = given ?? field.text

  const tidy = (input: HTMLInputElement) => {
    const raw = input.value
    const caret = input.selectionEnd ?? 0
    const code = readEdit(value, raw, caret, format)
    if (code !== raw) {
      const place = normalizeCode(raw.slice(0, caret)).length
      input.value = code
      input.setSelectionRange(place, place)
    }
  }

  const take = (input: HTMLInputElement) => {
    const next = { text: input.value, start: input.selectionStart ?? 0, end: input.selectionEnd ?? 0 }
    if (next.text !== value || next.start !== field.start || next.end !== field.end) setField(next)
    if (next.text !== value) onValueChange?.(next.text)
  }

  const hear = (
    event: SyntheticEvent<HTMLInputElement>,
    tell?: (event: ChangeEvent<HTMLInputElement>) => void,
    isComposing?: boolean,
  ) => {
    const input = event.currentTarget
    // An input method loses its place when the text changes under it.
    if (!isComposing) tidy(input)
    tell?.(event as ChangeEvent<HTMLInputElement>)
    if (event.defaultPrevented) {
      input.value = value
      return
    }
    take(input)
    const code = input.value
    if (!isComposing && code !== completed.current && isCode(code, format)) {
      completed.current = code
      onComplete?.(code)
    }
  }

  useEffect(() => {
    const input = element.current
    if (input && input.value !== value) {
      if (given === undefined || completed.current === undefined) {
        tidy(input)
        take(input)
      } else input.value = value
    }
    completed.current ??= ''
    const look = () => setTimeout(() => input && take(input))
    input?.form?.addEventListener('reset', look)
    return () => input?.form?.removeEventListener('reset', look)
  })

  const chars = [...value]
  const at = Math.min(field.start, chars.length, length - 1)
  const slots = Array.from({ length }, (_, index): OtpSlot => ({
    char: chars[index] ?? '',
    isFilled: index in chars,
    isActive: index === at || (index > at && index < field.end),
  }))

  return {
    value,
    isComplete: isCode(value, format),
    slots,
    getRootProps: () => ({ ...slot('otp-field', { length, overflow: length in chars }), dir: 'ltr' }),
    getSlotProps: (index) => ({
      ...slot('otp-cell', { active: slots[index]?.isActive, filled: slots[index]?.isFilled }),
      'aria-hidden': true,
    }),
    getInputProps(more) {
      const { ref, ...props } = { ...rest, ...more }
      return {
        ...slot('otp-input'),
        'aria-invalid': invalid,
        'aria-required': required,
        ...props,
        ref: ref
          ? (input) => {
              element.current = input
              if (typeof ref === 'function') return ref(input)
              ref.current = input
            }
          : element,
        type: 'text',
        inputMode: type === 'numeric' ? type : 'text',
        autoComplete: 'one-time-code',
        defaultValue: initial,
        onChange: (event) => hear(event, props.onChange, (event.nativeEvent as InputEvent).isComposing),
        onSelect: (event) => hear(event, props.onSelect, true),
        onCompositionEnd(event) {
          props.onCompositionEnd?.(event)
          hear(event, props.onChange)
        },
      }
    },
  }
}
