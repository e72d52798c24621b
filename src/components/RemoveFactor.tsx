'use client'
import { useEffect, useRef } from 'react'
import type { Factor } from '../core/enrollment.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { fill } from '../hooks/texts.js'
import type { UseFactors } from '../hooks/useFactors.js'
import { usePasswordForm } from '../hooks/usePasswordForm.js'
import { useSession } from '../hooks/useSession.js'
import { Button } from './Button.js'
import { ChangeProblem } from './ChangeProblem.js'
import { Dialog } from './Dialog.js'
import { enrolledName } from './enrolledName.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { UsernameField } from './UsernameField.js'

export interface RemoveFactorProps {
  frame: Frame
  factors: UseFactors
  factor: Factor
  /** The account needs a second factor, so the last one stays. */
  required: boolean
  onClose: () => void
}

/** Asks before a factor is removed: a native modal dialog that names it, with the focus on the action that changes nothing. */
export function RemoveFactor({ frame, factors, factor, required, onClose }: RemoveFactorProps) {
  const texts = useAllTexts()
  const { removal, enroll } = texts
  const { state, asksPassword } = factors
  const { session } = useSession()
  const keep = useRef<HTMLButtonElement>(null)
  const pending = state.pending !== null
  const isLast = factors.isLast(factor)
  const blocked = isLast && required
  const idPrefix = `${frame.idPrefix}-removal`
  const remove = (password?: string) => factors.remove(factor, password)
  const form = usePasswordForm({ idPrefix, pending, problem: state.problem, submit: remove, edited: factors.edited })

  useEffect(() => keep.current?.focus(), [])
  const close = () => pending || onClose()

  const danger = !blocked && (
    <Button
      frame={frame}
      pending={pending}
      {...slot('button', { danger: true })}
      {...(!asksPassword && { type: 'button', onClick: () => void remove() })}
    >
      {removal.remove}
    </Button>
  )
  return (
    <Dialog aria-labelledby={`${idPrefix}-title`} aria-describedby={`${idPrefix}-hint`} onCancel={close}>
      <h2 {...slot('title')} id={`${idPrefix}-title`}>
        {fill(removal.title, { name: enrolledName(factor, texts) })}
      </h2>
      <p {...slot('hint')} id={`${idPrefix}-hint`}>
        {blocked ? removal.required : isLast ? removal.last : removal.hint}
      </p>
      <form {...form.getFormProps()}>
        {asksPassword && !blocked && (
          <>
            <UsernameField value={session?.user.label ?? ''} />
            <PasswordField frame={frame} label={enroll.password} {...form.getPasswordProps()} />
          </>
        )}
        <p {...slot('error')} id={form.errorId} role="alert">
          {form.missing ? enroll.passwordMissing : state.problem && <ChangeProblem problem={state.problem} />}
        </p>
        <button
          {...slot('button', { quiet: true })}
          ref={keep}
          type="button"
          aria-disabled={pending || undefined}
          onClick={close}
        >
          {blocked ? removal.close : removal.keep}
        </button>
        {danger}
      </form>
    </Dialog>
  )
}
