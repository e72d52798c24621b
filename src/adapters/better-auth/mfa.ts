import type { MfaApi } from '../../core/adapter.js'
import { AuthError, toAuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import type { Connection } from './connection.js'
import { noAnswer } from './refusal.js'
import { digits } from './signIn.js'

const totpFactor: Factor = { id: 'totp', strategy: 'totp', status: 'verified', removable: true }

export function createMfa({ post, read, changed }: Connection): MfaApi {
  /** Backup codes of enrolments under way, held back until the factor is proved. `doubt`: an answer to `verify` was lost. */
  const pending = new Map<string, { backupCodes?: readonly string[]; doubt?: boolean; done?: boolean }>()
  let count = 0

  async function listFactors(options?: Parameters<MfaApi['listFactors']>[0]): Promise<readonly Factor[]> {
    const { session, secondFactors, twoFactorEnabled } = await read(options)
    if (!session) throw new AuthError('session_lost', 'Nobody is signed in.')
    if (!twoFactorEnabled) return []
    if (!secondFactors) throw new AuthError('not_supported', 'Plain Better Auth does not tell the factors.')
    const listed = secondFactors.filter(({ strategy }) => strategy !== 'backup_code')
    const app = listed.some(({ strategy }) => strategy === 'totp')
    return listed.map(({ id, strategy, hint }) =>
      strategy === 'totp' ? totpFactor : { id, strategy, status: 'verified', removable: !app, ...(hint && { hint }) },
    )
  }

  return {
    listFactors,

    async enroll(params, options) {
      if (params.type !== 'totp') throw new AuthError('not_supported', 'Better Auth enrols authenticator apps only.')
      const { password = '', issuer } = params
      const answer = await post('/two-factor/enable', { password, method: 'totp', ...(issuer && { issuer }) }, options)
      const uri = String(answer.totpURI)
      const secret = /^otpauth:\/\/totp\/.*[?&]secret=([^&]+)/.exec(uri)?.[1]
      if (!secret) throw noAnswer('unavailable')
      const id = `totp_${++count}`
      pending.clear()
      pending.set(id, { backupCodes: codesOf(answer) })
      return { status: 'pending', type: 'totp', id, secret: decodeURIComponent(secret), uri }
    },

    challenge: () => Promise.reject(new AuthError('not_supported', 'There is nothing to send.')),

    async verify({ enrollmentId, ...proof }, options) {
      const enrollment = pending.get(enrollmentId)
      if (!enrollment) throw new AuthError('attempt_lost', 'The adapter does not know this enrolment.')
      if (enrollment.doubt) {
        const { secondFactors, twoFactorEnabled } = await read({ ...options, fresh: true })
        enrollment.done = secondFactors ? secondFactors.some(({ strategy }) => strategy === 'totp') : twoFactorEnabled
      }
      if (!enrollment.done) {
        try {
          const { user } = await post('/two-factor/verify-totp', { code: digits(proof) }, options)
          if (!user) throw noAnswer('unavailable')
        } catch (thrown) {
          enrollment.doubt = toAuthError(thrown).outcome === 'unknown'
          throw thrown
        }
      }
      const { backupCodes } = enrollment
      // Shown once: a second call is told that it is done, and no more.
      pending.set(enrollmentId, { done: true })
      changed()
      return { factor: totpFactor, ...(backupCodes && { backupCodes }) }
    },

    abandon({ enrollmentId }) {
      // Better Auth keeps the unproved secret until the next enrolment; it guards nothing.
      pending.delete(enrollmentId)
      return Promise.resolve()
    },

    async unenroll({ factorId, password = '' }, options) {
      if (factorId !== 'totp' && factorId !== 'email_code') throw new AuthError('factor_not_found', 'There is no such factor.')
      const { status } = await post('/two-factor/disable', { password }, options)
      if (status !== true) throw noAnswer('unavailable')
      changed()
    },

    backupCodes: {
      generate: async ({ password = '' }, options) =>
        codesOf(await post('/two-factor/generate-backup-codes', { password }, options)),
    },
  }
}

function codesOf({ backupCodes }: Record<string, unknown>): readonly string[] {
  if (!Array.isArray(backupCodes) || !backupCodes.every((code) => typeof code === 'string')) throw noAnswer('unavailable')
  return backupCodes
}
