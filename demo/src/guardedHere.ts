import { AuthError, type AuthAdapter } from 'latchkey'
import { judge } from 'latchkey/core'
import { recentMs } from '../recent.js'
import type { Guarded } from './backend.js'

/** Where there is no server of the demo's own, this page plays it: it asks the backend anew for each call. */
export function guardedHere({ session }: AuthAdapter, secret: string): Guarded {
  async function check(maxAgeMs?: number) {
    const reading = { session: await session.get({ fresh: true }), at: 0 }
    if (judge(reading, { require: 'aal2', maxAgeMs }, 0) !== 'allowed') throw new AuthError('step_up_required')
  }
  return {
    vault: () => check().then(() => secret),
    balance: () => check(recentMs).then(() => 128450),
    transfer: () => check(recentMs),
    savePayout: () => check(recentMs),
  }
}
