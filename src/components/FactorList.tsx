'use client'
import { useEffect, useState, type ReactNode } from 'react'
import { screenKey } from '../core/screenKey.js'
import type { Factor } from '../core/enrollment.js'
import type { EnrollType } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFactors } from '../hooks/useFactors.js'
import { useFlow } from '../hooks/useFlow.js'
import { BackupCodesStep } from './BackupCodes.js'
import { FactorsCard } from './FactorsCard.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { NewBackupCodes } from './NewBackupCodes.js'
import { RemoveFactor } from './RemoveFactor.js'
import { RenameFactor } from './RenameFactor.js'
import { Root } from './Root.js'

export interface FactorListProps extends FrameProps {
  /** Shown in the authenticator app of someone who adds one, and in a file of backup codes. */
  issuer?: string
  /** The account needs a second factor, so that the last one cannot be removed. Default false: a warning is shown. */
  required?: boolean
  /** So many backup codes or fewer are called few. Default 3. */
  lowCodes?: number
}

type View =
  | { readonly name: 'list' | 'new-codes' }
  | { readonly name: 'rename'; readonly factor: Factor }
  | { readonly name: 'add'; readonly type: EnrollType; readonly friendlyName: string | undefined }

const LaterSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)
const AddFactor = lazyStep(async () => (await import('./AddFactor.js')).AddFactor)

/**
 * A person's second factors: what they are, since when, and what can be done with them, each where the adapter can. It belongs on a page that the
 * person has to be signed in for; the server decides whether they may.
 */
export function FactorList({ issuer, required = false, lowCodes = 3, ...props }: FactorListProps) {
  const factors = useFactors()
  const { state: flow } = useFlow()
  const { factors: words } = useAllTexts()
  const [view, setView] = useState<View>({ name: 'list' })
  const [moved, setMoved] = useState(false)
  const [removing, setRemoving] = useState<Factor | null>(null)
  const [added, setAdded] = useState(false)
  const frame = frameOf({ idPrefix: 'lk-factors', ...props }, moved)
  const { state, edited } = factors
  const { done } = state
  const titleId = `${frame.idPrefix}-title`

  if (done === 'renamed' && view.name === 'rename') setView({ name: 'list' })
  if (done === 'removed' && removing) setRemoving(null)

  useEffect(() => {
    // The button that was pressed is gone with its factor.
    if (done === 'removed') document.getElementById(titleId)?.focus()
  }, [done, titleId])

  function go(next: View) {
    edited()
    setAdded(false)
    setMoved(true)
    setView(next)
  }

  return <Root classNames={frame.classNames}>{screen()}</Root>

  function screen(): ReactNode {
    if (factors.challenging) return <LaterSteps key={screenKey(flow)} frame={{ ...frame, focus: true }} />
    if (state.codes)
      return (
        <BackupCodesStep
          key="codes"
          frame={frame}
          codes={state.codes}
          onAcknowledged={() => {
            factors.acknowledge()
            go({ name: 'list' })
          }}
        />
      )
    const back = () => go({ name: 'list' })
    if (view.name === 'rename')
      return <RenameFactor key="rename" frame={frame} factors={factors} factor={view.factor} onCancel={back} />
    if (view.name === 'new-codes') return <NewBackupCodes key="new-codes" frame={frame} factors={factors} onCancel={back} />
    if (view.name === 'add')
      return (
        <AddFactor
          key="add"
          frame={frame}
          type={view.type}
          issuer={issuer}
          friendlyName={view.friendlyName}
          onCancel={back}
          onEnrolled={() => {
            back()
            setAdded(true)
          }}
        />
      )
    return (
      <>
        <FactorsCard
          key="list"
          frame={frame}
          factors={factors}
          status={done === 'renamed' ? words.renamed : done === 'removed' ? words.removed : added && words.wasAdded}
          lowCodes={lowCodes}
          onAdd={(type, friendlyName) => go({ name: 'add', type, friendlyName })}
          onRename={(factor) => go({ name: 'rename', factor })}
          onRemove={(factor) => {
            edited()
            setAdded(false)
            setRemoving(factor)
          }}
          onNewCodes={() => go({ name: 'new-codes' })}
        />
        {removing && (
          <RemoveFactor frame={frame} factors={factors} factor={removing} required={required} onClose={() => setRemoving(null)} />
        )}
      </>
    )
  }
}
