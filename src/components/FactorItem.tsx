'use client'
import type { Factor } from '../core/enrollment.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { day } from '../hooks/day.js'
import { slot } from '../hooks/stateAttributes.js'
import { fill } from '../hooks/texts.js'
import { LinkButton } from './Button.js'
import { enrolledName, kindName } from './enrolledName.js'
import type { Frame } from './Frame.js'

export interface FactorItemProps {
  frame: Frame
  factor: Factor
  /** Absent: it cannot be renamed. */
  onRename?: (() => void) | undefined
  /** Absent: it cannot be made the default one. */
  onMakeDefault?: (() => void) | undefined
  onRemove?: (() => void) | undefined
}

/** One factor: what it is called and is, since when, and what can be done with it. */
export function FactorItem({ frame, factor, onRename, onMakeDefault, onRemove }: FactorItemProps) {
  const texts = useAllTexts()
  const { factors, locale } = texts
  const { strategy, status, friendlyName, hint, isDefault, createdAt, lastUsedAt } = factor
  const name = enrolledName(factor, texts)
  const added = day(createdAt, locale)
  const used = day(lastUsedAt, locale)
  const action = (label: string, act: (() => void) | undefined) =>
    act && (
      <LinkButton frame={frame} onClick={act}>
        <span>
          {label}
          <span {...slot('spoken')}> {name}</span>
        </span>
      </LinkButton>
    )
  return (
    <li {...slot('factor', { status, strategy })}>
      <span {...slot('factor-name')}>
        <bdi>{name}</bdi> {isDefault && <small {...slot('badge')}>{factors.isDefault}</small>}{' '}
        {status === 'unverified' && <small {...slot('badge', { pending: true })}>{factors.pending}</small>}
      </span>
      {(friendlyName || hint) && (
        <span {...slot('choice-hint')}>
          {friendlyName && kindName(strategy, texts)} {hint && <bdi>{hint}</bdi>}
        </span>
      )}
      {(added || used) && (
        <span {...slot('choice-hint')}>
          {added && <span>{fill(factors.added, { date: added })}</span>}{' '}
          {used && <span>{fill(factors.lastUsed, { date: used })}</span>}
        </span>
      )}
      {(onRename || onMakeDefault || onRemove) && (
        <span {...slot('row')}>
          {action(factors.rename, onRename)}
          {action(factors.makeDefault, onMakeDefault)}
          {action(factors.remove, onRemove)}
        </span>
      )}
    </li>
  )
}
