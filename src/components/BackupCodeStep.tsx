'use client'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useBackupCodeForm } from '../hooks/useBackupCodeForm.js'
import { useFlow } from '../hooks/useFlow.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'
import { useTrustDevice } from './useTrustDevice.js'

type FactorState = Extract<FlowState, { step: 'first-factor' | 'second-factor' }>

/** A code that was stored when the second factor was set up. */
export function BackupCodeStep({ frame, state }: { frame: Frame; state: FactorState }) {
  const { signIn } = useFlow()
  const { backupCode } = useAllTexts()
  const { problem } = state
  const pending = state.pending !== null
  const trust = useTrustDevice(state)
  const form = useBackupCodeForm({
    idPrefix: frame.idPrefix,
    pending,
    problem,
    submit: (code) => signIn.submit({ code, ...trust.given }),
    edited: signIn.edited,
  })
  const field = form.getInputProps()

  return (
    <Card
      frame={frame}
      step={state.step}
      title={backupCode.title}
      hint={backupCode.hint}
      hintId={form.hintId}
      error={form.empty ? backupCode.empty : problem && <ProblemText problem={problem} />}
      pending={pending}
      links={<StepLinks frame={frame} state={state} />}
    >
      <form {...form.getFormProps()}>
        <div {...slot('field', {}, frame.classNames.field)}>
          <label {...slot('label', {}, frame.classNames.label)} htmlFor={field.id}>
            {backupCode.label}
          </label>
          <input {...field} {...slot('input', { code: true }, frame.classNames.input)} data-sensitive="" />
        </div>
        {trust.box}
        <Button frame={frame} pending={pending}>
          {backupCode.submit}
        </Button>
      </form>
    </Card>
  )
}
