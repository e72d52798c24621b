'use client'
import { useLayoutEffect, useRef, type ComponentPropsWithRef } from 'react'
import { slot } from '../hooks/stateAttributes.js'

export interface DialogProps extends Omit<ComponentPropsWithRef<'dialog'>, 'ref' | 'onCancel' | 'onClose'> {
  /** Escape, or the browser's own way out. The dialog is there until it is no longer drawn. */
  onCancel: () => unknown
}

/** A native modal dialog: what is behind it is inert, and the focus goes back to where it was. */
export function Dialog({ onCancel, ...props }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)

  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // While it still is in the page: one that is taken out first gives no focus back.
    return () => shown?.close()
  }, [])

  return (
    <dialog
      {...props}
      {...slot('dialog')}
      ref={dialog}
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
      onClose={({ currentTarget: shown }) => {
        // StrictMode closes and opens anew before this is heard.
        if (shown.open) return
        // Some browsers close at the second Escape whatever is said. Where giving up is refused, the dialog comes back.
        void Promise.resolve(onCancel()).then(() => shown.isConnected && !shown.open && shown.showModal())
      }}
    />
  )
}
