'use client'
import type { ReactNode } from 'react'
import type { Factor } from '../core/enrollment.js'
import type { Problem } from '../core/flow.js'
import type { EnrollType } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { plural } from '../hooks/texts.js'
import type { UseFactors } from '../hooks/useFactors.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { ChangeProblem } from './ChangeProblem.js'
import { kindName } from './enrolledName.js'
import { FactorItem } from './FactorItem.js'
import type { Frame } from './Frame.js'

export interface FactorsCardProps {
  frame: Frame
  factors: UseFactors
  /** Where no change of its own is to be told. */
  status: ReactNode
  /** What went wrong with a change that has no screen of its own. */
  problem: Problem | null
  lowCodes: number
  /** The session began with a backup code. */
  recovered: boolean
  onAdd: (type: EnrollType, friendlyName: string | undefined) => void
  onRename: (factor: Factor) => void
  onMakeDefault: (factor: Factor) => void
  onRemove: (factor: Factor) => void
  onNewCodes: () => void
}

/** The list itself, in whatever state it is. */
export function FactorsCard({
  frame,
  factors,
  status,
  problem,
  lowCodes,
  recovered,
  onAdd,
  onRename,
  onMakeDefault,
  onRemove,
  onNewCodes,
}: FactorsCardProps) {
  const texts = useAllTexts()
  const { factors: words, common } = texts
  const card = { frame, step: 'factors', title: words.title } as const
  const retry = (
    <LinkButton frame={frame} onClick={() => void factors.recheck()}>
      {common.tryAgain}
    </LinkButton>
  )
  const { state } = factors
  switch (factors.status) {
    case 'loading':
      return <Card {...card} hint={words.loading} pending />
    case 'unsupported':
      return <Card {...card} hint={words.unsupported} />
    case 'error':
      return (
        <Card {...card} error={words.failed}>
          <Button frame={frame} type="button" onClick={() => void factors.recheck()}>
            {common.tryAgain}
          </Button>
        </Card>
      )
    default:
  }

  const adds = {
    totp: { label: words.addTotp, strategy: 'totp' },
    phone: { label: words.addPhone, strategy: 'phone_code' },
    webauthn: { label: words.addWebauthn, strategy: 'passkey' },
  } as const
  const done = { renamed: words.renamed, made_default: words.madeDefault, removed: words.removed }
  const addable = factors.addable.filter((type): type is keyof typeof adds => type in adds)
  const hasFactor = factors.factors.some(({ status }) => status === 'verified')
  const own = factors.factors.filter(({ strategy }) => strategy !== 'backup_code')

  /** Backends refuse two factors of one name, and two of none. */
  function freeName(type: keyof typeof adds): string | undefined {
    const kind = kindName(adds[type].strategy, texts)
    const taken = own.map(({ friendlyName }) => friendlyName)
    if (!own.some(({ strategy }) => strategy === adds[type].strategy)) return undefined
    let n = 2
    while (taken.includes(`${kind} ${n}`)) n++
    return `${kind} ${n}`
  }

  return (
    <Card
      {...card}
      hint={words.hint}
      pending={state.pending === 'make_default'}
      error={problem ? <ChangeProblem problem={problem} /> : factors.status === 'stale' && words.stale}
      status={state.done ? done[state.done] : status}
      links={factors.status === 'stale' && retry}
    >
      {recovered && <p {...slot('notice')}>{words.recovered}</p>}
      {own.length > 0 ? (
        <ul {...slot('factors')} aria-label={words.list}>
          {own.map((factor) => (
            <FactorItem
              key={factor.id}
              frame={frame}
              factor={factor}
              onRename={factors.canRename(factor) ? () => onRename(factor) : undefined}
              onMakeDefault={factors.canMakeDefault(factor) ? () => onMakeDefault(factor) : undefined}
              onRemove={factor.removable ? () => onRemove(factor) : undefined}
            />
          ))}
        </ul>
      ) : (
        <p {...slot('notice')}>{words.empty}</p>
      )}
      {addable.length > 0 && (
        <ul {...slot('choices')}>
          {addable.map((type) => (
            <li key={type}>
              <button {...slot('choice', { add: true })} type="button" onClick={() => onAdd(type, freeName(type))}>
                {adds[type].label}
              </button>
            </li>
          ))}
        </ul>
      )}
      {hasFactor && factors.canGenerate && (
        <BackupCodesLeft frame={frame} factors={factors} low={lowCodes} onNewCodes={onNewCodes} />
      )}
    </Card>
  )
}

interface BackupCodesLeftProps {
  frame: Frame
  factors: UseFactors
  low: number
  onNewCodes: () => void
}

function BackupCodesLeft({ frame, factors: { backupCodes, state }, low, onNewCodes }: BackupCodesLeftProps) {
  const { factors: words, locale } = useAllTexts()
  const left = backupCodes === undefined || backupCodes === 'failed' ? undefined : backupCodes.remaining
  return (
    <div {...slot('codes-left', { low: left !== undefined && left <= low })}>
      <p>
        {state.codesLost ? words.codesLost : left === undefined ? words.codesUnknown : plural(words.codesLeft, left, locale)}{' '}
        {!state.codesLost && left !== undefined && left <= low && words.codesLow}
      </p>
      <LinkButton frame={frame} onClick={onNewCodes}>
        {words.makeCodes}
      </LinkButton>
    </div>
  )
}
