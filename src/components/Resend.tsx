'use client'
import { useState, type ComponentType } from 'react'
import type { FactorOption } from '../core/attempt.js'
import type { Messages } from '../core/messages.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { duration } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useLater } from '../hooks/useLater.js'
import { useResend } from '../hooks/useResend.js'
import type { ButtonProps } from './Button.js'
import type { Frame } from './Frame.js'

export interface ResendProps {
  frame: Frame
  factorId: string
  /** The ways to send it, where there is a choice: each has a button. */
  channels?: FactorOption['channels']
  pending: boolean
  /** The button that sends. */
  as: ComponentType<ButtonProps>
  label: string
  /** Default: the sign-in's. */
  send?: () => void
  /** What is said of the wait. Default: of a code's. */
  texts?: Pick<Messages['code'], 'resendIn' | 'canResend'>
}

/** Before the end, when it is read out once more. Milliseconds. */
const nearMs = 10_000

/** Asks for a code, once per press and not before its time. The seconds are to be seen; their start, the last ten and their end are read out. */
export function Resend({ frame, factorId, channels = [], pending, as: Send, label, send, texts }: ResendProps) {
  const { signIn } = useFlow()
  const { code, locale } = useAllTexts()
  const { canResend, waitMs } = useResend(factorId)
  const [{ whole, over }, setWait] = useState({ whole: 0, over: false })
  if (canResend ? whole > 0 : waitMs > whole) setWait({ whole: waitMs, over: canResend })
  const open = useLater(true, 0)
  const { resendIn, canResend: canSend } = texts ?? code
  const wait = (ms: number) => resendIn.replace('{wait}', duration(ms, locale))

  return (
    <>
      {canResend ? (
        (channels.length > 1 ? channels : [undefined]).map((channel) => (
          <Send
            key={channel ?? label}
            frame={frame}
            type="button"
            pending={pending}
            onClick={send ?? (() => void signIn.send({ channel }))}
          >
            {channel ? code.by[channel] : label}
          </Send>
        ))
      ) : (
        <span {...slot('timer')} role="timer" aria-live="off">
          {wait(waitMs)}
        </span>
      )}
      <span {...slot('spoken')} role="status">
        {open && (over ? canSend : whole > 0 && wait(waitMs > nearMs ? whole : Math.min(whole, nearMs)))}
      </span>
    </>
  )
}
