'use client'
import { useEffect, useRef, type ReactNode } from 'react'
import { slot } from '../hooks/stateAttributes.js'

/** Where the focus was lost with what has gone from here, it goes on here, and says why. */
export function Spoken({ children }: { children: ReactNode }) {
  const here = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) here.current?.focus({ preventScroll: true })
  }, [])
  return (
    <p {...slot('spoken')} ref={here} tabIndex={-1}>
      {children}
    </p>
  )
}
