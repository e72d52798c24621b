'use client'
import { useFlow } from './useFlow.js'

/** Who is signing in or has signed in on this page, as they know themselves. Empty where this page has not seen it. */
export function useAccountName(): string {
  const { state } = useFlow()
  return state.identifier || (state.step === 'complete' && state.session.user.label) || ''
}
