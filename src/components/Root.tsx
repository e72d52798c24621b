'use client'
import type { ReactNode } from 'react'
import { useAuth } from '../hooks/context.js'
import { slot } from '../hooks/stateAttributes.js'
import type { ClassNames } from './Frame.js'

interface RootProps {
  classNames?: ClassNames | undefined
  onFocus?: () => void
  children: ReactNode
}

/** Carries the look's tokens, and the direction and language of the texts inside. */
export function Root({ classNames = {}, onFocus, children }: RootProps) {
  const { messages, dir } = useAuth()
  return (
    <div {...slot('root', {}, classNames.root)} dir={dir} lang={messages?.locale ?? 'en'} onFocus={onFocus}>
      {children}
    </div>
  )
}
