'use client'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { fill } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useReturnTo } from '../hooks/useReturnTo.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'

/** Who is signed in, with the way on and the way out. */
export function CompleteStep({
  frame,
  state,
  returnTo,
}: {
  frame: Frame
  state: Extract<FlowState, { step: 'complete' }>
  returnTo: string | null | undefined
}) {
  const { signIn } = useFlow()
  const { complete, common } = useAllTexts()
  const { session, restored, pending, problem } = state
  const goOn = useReturnTo(returnTo, !restored)
  const user = session.user.label ?? complete.anonymous
  const usedBackupCode = !restored && session.methods.some((m) => m.method === 'backup_code')

  return (
    <Card
      frame={frame}
      step="complete"
      title={complete.title}
      hint={fill(restored ? complete.already : complete.as, { user })}
      error={problem && <ProblemText problem={problem} />}
      status={usedBackupCode && complete.usedBackupCode}
      pending={pending !== null}
      links={
        <LinkButton frame={frame} onClick={() => void signIn.signOut()}>
          {common.signOut}
        </LinkButton>
      }
    >
      {restored && (
        <Button
          frame={frame}
          type="button"
          onClick={() => {
            signIn.proceed()
            goOn()
          }}
        >
          {common.continue}
        </Button>
      )}
    </Card>
  )
}
