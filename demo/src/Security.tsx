import { useEffect, useState, type FormEvent } from 'react'
import { TotpEnroll, useSession } from 'latchkey'
import type { Backend } from './backend.js'

/** Turns the authenticator app on, or off again. */
export function Security({ backend, issuer }: { backend: Backend; issuer: string }) {
  const { mfa } = backend.adapter
  const [appId, setAppId] = useState<string | null>()
  const [enrolled, setEnrolled] = useState(false)

  useEffect(() => {
    let here = true
    mfa?.listFactors({ fresh: true }).then(
      (factors) => here && setAppId(factors.find(({ strategy }) => strategy === 'totp')?.id ?? null),
      () => here && setAppId(null),
    )
    return () => void (here = false)
  }, [mfa])

  if (appId === undefined) return <p className="note">Looking…</p>
  if (appId === null) {
    return (
      <>
        <TotpEnroll issuer={issuer} onEnrolled={() => setEnrolled(true)} />
        {enrolled && <p className="note">Sign out and in again to see it asked for, or open the vault.</p>}
      </>
    )
  }
  return <TurnOff turnOff={(password) => mfa?.unenroll({ factorId: appId, password })} onDone={() => setAppId(null)} />
}

function TurnOff({ turnOff, onDone }: { turnOff: (password: string) => Promise<void> | undefined; onDone: () => void }) {
  const { session } = useSession()
  const [refused, setRefused] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = new FormData(event.currentTarget).get('password') as string
    try {
      await turnOff(password)
      onDone()
    } catch {
      setRefused(true)
    }
  }

  return (
    <article className="panel">
      <h2>Your authenticator app is on</h2>
      <form method="post" onSubmit={(event) => void submit(event)} onInput={() => setRefused(false)}>
        <input name="username" autoComplete="username" value={session?.user.label ?? ''} readOnly hidden />
        <label htmlFor="off-password">Your password</label>
        <input id="off-password" name="password" type="password" autoComplete="current-password" aria-describedby="off-problem" />
        <p className="note" id="off-problem" role="alert">
          {refused && 'It is still on: check the password.'}
        </p>
        <button type="submit">Turn it off</button>
      </form>
    </article>
  )
}
