'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { fill } from '../hooks/texts.js'
import { useFlow } from '../hooks/useFlow.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'
import { StepLinks } from './StepLinks.js'

/** The backend asks for something that this kit has no screen for: said, with a way out. */
export function UnsupportedStep({ frame, detail }: { frame: Frame; detail: string }) {
  const { unsupported } = useAllTexts()
  const { state } = useFlow()
  return (
    <Card
      frame={frame}
      step="unsupported"
      title={unsupported.title}
      hint={fill(unsupported.hint, { detail })}
      links={<StepLinks frame={frame} state={state} />}
    />
  )
}
