'use client'
import type { ComponentPropsWithRef } from 'react'
import { slot } from '../hooks/stateAttributes.js'
import type { Frame } from './Frame.js'

export type ButtonProps = ComponentPropsWithRef<'button'> & { frame: Frame; pending?: boolean }

/** The one main action. While it waits it stays focusable, so that the focus is not lost. */
export function Button({ frame, pending = false, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="submit"
      {...props}
      {...slot('button', { pending }, frame.classNames.button)}
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}

/** A quiet action below the main one. */
export function LinkButton({ frame, pending, ...props }: ButtonProps) {
  return <button type="button" aria-disabled={pending || undefined} {...props} {...slot('link', {}, frame.classNames.link)} />
}
