import { useEffect, useState } from 'react'
import type { Backend, Mail } from './backend.js'

/** The screen does not wait for the post. Milliseconds after something may have been sent. */
const looks = [500, 2000, 5000]

export interface OutboxProps {
  backend: Backend
  sent: number
  /** Links are good in this page only. */
  samePage: boolean
}

/** What came in by mail and by text message. Looked at when the kit says that something was sent, after every click, and on focus. */
export function Outbox({ backend, sent, samePage }: OutboxProps) {
  const [mails, setMails] = useState<readonly Mail[]>([])

  useEffect(() => {
    let here = true
    let timers: ReturnType<typeof setTimeout>[] = []
    const look = () =>
      void backend.mails().then(
        (now) => here && setMails(now),
        () => undefined,
      )
    const stop = () => timers.forEach(clearTimeout)
    const later = () => {
      stop()
      timers = looks.map((ms) => setTimeout(look, ms))
    }
    look()
    if (sent > 0) later()
    const unheard = backend.onMail?.(look)
    addEventListener('focus', look)
    addEventListener('click', later)
    return () => {
      here = false
      stop()
      unheard?.()
      removeEventListener('focus', look)
      removeEventListener('click', later)
    }
  }, [backend, sent])

  return (
    <section aria-labelledby="outbox">
      <h3 id="outbox">Outbox</h3>
      {mails.length === 0 && <p className="note">Nothing was sent yet.</p>}
      <ul className="codes" aria-live="polite">
        {mails.slice(0, 4).map(({ to, subject, code }, i) => (
          <li key={mails.length - i}>
            <span>
              {subject} <bdi>{to}</bdi>
            </span>
            {code.startsWith('http') ? (
              <a href={code} rel="noreferrer" {...(!samePage && { target: '_blank' })}>
                Open the link
              </a>
            ) : (
              <output aria-live="off">{code}</output>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
