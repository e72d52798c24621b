import type { ProviderAnswer } from 'latchkey/adapters/memory'
import { demoUsers, stranger, type DemoUser } from '../users.js'

const names: Readonly<Record<string, string>> = { oauth_google: 'Google', oauth_github: 'GitHub' }

/** Stands in for the page of a provider or a company, where there is no server to show one. */
export function ProviderPage({ strategy, onAnswer }: { strategy: string; onAnswer: (answer: ProviderAnswer) => void }) {
  const name = names[strategy]
  // Companies know their own people.
  const people = (Object.values(demoUsers) as readonly DemoUser[]).filter(({ password }) => (name ? password : !password))
  return (
    <div className="page alone">
      <main>
        <h1>Sign in to {name ?? 'your company'}</h1>
        <p className="lead">
          This stands in for {name ?? 'a company’s page'}. Nothing leaves this page, and nobody needs a password.
        </p>
        <div className="panel">
          {[...people, ...(name ? [stranger] : [])].map(({ email, name: person }) => (
            <button key={email} type="button" onClick={() => onAnswer({ as: email })}>
              Continue as {person}
            </button>
          ))}
          <button type="button" className="deny" onClick={() => onAnswer({ denied: true })}>
            Deny
          </button>
        </div>
      </main>
    </div>
  )
}
