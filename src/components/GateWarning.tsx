'use client'
import { useLayoutEffect, useRef, useState } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import { duration } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useLater } from '../hooks/useLater.js'
import type { UseMfaGate } from '../hooks/useMfaGate.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'

/** Says in time that an open gate is about to close, and offers the one act that keeps it open. */
export function GateWarning({ frame, gate }: { frame: Frame; gate: UseMfaGate }) {
  const { gate: texts, locale } = useAllTexts()
  const { state } = useFlow()
  // As it was when it began: a line that is read out must not count.
  const [left] = useState(() => duration(gate.closesInMs ?? 0, locale))
  const root = useRef<HTMLDivElement>(null)
  const before = useRef<Element | null>(null)
  const open = useLater(true, 0)

  useLayoutEffect(() => {
    const here = root.current
    // Who has kept it open goes on where they were.
    return () => {
      if (here?.contains(document.activeElement) && before.current instanceof HTMLElement) before.current.focus()
    }
  }, [])

  return (
    <div
      ref={root}
      onFocus={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Element && !currentTarget.contains(relatedTarget)) before.current = relatedTarget
      }}
    >
      <Root classNames={frame.classNames}>
        <Card
          frame={frame}
          step="closing"
          title={texts.closingTitle}
          hint={<span role="status">{open && texts.closing.replace('{wait}', left)}</span>}
          error={!gate.extending && state.problem && <ProblemText problem={state.problem} />}
        >
          {gate.canStepUp && (
            <Button frame={frame} type="button" pending={state.pending !== null} onClick={() => void gate.stepUp()}>
              {texts.stayOpen}
            </Button>
          )}
        </Card>
      </Root>
    </div>
  )
}
