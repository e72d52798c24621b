'use client'
import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { ComponentPropsWithoutRef, Ref, SyntheticEvent } from 'react'
import { isCode, normalizeCode, readCode } from '../core/otp.js'
import type { CodeType } from '../core/otp.js'
import { slot } from './stateAttributes.js'
import type { SlotAttributes } from './stateAttributes.js'

/** An input's props, without those that are the field's own business. */
export type OtpInputElementProps = Omit<
  ComponentPropsWithoutRef<'input'>,
  | 'value'
  | 'defaultValue'
  | 'type'
  | 'required'
  | 'inputMode'
  | 'autoComplete'
  | 'maxLength'
  | 'minLength'
  | 'pattern'
  | 'dir'
  | 'children'
>

export interface UseOtpInputOptions extends OtpInputElementProps {
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
  /** Gets the input, which has to be there from the hook's first render on. */
  ref?: Ref<HTMLInputElement>
}

export interface OtpSlot {
  /** Absent while the slot is empty. */
  char: string | undefined
  /** The caret, or the beginning of the selection, is here, with or without focus: the look shows it inside `:focus-within`. */
  isActive: boolean
  isFilled: boolean
}

export interface UseOtpInputResult {
  value: string
  isComplete: boolean
  slots: readonly OtpSlot[]
  /** For the element around it all. */
  getRootProps(): SlotAttributes
  /**
   * For the one input. Its props may be given here or to the hook, a ref to the hook. Handlers are called before the field's own, with
   * the text already clean; one that prevents the default stops the field, which puts the text back.
   */
  getInputProps(
    props?: OtpInputElementProps & { ref?: never },
  ): ComponentPropsWithoutRef<'input'> & { ref: Ref<HTMLInputElement> }
  /** For the element around the slots; it keeps them from assistive technology, which has the input. */
  getSlotsProps(): SlotAttributes & { dir: 'ltr'; 'aria-hidden': true }
  getSlotProps(index: number): SlotAttributes
}

/**
 * A one-time code in one real input, with slots that show its characters. Where the field is not controlled the document holds the
 * value, so a browser, a password manager or a form library may write it without an event.
 */
export function useOtpInput(options: UseOtpInputOptions): UseOtpInputResult {
  const {
    length = 6,
    type = 'numeric',
    value: given,
    defaultValue,
    invalid,
    required,
    onValueChange,
    onComplete,
    ref,
    ...rest
  } = options
  const format = { length, type }
  const element = useRef<HTMLInputElement>(null)
  const completed = useRef<string | null>(null)
  // Not a second ref on the input: React would take the caller's away and give it back at every key.
  useImperativeHandle(ref, () => element.current as HTMLInputElement, [])
  const [text, setText] = useState(defaultValue ?? '')
  const [start, setStart] = useState(0)
  const value = given ?? text

  /** Takes over what the document has. Without an event nobody has entered it just now, and it completes nothing. */
  const look = (
    event?: SyntheticEvent<HTMLInputElement, Event & { data?: string | null; isComposing?: boolean }>,
    tell?: (event: never) => void,
    isComposing = event?.nativeEvent.isComposing,
  ) => {
    const input = element.current as HTMLInputElement
    const raw = input.value
    // An input method loses its place when the text changes under it.
    const code = isComposing ? raw : readCode(raw, format, event?.nativeEvent.data)
    if (code !== raw) {
      const caret = normalizeCode(raw.slice(0, input.selectionEnd as number)).length
      input.value = code
      input.selectionEnd = caret
    }
    tell?.(event as never)
    if (event?.defaultPrevented) input.value = value
    else {
      if (input.selectionStart !== start) setStart(input.selectionStart as number)
      if (code !== value) {
        setText(code)
        onValueChange?.(code)
      }
      if (event && !isComposing && code !== completed.current && isCode(code, format)) onComplete?.((completed.current = code))
    }
  }

  useEffect(() => {
    const input = element.current
    if (!input) return
    if (input.value !== value) {
      // What was typed before the page came alive stands, whoever controls the field.
      if (given == null || completed.current == null) look()
      else input.value = value
    }
    completed.current ??= ''
    const { form } = input
    // The event comes before the reset.
    const reset = () => setTimeout(() => setText(input.value))
    form?.addEventListener('reset', reset)
    return () => form?.removeEventListener('reset', reset)
  })

  const at = Math.min(start, value.length, length - 1)
  return {
    value,
    isComplete: isCode(value, format),
    slots: Array.from({ length }, (_, index) => ({
      char: value[index],
      isActive: index === at,
      isFilled: !!value[index],
    })),
    getRootProps: () => slot('otp', { length, overflow: !!value[length] }),
    getSlotsProps: () => ({ ...slot('otp-cells'), 'aria-hidden': true, dir: 'ltr' }),
    getSlotProps: (index) => slot('otp-cell', { active: index === at, filled: !!value[index] }),
    getInputProps(more) {
      const props = { ...rest, ...more }
      return {
        ...slot('otp-input'),
        'aria-invalid': invalid,
        'aria-required': required,
        ...props,
        ref: element,
        dir: 'ltr',
        type: 'text',
        inputMode: type === 'numeric' ? type : 'text',
        autoComplete: 'one-time-code',
        defaultValue: given ?? defaultValue,
        onChange(event) {
          look(event, props.onChange)
        },
        onSelect(event) {
          look(event, props.onSelect, true)
        },
        onCompositionEnd(event) {
          props.onCompositionEnd?.(event)
          look(event, props.onChange)
        },
      }
    },
  }
}
