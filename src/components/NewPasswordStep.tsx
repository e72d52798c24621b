'use client'
import { useState } from 'react'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useAuth } from '../hooks/context.js'
import { slot } from '../hooks/stateAttributes.js'
import { plural } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { usePasswordForm } from '../hooks/usePasswordForm.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { ProblemText } from './ProblemText.js'
import { StepLinks } from './StepLinks.js'
import { UsernameField } from './UsernameField.js'

/** The last step of a reset: one field, no rules but the adapter's own. */
export function NewPasswordStep({ frame, state }: { frame: Frame; state: Extract<FlowState, { step: 'new-password' }> }) {
  const { signIn } = useFlow()
  const { newPassword, start, locale } = useAllTexts()
  const { minLength } = useAuth().client.adapter.capabilities.newPassword ?? {}
  const [signOutOfOtherSessions, setSignOut] = useState(true)
  const pending = state.pending !== null
  const { problem } = state
  const form = usePasswordForm({
    idPrefix: frame.idPrefix,
    autoComplete: 'new-password',
    pending,
    problem,
    submit: (password) => signIn.resetPassword({ password, signOutOfOtherSessions }),
    edited: signIn.edited,
  })

  return (
    <Card
      frame={frame}
      step={state.step}
      title={newPassword.title}
      hint={`${newPassword.hint} ${minLength ? plural(newPassword.minLength, minLength, locale) : ''}`}
      error={
        form.missing ? (
          start.passwordMissing
        ) : problem ? (
          <>
            <ProblemText problem={problem} /> {problem.reasons?.includes('characters') && newPassword.characters}
          </>
        ) : (
          false
        )
      }
      pending={pending}
      links={<StepLinks frame={frame} state={state} />}
    >
      <form {...form.getFormProps()}>
        <UsernameField value={state.identifier} />
        <PasswordField frame={frame} label={newPassword.label} {...form.getPasswordProps()} />
        <label {...slot('check')}>
          <input
            type="checkbox"
            name="sign-out-others"
            checked={signOutOfOtherSessions}
            onChange={(event) => setSignOut(event.currentTarget.checked)}
          />
          {newPassword.signOutOthers}
        </label>
        <Button frame={frame} pending={pending}>
          {newPassword.submit}
        </Button>
      </form>
    </Card>
  )
}
