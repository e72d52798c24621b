import { render } from '@testing-library/react'
import { Component, type ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import * as kit from '../../src/index.js'

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

const { BackupCodes, FactorChooser, FactorList, MfaGate, PasskeyEnroll, PasskeyOffer, PhoneEnroll, SignIn, StepUp, TotpEnroll } =
  kit

const hooks = {
  useSignIn: () => kit.useSignIn(),
  useSession: () => kit.useSession(),
  useAuthenticatorAssuranceLevel: () => kit.useAuthenticatorAssuranceLevel(),
  useSignInForm: () => kit.useSignInForm(),
  useFactorChooser: () => kit.useFactorChooser(),
  useFactors: () => kit.useFactors(),
  useMfaGate: () => kit.useMfaGate({ require: 'aal2' }),
  useStepUp: () => kit.useStepUp(() => Promise.resolve()),
  useResend: () => kit.useResend('totp:1'),
  useTotpEnroll: () => kit.useTotpEnroll(),
  usePhoneEnroll: () => kit.usePhoneEnroll(),
  usePasskeyEnroll: () => kit.usePasskeyEnroll(),
  usePasskeyOffer: () => kit.usePasskeyOffer(),
}

function Hook({ use }: { use: () => unknown }) {
  use()
  return null
}

afterEach(() => vi.restoreAllMocks())

const all: [string, ReactNode][] = [
  ['SignIn', <SignIn key="" />],
  ['FactorChooser', <FactorChooser key="" />],
  ['FactorList', <FactorList key="" />],
  ['TotpEnroll', <TotpEnroll key="" />],
  ['PhoneEnroll', <PhoneEnroll key="" />],
  ['PasskeyEnroll', <PasskeyEnroll key="" />],
  ['PasskeyOffer', <PasskeyOffer key="" />],
  ['StepUp', <StepUp key="" when />],
  ['BackupCodes', <BackupCodes key="" codes={['abcde-fghjk']} onAcknowledged={() => undefined} />],
  [
    'MfaGate',
    <MfaGate key="" require="aal2">
      secret
    </MfaGate>,
  ],
  ...Object.entries(hooks).map(([name, use]) => [name, <Hook key="" use={use} />] satisfies [string, ReactNode]),
]

it.each(all)('%s outside of AuthProvider throws an error that names the mend', (_, element) => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const caught = vi.fn<(thrown: Error) => void>()
  const { container } = render(<Catch caught={caught}>{element}</Catch>)
  expect(caught.mock.calls[0]?.[0].message).toMatch(/Wrap .* in <AuthProvider adapter=/)
  expect(container).toBeEmptyDOMElement()
})
