'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import type { Frame } from './Frame.js'
import { TotpEnroll } from './TotpEnroll.js'

/** Why the gate is closed, and the enrolment that opens it. */
export function EnrollInGate({
  frame: { idPrefix, headingLevel, classNames, help },
  issuer,
}: {
  frame: Frame
  issuer?: string | undefined
}) {
  const { gate } = useAllTexts()
  return (
    <>
      <p {...slot('notice')}>{gate.enrollHint}</p>
      <TotpEnroll idPrefix={idPrefix} headingLevel={headingLevel} classNames={classNames} help={help} issuer={issuer} />
    </>
  )
}
