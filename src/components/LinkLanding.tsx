'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'

/** What a mailed link opens. It is not followed before the person says so: a mail scanner that opens it must not use it up. */
export function LinkLanding({ frame }: { frame: Frame }) {
  const { signIn } = useFlow()
  const { link, common } = useAllTexts()
  return (
    <Card frame={frame} step="landing" title={link.landingTitle} hint={link.landingHint}>
      <Button frame={frame} type="button" onClick={() => void signIn.resume(location.href)}>
        {common.continue}
      </Button>
    </Card>
  )
}
