import type { CallOptions, MfaApi } from '../../core/adapter.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { EnrollParams, Enrollment, Factor } from '../../core/enrollment.js'
import type { Json } from '../../core/json.js'
import type { Answer, Connection } from './connection.js'
import { digitsOf, phoneOf } from './contact.js'

export type EnrollTypes = readonly ('totp' | 'phone' | 'webauthn')[]

/** Better Auth keeps one unproved secret, one number and one challenge. Its backup codes come before the proof, and are held back until then. */
interface Pending {
  readonly type: EnrollParams['type']
  readonly factor: Factor
  readonly backupCodes?: readonly string[] | undefined
  /** An answer to `verify` was lost. */
  doubt?: boolean
  done?: boolean
}

interface Proofs {
  readonly enrollmentId: string
  readonly code?: string
  readonly credential?: Json
}

const proved = { status: 'verified', removable: true } as const
const app: Factor = { id: 'totp', strategy: 'totp', ...proved, changes: [] }
const phone: Factor = { id: 'phone_code', strategy: 'phone_code', ...proved, changes: [] }

const passkeyOf = ({ id, name, createdAt }: Answer): Factor => ({
  id: `passkey:${id}`,
  strategy: 'passkey',
  ...proved,
  ...(name && { friendlyName: name }),
  ...(createdAt && { createdAt }),
})

/** What tells of factors and changes them. */
export function createEnrolling({ post, read, changed }: Connection, types: EnrollTypes, managePassword: boolean): MfaApi {
  /** The newest of each kind, which is the only good one. */
  const begun = new Map<string, Pending>()
  let count = 0

  function begin(pending: Pending): string {
    for (const [id, { type }] of begun) if (type === pending.type) begun.delete(id)
    const id = `${pending.type}_${++count}`
    begun.set(id, pending)
    return id
  }

  function pendingOf(id: string): Pending {
    const pending = begun.get(id)
    if (!pending) throw new AuthError('attempt_lost')
    return pending
  }

  async function enrollApp(issuer: string | undefined, password: string, options?: CallOptions): Promise<Enrollment> {
    const body = { password, method: 'totp', issuer }
    const { totpURI = '', backupCodes } = await post('/two-factor/enable', body, options, 'backupCodes')
    // It writes spaces as `+`, which authenticator apps show as they are.
    const uri = totpURI.replace(/\+/g, '%20')
    const secret = /[?&]secret=([A-Z2-7]+)/.exec(uri)?.[1]
    if (!secret) throw noAnswer()
    return { status: 'pending', type: 'totp', id: begin({ type: 'totp', factor: app, backupCodes }), secret, uri }
  }

  async function sendPhone(body: object, options?: CallOptions): Promise<void> {
    await post('/latchkey/enroll-phone', { ...body }, options).catch((thrown: AuthError) => {
      throw thrown.field === 'identifier' ? Object.assign(thrown, { field: 'phone' }) : thrown
    })
  }

  /** Better Auth's own ways to a passkey ask for a session, and for no password. */
  async function checkPassword(password: string, options?: CallOptions): Promise<void> {
    if (managePassword) await post('/verify-password', { password }, options)
  }

  /** Of a proof that the server took. */
  async function take({ type, factor }: Pending, { code, credential }: Proofs, options?: CallOptions): Promise<Factor> {
    if (type === 'webauthn') {
      const body = { response: credential, name: factor.friendlyName }
      return passkeyOf(await post('/passkey/verify-registration', body, options, 'id'))
    }
    if (type === 'phone') await post('/latchkey/verify-phone', { code: digitsOf(code) }, options)
    else await post('/two-factor/verify-totp', { code: digitsOf(code) }, options, 'user')
    return factor
  }

  return {
    async listFactors(options) {
      const { session, factors, secondFactors } = await read(options)
      // Plain Better Auth tells of nothing enrolled, but of passkeys it says nothing.
      if (!factors || (!secondFactors && types.includes('webauthn')))
        throw new AuthError(session ? 'not_supported' : 'session_lost')
      return factors
    },

    async enroll(params, options) {
      const { type, password = '', friendlyName } = params
      if (!types.some((one) => one === type) || params.attempt) throw new AuthError('not_supported')
      if (params.type === 'totp') return enrollApp(params.issuer, password, options)
      if (params.type === 'phone') {
        await sendPhone({ phoneNumber: phoneOf(params.phone), password }, options)
        const hint = phoneOf(params.phone).replace(/\d(?=\d\d)/g, '•')
        return { status: 'pending', type: 'phone', id: begin({ type, factor: { ...phone, hint } }), sent: true }
      }
      await checkPassword(password, options)
      const publicKey = (await post('/passkey/generate-register-options', undefined, options, 'challenge')) as Json
      const factor: Factor = { id: '', strategy: 'passkey', ...proved, ...(friendlyName && { friendlyName }) }
      return { status: 'pending', type: 'webauthn', id: begin({ type, factor }), publicKey }
    },

    async challenge({ enrollmentId: id }, options) {
      if (pendingOf(id).type !== 'phone') throw new AuthError('not_supported')
      await sendPhone({}, options)
      return { status: 'pending', type: 'phone', id, sent: true }
    },

    async verify(params: Proofs, options) {
      const { enrollmentId: id } = params
      const mine = pendingOf(id)
      const { backupCodes, type } = mine
      let { factor } = mine
      if (mine.doubt && type !== 'webauthn') {
        const { session, factors } = await read(options)
        // Where the lost answer took the session along, nothing is known of the factor either.
        if (!session) throw new AuthError('session_lost')
        mine.done = !factors || factors.some((one) => one.id === factor.id)
      }
      if (!mine.done) factor = await awaiting(mine, take(mine, params, options))
      // The codes are handed out once; asked again, it is done and that is all.
      begun.set(id, { type, factor, done: true })
      changed()
      return { factor, ...(backupCodes && { backupCodes }) }
    },

    // What nobody proved stays on the server until the next enrolment or its end, and guards nothing.
    abandon: async ({ enrollmentId }) => void begun.delete(enrollmentId),

    async unenroll({ factorId, password = '' }, options) {
      const id = passkeyIn(factorId)
      if (id) {
        await checkPassword(password, options)
        await post('/passkey/delete-passkey', { id }, options)
      } else if (factorId === phone.id) await post('/latchkey/remove-phone', { password }, options)
      else if (factorId === app.id || factorId === 'email_code') await post('/two-factor/disable', { password }, options)
      else throw new AuthError('factor_not_found')
      changed()
    },

    async rename({ factorId, friendlyName: name }, options) {
      const id = passkeyIn(factorId)
      if (!id) throw new AuthError('not_supported')
      const { passkey } = await post('/passkey/update-passkey', { id, name }, options, 'passkey')
      return passkeyOf(passkey ?? {})
    },

    backupCodes: {
      async status(options) {
        const { session, backupCodes } = await read(options)
        if (!session) throw new AuthError('session_lost')
        return backupCodes ?? {}
      },
      async generate({ password = '' }, options) {
        return (await post('/two-factor/generate-backup-codes', { password }, options, 'backupCodes')).backupCodes ?? []
      },
    },
  }
}

const passkeyIn = (factorId: string) => /^passkey:(.+)/.exec(factorId)?.[1]
