'use client'
import { useEffect } from 'react'
import type { FlowState } from '../core/flow.js'
import { useAuth } from './context.js'
import type { DeviceGiven, DeviceStrategy } from './withDevices.js'
import { useFlow } from './useFlow.js'

/** A challenge is renewed so long before its end. Milliseconds. */
const marginMs = 10_000

export interface UseDeviceFactor {
  readonly pending: boolean
  /** Asks the key or the wallet. To be called in the click. */
  ask(given?: DeviceGiven): Promise<void>
}

/**
 * A factor that a key or a wallet answers. Nothing is asked before the click. While the page is looked at, the challenge is kept fresh, because one
 * that had to be fetched in the click would come too late for Safari.
 */
export function useDeviceFactor(state: Extract<FlowState, { step: 'first-factor' | 'second-factor' }>): UseDeviceFactor {
  const { signIn } = useFlow()
  const { clock } = useAuth().client
  const { factor, challenge, pending } = state
  const { expiresAt } = challenge

  useEffect(() => {
    if (expiresAt === undefined || pending) return
    const leftMs = expiresAt - clock.now()
    const timer = setTimeout(
      () => document.visibilityState === 'visible' && void signIn.send(),
      Math.max(leftMs / 2, leftMs - marginMs),
    )
    return () => clearTimeout(timer)
  }, [signIn, clock, expiresAt, pending])

  return {
    pending: pending !== null,
    ask: (given) => signIn.askDevice(factor.strategy as DeviceStrategy, given),
  }
}
