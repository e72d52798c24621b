import type { MfaApi } from '../../core/adapter.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Factor } from '../../core/enrollment.js'
import type { Connection } from './connection.js'
import { digitsOf } from './firstFactor.js'

/** Better Auth keeps one unproved secret. Its backup codes come before the proof, and are held back until then. */
interface Pending {
  readonly id: string
  readonly backupCodes?: readonly string[] | undefined
  /** An answer to `verify` was lost. */
  doubt?: boolean
  done?: boolean
}

const app: Factor = { id: 'totp', strategy: 'totp', status: 'verified', removable: true }

export function createMfa({ post, read, changed }: Connection): MfaApi {
  let pending: Pending | undefined
  let count = 0

  return {
    async listFactors(options) {
      const { session, factors } = await read(options)
      if (!factors) throw new AuthError(session ? 'not_supported' : 'session_lost')
      return factors
    },

    async enroll(params, options) {
      if (params.type !== 'totp') throw new AuthError('not_supported')
      const { password = '', issuer } = params
      const body = { password, method: 'totp', issuer }
      const { totpURI = '', backupCodes } = await post('/two-factor/enable', body, options, 'backupCodes')
      // It writes spaces as `+`, which authenticator apps show as they are.
      const uri = totpURI.replace(/\+/g, '%20')
      const secret = /[?&]secret=([A-Z2-7]+)/.exec(uri)?.[1]
      if (!secret) throw noAnswer()
      const id = `totp_${++count}`
      pending = { id, backupCodes }
      return { status: 'pending', type: 'totp', id, secret, uri }
    },

    challenge: () => Promise.reject(new AuthError('not_supported')),

    async verify({ enrollmentId, code }: { enrollmentId: string; code?: string }, options) {
      const mine = pending
      if (mine?.id !== enrollmentId) throw new AuthError('attempt_lost')
      const { backupCodes } = mine
      if (mine.doubt) {
        const { session, factors } = await read(options)
        // Where the lost answer took the session along, nothing is known of the factor either.
        if (!session) throw new AuthError('session_lost')
        mine.done = !factors || factors.some(({ id }) => id === app.id)
      }
      if (!mine.done) await awaiting(mine, post('/two-factor/verify-totp', { code: digitsOf(code) }, options, 'user'))
      // The codes are handed out once; asked again, it is done and that is all.
      pending = { id: enrollmentId, done: true }
      changed()
      return { factor: app, ...(backupCodes && { backupCodes }) }
    },

    // The unproved secret stays on the server until the next enrolment and guards nothing.
    abandon: async ({ enrollmentId }) => {
      if (pending?.id === enrollmentId) pending = undefined
    },

    async unenroll({ password = '' }, options) {
      await post('/two-factor/disable', { password }, options)
      changed()
    },

    backupCodes: {
      async generate({ password = '' }, options) {
        return (await post('/two-factor/generate-backup-codes', { password }, options, 'backupCodes')).backupCodes ?? []
      },
    },
  }
}
