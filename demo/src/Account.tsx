import { FactorList, PasskeyOffer } from 'latchkey'
import type { Backend } from './backend.js'
import { PayoutAccount } from './PayoutAccount.js'
import { Sessions } from './Sessions.js'

/** Where people look after their account. */
export function Account({ backend, issuer }: { backend: Backend; issuer: string }) {
  return (
    <>
      <PasskeyOffer issuer={issuer} />
      <FactorList issuer={issuer} />
      <PayoutAccount backend={backend} />
      <Sessions backend={backend} />
    </>
  )
}
