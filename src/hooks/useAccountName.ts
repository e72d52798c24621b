'use client'
import { useEffect, useState } from 'react'
import { useEngine } from './useEngine.js'
import { useFlow } from './useFlow.js'

/**
 * Who is signing in or has signed in, as they know themselves: as this page has seen it or, where it was opened by somebody who is signed in already,
 * as the backend says. Empty until then, and where it is not wanted.
 */
export function useAccountName(wanted: boolean): string {
  const { sessions } = useEngine()
  const { state } = useFlow()
  const [label, setLabel] = useState('')
  const seen = state.identifier || (state.step === 'complete' && state.session.user.label) || ''

  useEffect(() => {
    if (seen || !wanted) return
    let here = true
    // A name that cannot be read is left out.
    sessions.read().then(
      ({ session }) => here && setLabel(session?.user.label ?? ''),
      () => undefined,
    )
    return () => {
      here = false
    }
  }, [seen, wanted, sessions])

  return seen || label
}
