'use client'
import { useState, type ReactNode } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import { day } from '../hooks/day.js'
import { slot } from '../hooks/stateAttributes.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { TotpEnroll } from './TotpEnroll.js'

export interface EnrollInGateProps {
  frame: Frame
  issuer?: string | undefined
  /** Until when the enrolment may be put off. */
  until?: Date | string | undefined
  onPutOff?: (() => void) | undefined
  /** Instead of the enrolment. */
  children?: ReactNode
}

/** Why the gate is closed, and the enrolment that opens it; before that, where there is time, a choice. */
export function EnrollInGate({ frame, issuer, until, onPutOff, children }: EnrollInGateProps) {
  const { gate, enroll, locale } = useAllTexts()
  const { idPrefix, headingLevel, classNames, help } = frame
  const [begun, setBegun] = useState(false)
  if (onPutOff && !begun) {
    return (
      <Card
        key="grace"
        frame={frame}
        step="grace"
        title={gate.enrollTitle}
        hint={gate.grace.replace('{date}', day(until instanceof Date ? until.toISOString() : until, locale) ?? '')}
        links={
          <LinkButton frame={frame} onClick={onPutOff}>
            {gate.notNow}
          </LinkButton>
        }
      >
        <Button frame={frame} type="button" onClick={() => setBegun(true)}>
          {enroll.start}
        </Button>
      </Card>
    )
  }
  if (children) return children
  return (
    <>
      <p {...slot('notice')}>{gate.enrollHint}</p>
      <TotpEnroll
        idPrefix={idPrefix}
        headingLevel={headingLevel}
        classNames={classNames}
        help={help}
        issuer={issuer}
        {...(onPutOff && { onCancel: () => setBegun(false) })}
      />
    </>
  )
}
