import { createRoot } from 'react-dom/client'
import { AuthProvider, BackupCodes, FactorChooser, MfaGate, OtpInput, SignIn, TotpEnroll } from '../../src/index.js'
import { stubAdapter } from './stubAdapter.js'

// Never opened: the build says what all of it weighs.
createRoot(document.body).render(
  <AuthProvider adapter={stubAdapter}>
    <SignIn />
    <FactorChooser />
    <MfaGate require="aal2">
      <TotpEnroll issuer="Acme" />
      <BackupCodes codes={[]} onAcknowledged={() => {}} />
    </MfaGate>
    <OtpInput label="Code" />
  </AuthProvider>,
)
