'use client'
import { useState, type ReactNode } from 'react'
import type { FlowState } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useAuth } from '../hooks/context.js'
import { slot } from '../hooks/stateAttributes.js'

/** Whether to ask this browser for a second factor again, where the backend can do without. */
export function useTrustDevice({ step, attempt }: Extract<FlowState, { attempt: unknown }>): {
  box: ReactNode
  /** For the answer. */
  given: { trustDevice?: true }
} {
  const { capabilities } = useAuth().client.adapter
  const { code } = useAllTexts()
  const [trusts, setTrusts] = useState(false)
  const box = step === 'second-factor' && attempt.purpose === 'sign_in' && capabilities.trustDevice && (
    <label {...slot('check')}>
      <input type="checkbox" name="trust-device" checked={trusts} onChange={(event) => setTrusts(event.currentTarget.checked)} />
      {code.trustDevice}
    </label>
  )
  return { box, given: trusts ? { trustDevice: true } : {} }
}
