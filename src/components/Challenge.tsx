'use client'
import { screenKey } from '../core/screenKey.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { Dialog } from './Dialog.js'
import type { Frame } from './Frame.js'
import { lazyStep } from './lazyStep.js'

const LaterSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)

/** A step-up's own screens in a dialog. Escape gives the step-up up. */
export function Challenge({ frame }: { frame: Frame }) {
  const { state, signIn } = useFlow()
  const { stepUp } = useAllTexts()
  return (
    <Dialog aria-label={stepUp.title} onCancel={() => signIn.back()}>
      <LaterSteps key={screenKey(state)} frame={{ ...frame, focus: true }} />
    </Dialog>
  )
}
