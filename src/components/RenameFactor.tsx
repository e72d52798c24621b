'use client'
import { useRef, useState } from 'react'
import type { Factor } from '../core/enrollment.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { fill } from '../hooks/texts.js'
import type { UseFactors } from '../hooks/useFactors.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { ChangeProblem } from './ChangeProblem.js'
import { enrolledName } from './enrolledName.js'
import type { Frame } from './Frame.js'

export interface RenameFactorProps {
  frame: Frame
  factors: UseFactors
  factor: Factor
  onCancel: () => void
}

/** A new name for a factor. */
export function RenameFactor({ frame, factors, factor, onCancel }: RenameFactorProps) {
  const texts = useAllTexts()
  const { factors: words } = texts
  const { state } = factors
  const field = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const pending = state.pending !== null
  const id = `${frame.idPrefix}-name`
  return (
    <Card
      frame={frame}
      step="rename"
      title={words.renameTitle}
      hint={fill(words.renameHint, { name: enrolledName(factor, texts) })}
      error={missing ? words.nameMissing : state.problem && <ChangeProblem problem={state.problem} />}
      pending={pending}
      links={
        <LinkButton frame={frame} onClick={onCancel}>
          {words.cancel}
        </LinkButton>
      }
    >
      <form
        method="post"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const name = field.current?.value.trim() ?? ''
          setMissing(!name)
          if (!name) field.current?.focus()
          else if (!pending) void factors.rename(factor.id, name)
        }}
      >
        <div {...slot('field', {}, frame.classNames.field)}>
          <label {...slot('label', {}, frame.classNames.label)} htmlFor={id}>
            {words.nameLabel}
          </label>
          <input
            {...slot('input', {}, frame.classNames.input)}
            ref={field}
            id={id}
            name="factor-name"
            type="text"
            autoComplete="off"
            maxLength={100}
            defaultValue={factor.friendlyName}
            aria-required
            aria-invalid={missing || state.problem?.field === 'friendlyName' || undefined}
            aria-describedby={`${frame.idPrefix}-error`}
            onInput={() => {
              setMissing(false)
              factors.edited()
            }}
          />
        </div>
        <Button frame={frame} pending={pending}>
          {words.save}
        </Button>
      </form>
    </Card>
  )
}
