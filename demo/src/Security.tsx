import { useCallback, useEffect, useState, type FormEvent } from 'react'
import { TotpEnroll, useSession } from 'latchkey'
import type { Backend } from './backend.js'

/** The enrolled app's id; `null` where there is none. */
type Looked = 'looking' | 'failed' | { readonly appId: string | null }

/** Turns the authenticator app on, or off again. */
export function Security({ backend, issuer }: { backend: Backend; issuer: string }) {
  const { mfa, capabilities } = backend.adapter
  const [looked, setLooked] = useState<Looked>('looking')
  const [enrolled, setEnrolled] = useState(false)

  const look = useCallback(
    () =>
      mfa?.listFactors({ fresh: true }).then(
        (factors) => setLooked({ appId: factors.find(({ strategy }) => strategy === 'totp')?.id ?? null }),
        // Not knowing is not having none.
        () => setLooked('failed'),
      ),
    [mfa],
  )
  useEffect(() => void look(), [look])

  if (looked === 'looking') return <p className="note">Looking…</p>
  if (looked === 'failed') {
    return (
      <article className="panel" role="alert">
        <p>What is set up could not be read.</p>
        <button type="button" onClick={() => void look()}>
          Try again
        </button>
      </article>
    )
  }
  const { appId } = looked
  if (appId === null) {
    return (
      <>
        <TotpEnroll issuer={issuer} onEnrolled={() => setEnrolled(true)} />
        {enrolled && <p className="note">Sign out and in again to see it asked for, or open the vault.</p>}
      </>
    )
  }
  return (
    <TurnOff
      asksPassword={capabilities.managePassword}
      turnOff={(password) => mfa?.unenroll({ factorId: appId, ...(password !== undefined && { password }) })}
      onDone={() => setLooked({ appId: null })}
    />
  )
}

interface TurnOffProps {
  asksPassword: boolean
  turnOff: (password: string | undefined) => Promise<void> | undefined
  onDone: () => void
}

function TurnOff({ asksPassword, turnOff, onDone }: TurnOffProps) {
  const { session } = useSession()
  const [refused, setRefused] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = new FormData(event.currentTarget).get('password') as string | null
    try {
      await turnOff(password ?? undefined)
      onDone()
    } catch {
      setRefused(true)
    }
  }

  return (
    <article className="panel">
      <h2>Your authenticator app is on</h2>
      <form method="post" onSubmit={(event) => void submit(event)} onInput={() => setRefused(false)}>
        {asksPassword && (
          <>
            <input name="username" autoComplete="username" value={session?.user.label ?? ''} readOnly hidden />
            <label htmlFor="off-password">Your password</label>
            <input
              id="off-password"
              name="password"
              type="password"
              autoComplete="current-password"
              aria-describedby="off-problem"
            />
          </>
        )}
        <p className="note" id="off-problem" role="alert">
          {refused && (asksPassword ? 'It is still on: check the password.' : 'It is still on: sign in with it first.')}
        </p>
        <button type="submit">Turn it off</button>
      </form>
    </article>
  )
}
