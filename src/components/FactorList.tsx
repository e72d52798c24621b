'use client'
import { useEffect, useState, type ReactNode } from 'react'
import type { Factor, Verified } from '../core/enrollment.js'
import type { EnrollType } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useTurn } from '../hooks/gateLine.js'
import { useFactors } from '../hooks/useFactors.js'
import { useSession } from '../hooks/useSession.js'
import { BackupCodesStep } from './BackupCodes.js'
import { ChallengeSteps } from './challengeSteps.js'
import type { EndOptions } from './EnrollEnd.js'
import { EnrollRoot } from './EnrollRoot.js'
import { FactorsCard } from './FactorsCard.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { NewBackupCodes } from './NewBackupCodes.js'
import { RemoveFactor } from './RemoveFactor.js'
import { RenameFactor } from './RenameFactor.js'

export interface FactorListProps extends FrameProps, Pick<EndOptions, 'acknowledge' | 'notice'> {
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

const AddFactor = lazyStep(async () => (await import('./AddFactor.js')).AddFactor)

/**
 * A person's second factors: what they are, since when, and what can be done with them, each where the adapter can. It belongs on a page that the
 * person has to be signed in for; the server decides whether they may.
 */
export function FactorList({ issuer, required = false, lowCodes = 3, acknowledge, notice, ...props }: FactorListProps) {
  const factors = useFactors()
  const { session } = useSession()
  // The person is here: a gate on the same page waits meanwhile.
  const asks = useTurn('challenge', factors.challenging, true)
  const { factors: words, enroll } = useAllTexts()
  const [view, setView] = useState<View>({ name: 'list' })
  const [moved, setMoved] = useState(false)
  const [removing, setRemoving] = useState<Factor | null>(null)
  const [added, setAdded] = useState<Pick<Verified, 'otherSessions'> | null>(null)
  const frame = frameOf({ idPrefix: 'lk-factors', ...props }, moved)
  const { state, edited } = factors
  const { done } = state
  const titleId = `${frame.idPrefix}-title`

  if (done === 'renamed' && view.name === 'rename') setView({ name: 'list' })
  if (done === 'removed' && removing) setRemoving(null)

  useEffect(() => {
    // The button that was pressed is gone, with its factor or alone.
    if (done === 'removed' || done === 'made_default') document.getElementById(titleId)?.focus()
  }, [done, titleId])

  function go(next: View) {
    edited()
    setAdded(null)
    setMoved(true)
    setView(next)
  }

  const end = { acknowledge, issuer, account: session?.user.label, notice }
  return (
    <EnrollRoot frame={frame} challenging={asks} Challenge={ChallengeSteps}>
      {screen()}
    </EnrollRoot>
  )

  function screen(): ReactNode {
    if (state.codes)
      return (
        <BackupCodesStep
          key="codes"
          frame={frame}
          {...end}
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
          end={end}
          friendlyName={view.friendlyName}
          onCancel={back}
          onEnrolled={(_, about) => {
            back()
            setAdded(about)
          }}
        />
      )
    return (
      <>
        <FactorsCard
          key="list"
          frame={frame}
          factors={factors}
          status={
            added && (
              <>
                {words.wasAdded} {added.otherSessions && enroll.othersEnded}{' '}
                {factors.factors.some(factors.isLast) && enroll.offerAnother} {notice}
              </>
            )
          }
          problem={removing ? null : state.problem}
          lowCodes={lowCodes}
          recovered={session?.methods.some(({ method }) => method === 'backup_code') ?? false}
          onAdd={(type, friendlyName) => go({ name: 'add', type, friendlyName })}
          onRename={(factor) => go({ name: 'rename', factor })}
          onMakeDefault={({ id }) => {
            setAdded(null)
            void factors.makeDefault(id)
          }}
          onRemove={(factor) => {
            edited()
            setAdded(null)
            setRemoving(factor)
          }}
          onNewCodes={() => go({ name: 'new-codes' })}
        />
        {removing && (
          <RemoveFactor
            frame={frame}
            factors={factors}
            factor={removing}
            required={required}
            onClose={() => (edited(), setRemoving(null))}
          />
        )}
      </>
    )
  }
}
