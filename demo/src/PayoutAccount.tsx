import type { Backend } from './backend.js'
import { GuardedForm } from './GuardedForm.js'

/** Whoever takes over a session would change this first, so its server wants to know again who is there. */
export function PayoutAccount({ backend }: { backend: Backend }) {
  return (
    <GuardedForm
      title="Payout account"
      hint="To change it, the server asks for your second step if you confirmed one more than five minutes ago."
      fields={{ holder: { label: 'Account holder' }, iban: { label: 'IBAN' } }}
      submit="Save"
      send={backend.savePayout}
      done={({ holder, iban }) => (
        <>
          Saved. Payouts go to <bdi>{holder}</bdi>, account ending in <bdi>{iban.replace(/\s/g, '').slice(-4)}</bdi>.
        </>
      )}
    />
  )
}
