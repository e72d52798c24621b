'use client'
import { useCallback, useEffect } from 'react'
import { safeReturnTo } from '../core/returnTo.js'

/**
 * Leads on after sign-in: at once where `due`, and whenever the answer is called. Where to is checked when it is used. `undefined` or `null`:
 * nowhere.
 */
export function useReturnTo(returnTo: string | null | undefined, due: boolean): () => void {
  const goOn = useCallback(() => {
    if (returnTo == null) return
    location.assign(safeReturnTo(returnTo, { origin: location.origin, refuse: [location.pathname] }))
  }, [returnTo])
  useEffect(() => {
    if (due) goOn()
  }, [due, goOn])
  return goOn
}
