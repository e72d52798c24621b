import { useEffect, useState } from 'react'
import type { Backend } from './backend.js'
import { GuardedForm } from './GuardedForm.js'

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

/** What an open gate shows. Its server goes by the same five minutes, on every call. */
export function MoveMoney({ backend }: { backend: Backend }) {
  const [balance, setBalance] = useState('…')

  useEffect(() => {
    let here = true
    backend.balance().then(
      (cents) => here && setBalance(euros.format(cents / 100)),
      () => here && setBalance('not shown'),
    )
    return () => void (here = false)
  }, [backend])

  return (
    <>
      <article className="vault">
        <h2>Your balance</h2>
        <p className="balance">{balance}</p>
      </article>
      <GuardedForm
        title="Send money"
        hint="This page closes five minutes after you last confirmed your second step."
        fields={{ to: { label: 'To' }, amount: { label: 'Amount in euros', inputMode: 'decimal' } }}
        submit="Send"
        send={backend.transfer}
        done={({ to, amount }) => (
          <>
            €{amount} are on their way to <bdi>{to}</bdi>.
          </>
        )}
      />
    </>
  )
}
