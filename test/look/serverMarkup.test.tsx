// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { AuthProvider, BackupCodes, FactorChooser, MfaGate, OtpInput, SignIn, TotpEnroll } from '../../src/index.js'

const { adapter } = createMemoryBackend()
const markup = renderToString(
  <AuthProvider adapter={adapter}>
    <SignIn signUp={<a href="/sign-up">Create an account</a>} />
    <FactorChooser />
    <TotpEnroll issuer="Acme" />
    <BackupCodes codes={['k7mq-2wxp']} onAcknowledged={() => {}} />
    <MfaGate>…</MfaGate>
    <OtpInput label="Code" length={8} />
  </AuthProvider>,
)

it('TH-12 what the server draws has no inline style, no style element and no script', () => {
  expect(markup).toContain('data-slot="otp-input"')
  expect(markup).not.toMatch(/\sstyle=|<style|<script|javascript:/i)
})

it('TH-13 what the server draws has no inline handler', () => {
  expect(markup).not.toMatch(/\son\w+=/i)
})
