'use client'
import { forwardRef } from 'react'
import type { ReactNode } from 'react'
import { slot } from '../hooks/stateAttributes.js'
import { useOtpInput } from '../hooks/useOtpInput.js'
import type { UseOtpInputOptions } from '../hooks/useOtpInput.js'

export interface OtpInputProps extends Omit<UseOtpInputOptions, 'ref'> {
  /** Shown above the field. Without it, name the field with `aria-label` or `aria-labelledby`. */
  label?: ReactNode
  /** A class name per slot; `className` is the root's. */
  classNames?: Partial<Record<'label' | 'input' | 'cells' | 'cell', string>>
}

/**
 * A field for a one-time code: one real input, so that paste, autofill, undo and screen readers work as in any other, under cells that
 * show its characters. Needs no provider. Takes an input's props; `onChange` gets the event, after the text was cleaned, so it goes
 * with react-hook-form's `register` and `Controller`. Where sessions are recorded, mark an element around it as one to mask: the cells hold the
 * code as text.
 */
export const OtpInput = forwardRef<HTMLInputElement, OtpInputProps>(function OtpInput(
  { label, className, classNames = {}, ...props },
  ref,
) {
  const otp = useOtpInput({ ...props, ref })
  return (
    <div {...otp.getRootProps()} className={className}>
      <label {...slot('otp-label')} className={classNames.label}>
        {label}
        <input {...otp.getInputProps()} className={classNames.input} />
      </label>
      <span {...otp.getSlotsProps()} className={classNames.cells}>
        {otp.slots.map(({ char }, index) => (
          <span key={index} {...otp.getSlotProps(index)} className={classNames.cell}>
            {char}
          </span>
        ))}
      </span>
    </div>
  )
})
