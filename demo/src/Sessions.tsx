import { useState } from 'react'
import { useSession } from 'latchkey'
import type { Backend } from './backend.js'

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

function agoOf(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return ago.format(-minutes, 'minute')
  return minutes < 60 * 24 ? ago.format(-Math.round(minutes / 60), 'hour') : ago.format(-Math.round(minutes / 60 / 24), 'day')
}

/** How this session came about, and an end to all the others where the backend can do that. */
export function Sessions({ backend: { adapter } }: { backend: Backend }) {
  const { session } = useSession()
  const [state, setState] = useState<'idle' | 'pending' | 'done' | 'failed'>('idle')

  async function signOutOthers() {
    if (state === 'pending') return
    setState('pending')
    await adapter.session.signOut({ scope: 'others' }).then(
      () => setState('done'),
      () => setState('failed'),
    )
  }

  if (!session) return null
  const { firstFactorAgeMs: first, secondFactorAgeMs: second } = session
  return (
    <section className="panel" aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <dl className="facts">
        <div>
          <dt>This browser</dt>
          <dd>{first === undefined ? 'signed in' : `signed in ${agoOf(first)}`}</dd>
        </div>
        <div>
          <dt>Second step</dt>
          <dd>{second === undefined ? 'not confirmed' : `confirmed ${agoOf(second)}`}</dd>
        </div>
      </dl>
      {adapter.capabilities.signOutScopes.includes('others') && (
        <button type="button" aria-disabled={state === 'pending' || undefined} onClick={() => void signOutOthers()}>
          Sign out everywhere else
        </button>
      )}
      <p className="note" role="status">
        {state === 'done' && 'You are signed in here only.'}
        {state === 'failed' && 'That did not work. Try again.'}
      </p>
    </section>
  )
}
