import { useEffect, useState, type FormEvent } from 'react'
import type { AuthenticatorEntry, Backend } from './backend.js'

/**
 * An authenticator app, for those who have no phone at hand. It knows the made-up users' secrets, which no page could, and any setup key
 * that is typed into it; typed keys stay in this page.
 */
export function Phone({ backend }: { backend: Backend }) {
  const [seeded, setSeeded] = useState<readonly AuthenticatorEntry[]>([])
  const [added, setAdded] = useState<readonly (() => AuthenticatorEntry)[]>([])
  const [unreadable, setUnreadable] = useState(false)
  const [tick, setTick] = useState(0)
  const period = Math.floor(tick / 30)

  useEffect(() => {
    let here = true
    backend.authenticator().then(
      (entries) => here && setSeeded(entries),
      () => here && setSeeded([]),
    )
    return () => void (here = false)
  }, [backend, period])

  useEffect(() => {
    const next = () => setTick(Math.floor(Date.now() / 1000))
    next()
    const timer = setInterval(next, 1000)
    return () => clearInterval(timer)
  }, [])

  async function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const key = new FormData(form).get('key') as string
    const { TOTP } = await import('otpauth')
    try {
      const totp = new TOTP({ secret: key.replace(/\s/g, '') })
      setAdded([...added, () => ({ account: 'Added by key', code: totp.generate(), secondsLeft: totp.remaining() / 1000 })])
      form.reset()
      setUnreadable(false)
    } catch {
      setUnreadable(true)
    }
  }

  const left = 30 - (tick % 30)
  const entries = [...seeded, ...added.map((entry) => entry())]
  return (
    <section aria-labelledby="phone">
      <h3 id="phone">Phone</h3>
      <p className="note">Knows only the made-up people, and keys you add to it.</p>
      <ul className="codes">
        {entries.map(({ account, code }, i) => (
          <li key={i}>
            <bdi>{account}</bdi>
            <output aria-live="off">{code}</output>
            <progress max={30} value={left} aria-label="Seconds left" />
          </li>
        ))}
      </ul>
      <form method="post" className="add" onSubmit={(event) => void add(event)}>
        <label htmlFor="phone-key">Setup key, if you cannot scan</label>
        <div>
          <input id="phone-key" name="key" autoComplete="off" spellCheck={false} aria-describedby="phone-problem" />
          <button type="submit">Add</button>
        </div>
        <p className="note" id="phone-problem" role="alert">
          {unreadable && 'That is not a setup key.'}
        </p>
      </form>
    </section>
  )
}
