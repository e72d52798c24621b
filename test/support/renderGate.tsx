import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect } from 'react'
import { vi } from 'vitest'
import { MfaGate, type MfaGateProps } from '../../src/components/MfaGate.js'
import type { Session } from '../../src/core/session.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { scriptedAdapter, type ScriptedOptions } from './scriptedAdapter.js'

export const marker = 'the protected part'

export interface GateSetup extends Omit<MfaGateProps, 'children'> {
  readonly script?: ScriptedOptions
  readonly timeoutMs?: number
  /** Instead of the protected component. */
  readonly children?: MfaGateProps['children']
}

/** What a gate guards, and a note of every render and effect of it. */
export function protectedPart() {
  const ran = { renders: vi.fn(), effects: vi.fn() }
  function Protected() {
    ran.renders()
    useEffect(() => void ran.effects(), [])
    return <p>{marker}</p>
  }
  return { ...ran, Protected }
}

/** A provider with a gate in it, whose session the test tells. */
export function renderGate({ script, timeoutMs, children, ...props }: GateSetup = {}) {
  const fake = scriptedAdapter(script)
  const part = protectedPart()
  const of = (gates: readonly (string | number)[]) => (
    <AuthProvider adapter={fake.adapter} {...(timeoutMs && { timeoutMs })}>
      {gates.map((gate) => (
        <MfaGate key={gate} {...props}>
          {children ?? <part.Protected />}
        </MfaGate>
      ))}
    </AuthProvider>
  )
  const page = (gates = 1) => of(Array.from({ length: gates }, (_, n) => n))
  // Before the clock is faked, where it is.
  const user = userEvent.setup()
  const view = render(page())
  return { ...view, ...part, fake, user, show: (gates: number) => view.rerender(page(gates)), page, of }
}

export const answering = (session: unknown) => ({ answers: { 'session.get': () => session as Session | null } })
