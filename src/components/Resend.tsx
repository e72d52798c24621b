'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { duration } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useResend } from '../hooks/useResend.js'
import { LinkButton } from './Button.js'
import type { Frame } from './Frame.js'

/** Asks for a new code, once per press and not before its time. The seconds are to be seen; only their end is read out. */
export function Resend({ frame, factorId, pending }: { frame: Frame; factorId: string; pending: boolean }) {
  const { signIn } = useFlow()
  const { code, locale } = useAllTexts()
  const { canResend, waitMs } = useResend(factorId)
  return (
    <>
      {canResend ? (
        <LinkButton frame={frame} aria-disabled={pending || undefined} onClick={() => void signIn.send()}>
          {code.resend}
        </LinkButton>
      ) : (
        <span {...slot('timer')} role="timer" aria-live="off">
          {code.resendIn.replace('{wait}', duration(waitMs, locale))}
        </span>
      )}
      <span {...slot('spoken')} role="status">
        {canResend && code.canResend}
      </span>
    </>
  )
}
