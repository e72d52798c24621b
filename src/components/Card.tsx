'use client'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { slot } from '../hooks/stateAttributes.js'
import { useTexts } from '../hooks/texts.js'
import { useLater } from '../hooks/useLater.js'
import type { Frame } from './Frame.js'

export interface CardProps {
  frame: Frame
  /** The step's name, for `data-step`. */
  step: string
  title: ReactNode
  hint?: ReactNode
  hintId?: string
  /** The one line for what went wrong. It is there before anything does, so that nothing jumps and everyone hears it. */
  error?: ReactNode
  /** Good news, read out politely. */
  status?: ReactNode
  pending?: boolean
  /** Quiet links, in the same order on every card. */
  links?: ReactNode
  children?: ReactNode
}

/** The bones of every step: a title, one sentence, the field, the button, quiet links. */
export function Card({ frame, step, title, hint, hintId, error, status, pending = false, links, children }: CardProps) {
  const { idPrefix, headingLevel, classNames, focus, help } = frame
  const { common } = useTexts()
  const card = useRef<HTMLElement>(null)
  const working = useLater(pending, 300)
  // A live region is heard when it changes, so it has to be there, empty, before it speaks.
  const [comesSpeaking] = useState(!!(error || status))
  const open = useLater(comesSpeaking, 0) === comesSpeaking
  const Heading = `h${headingLevel}` as const

  useEffect(() => {
    if (!focus) return
    const field = card.current?.querySelector<HTMLElement>('input:not([tabindex="-1"], [type="checkbox"])')
    ;(field ?? card.current?.querySelector<HTMLElement>('[tabindex="-1"]'))?.focus()
    // Only when the card appears.
  }, [focus])

  return (
    <section {...slot('card', { step, pending }, classNames.card)} ref={card} aria-labelledby={`${idPrefix}-title`}>
      <Heading {...slot('title', {}, classNames.title)} id={`${idPrefix}-title`} tabIndex={-1}>
        {title}
      </Heading>
      {hint && (
        <p {...slot('hint', {}, classNames.hint)} id={hintId}>
          {hint}
        </p>
      )}
      {children}
      <p {...slot('error', {}, classNames.error)} id={`${idPrefix}-error`} role="alert">
        {open && error}
      </p>
      <p {...slot('status', {}, classNames.status)} role="status">
        {working ? common.working : open && status}
      </p>
      {(links || help) && (
        <div {...slot('links', {}, classNames.links)}>
          {links}
          {help}
        </div>
      )}
    </section>
  )
}
