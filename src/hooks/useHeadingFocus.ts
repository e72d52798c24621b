'use client'
import { useEffect } from 'react'

/**
 * For a card with something to read before its field: the focus goes to its heading. Answers with the frame of a card that does not move the focus
 * by itself.
 */
export function useHeadingFocus<F extends { readonly idPrefix: string; readonly focus: boolean }>(frame: F): F {
  const { focus, idPrefix } = frame
  useEffect(() => {
    if (focus) document.getElementById(`${idPrefix}-title`)?.focus()
  }, [focus, idPrefix])
  return { ...frame, focus: false }
}
