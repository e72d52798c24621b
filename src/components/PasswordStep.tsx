'use client'
import type { ReactNode } from 'react'
import type { FlowState } from '../core/flow.js'
import type { StartWay } from '../core/messages.js'
import { isReset } from '../core/screenOf.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useAuth } from '../hooks/context.js'
import { fill } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { usePasswordForm } from '../hooks/usePasswordForm.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'
import { UsernameField } from './UsernameField.js'

type FactorState = Extract<FlowState, { step: 'first-factor' | 'second-factor' }>

/** The password, after the identifier: which stays in the form, out of sight, for password managers. */
export function PasswordStep({ frame, state, forgot }: { frame: Frame; state: FactorState; forgot?: ReactNode }) {
  const { signIn } = useFlow()
  const { password, start } = useAllTexts()
  const { idPrefix } = frame
  const { firstFactors } = useAuth().client.adapter.capabilities
  const resets = forgot || state.step !== 'first-factor' ? [] : firstFactors.map((f) => f.strategy).filter(isReset)
  const pending = state.pending !== null
  const { problem } = state
  const form = usePasswordForm({
    idPrefix,
    pending,
    problem,
    submit: (password) => signIn.submit({ password }),
    edited: signIn.edited,
  })

  return (
    <Card
      frame={frame}
      step={state.step}
      title={password.title}
      hint={state.identifier && fill(password.hint, { identifier: state.identifier })}
      error={form.missing ? start.passwordMissing : problem && <ProblemText problem={problem} />}
      pending={pending}
      links={
        <StepLinks frame={frame} state={state} back={password.change}>
          {resets.map((prefer) => (
            <LinkButton key={prefer} frame={frame} onClick={() => void signIn.create({ identifier: state.identifier, prefer })}>
              {start.ways[prefer as StartWay]}
            </LinkButton>
          ))}
          {forgot}
        </StepLinks>
      }
    >
      <form {...form.getFormProps()}>
        <UsernameField value={state.identifier} />
        <PasswordField frame={frame} label={start.password} {...form.getPasswordProps()} />
        <Button frame={frame} pending={pending}>
          {password.submit}
        </Button>
      </form>
    </Card>
  )
}
