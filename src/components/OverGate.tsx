'use client'
import type { UseMfaGate } from '../hooks/useMfaGate.js'
import { Challenge } from './Challenge.js'
import type { Frame } from './Frame.js'
import { GateWarning } from './GateWarning.js'
import { Root } from './Root.js'
import { StepUp } from './StepUp.js'

export interface OverGateProps {
  frame: Frame
  gate: UseMfaGate
  /** The gate is closed, and its step-up is asked for in a dialog. */
  inDialog: boolean
  /** Its time runs out. */
  closing: boolean
}

/** What a gate draws over the page. */
export function OverGate({ frame, gate, inDialog, closing }: OverGateProps) {
  const { idPrefix, headingLevel, classNames, help } = frame
  return (
    <>
      {closing && <GateWarning frame={frame} gate={gate} />}
      {inDialog && (
        <Root classNames={classNames}>
          <Challenge frame={frame} />
        </Root>
      )}
      <StepUp
        when={gate.extending}
        idPrefix={`${idPrefix}-step-up`}
        headingLevel={headingLevel}
        classNames={classNames}
        help={help}
      />
    </>
  )
}
