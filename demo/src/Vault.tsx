import { useEffect, useState } from 'react'
import type { Backend } from './backend.js'

/** Asks for what is protected, when the gate is open. Were the gate broken, the server would still say no. */
export function Vault({ backend }: { backend: Backend }) {
  const [secret, setSecret] = useState('Opening…')

  useEffect(() => {
    let here = true
    backend.vault().then(
      (text) => here && setSecret(text),
      (thrown: unknown) => here && setSecret(thrown instanceof Error ? thrown.message : 'It stays closed.'),
    )
    return () => void (here = false)
  }, [backend])

  return (
    <article className="vault">
      <h2>Open</h2>
      <p>{secret}</p>
    </article>
  )
}
