'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import type { UseFactors } from '../hooks/useFactors.js'
import { usePasswordForm } from '../hooks/usePasswordForm.js'
import { useSession } from '../hooks/useSession.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { ChangeProblem } from './ChangeProblem.js'
import type { Frame } from './Frame.js'
import { PasswordField } from './PasswordField.js'
import { UsernameField } from './UsernameField.js'

/** Asks before the old codes stop working. */
export function NewBackupCodes({ frame, factors, onCancel }: { frame: Frame; factors: UseFactors; onCancel: () => void }) {
  const { factors: words, enroll } = useAllTexts()
  const { state, asksPassword } = factors
  const { session } = useSession()
  const pending = state.pending !== null
  const form = usePasswordForm({
    idPrefix: frame.idPrefix,
    pending,
    problem: state.problem,
    submit: (password) => factors.generate(password),
    edited: factors.edited,
  })
  return (
    <Card
      frame={frame}
      step="new-codes"
      title={words.makeTitle}
      hint={words.makeHint}
      error={
        form.missing
          ? enroll.passwordMissing
          : state.problem && (state.codesLost ? words.codesLost : <ChangeProblem problem={state.problem} />)
      }
      pending={pending}
      links={
        <LinkButton frame={frame} onClick={onCancel}>
          {words.cancel}
        </LinkButton>
      }
    >
      {asksPassword ? (
        <form {...form.getFormProps()}>
          <UsernameField value={session?.user.label ?? ''} />
          <PasswordField frame={frame} label={enroll.password} {...form.getPasswordProps()} />
          <Button frame={frame} pending={pending}>
            {words.make}
          </Button>
        </form>
      ) : (
        <Button frame={frame} type="button" pending={pending} onClick={() => void factors.generate()}>
          {words.make}
        </Button>
      )}
    </Card>
  )
}
