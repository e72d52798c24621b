import { render } from '@testing-library/react'
import { Component, type ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { FactorChooser } from '../../src/components/FactorChooser.js'
import { MfaGate } from '../../src/components/MfaGate.js'
import { SignIn } from '../../src/components/SignIn.js'
import { TotpEnroll } from '../../src/components/TotpEnroll.js'
import { useSession } from '../../src/hooks/useSession.js'
import { useSignIn } from '../../src/hooks/useSignIn.js'

class Catch extends Component<{ children: ReactNode; caught: (thrown: Error) => void }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override componentDidCatch(thrown: Error) {
    this.props.caught(thrown)
  }
  override render() {
    return this.state.failed ? null : this.props.children
  }
}

function SignInHook() {
  useSignIn()
  return null
}

function SessionHook() {
  useSession()
  return null
}

afterEach(() => vi.restoreAllMocks())

it.each([
  ['SignIn', <SignIn key="" />],
  ['FactorChooser', <FactorChooser key="" />],
  ['TotpEnroll', <TotpEnroll key="" />],
  [
    'MfaGate',
    <MfaGate key="" require="aal2">
      secret
    </MfaGate>,
  ],
  ['useSignIn', <SignInHook key="" />],
  ['useSession', <SessionHook key="" />],
])('%s outside of AuthProvider throws an error that names the mend', (_, element) => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const caught = vi.fn<(thrown: Error) => void>()
  const { container } = render(<Catch caught={caught}>{element}</Catch>)
  expect(caught.mock.calls[0]?.[0].message).toMatch(/Wrap .* in <AuthProvider adapter=/)
  expect(container).toBeEmptyDOMElement()
})
