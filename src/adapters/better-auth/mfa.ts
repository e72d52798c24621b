import type { MfaApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Connection } from './connection.js'
import type { Enrolling, EnrollTypes } from './enrolling.js'
import { digitsOf, phoneOf } from './firstFactor.js'

export function createMfa(connection: Connection, types: EnrollTypes, managePassword: boolean): MfaApi {
  let loading: Promise<Enrolling> | undefined

  /** What changes factors comes when somebody does. */
  function load() {
    loading ??= import('./enrolling.js').then(
      ({ createEnrolling }) => createEnrolling(connection, types, managePassword, { digitsOf, phoneOf }),
      (thrown: unknown) => {
        loading = undefined
        throw noAnswer(thrown)
      },
    )
    return loading
  }

  return {
    async listFactors(options) {
      const { session, factors, secondFactors } = await connection.read(options)
      // Plain Better Auth tells of nothing enrolled, but of passkeys it says nothing.
      if (!factors || (!secondFactors && types.includes('webauthn')))
        throw new AuthError(session ? 'not_supported' : 'session_lost')
      return factors
    },
    enroll: async (...args) => (await load()).enroll(...args),
    challenge: async (...args) => (await load()).challenge(...args),
    verify: async (...args) => (await load()).verify(...args),
    abandon: async (...args) => (await load()).abandon(...args),
    unenroll: async (...args) => (await load()).unenroll(...args),
    ...(types.includes('webauthn') && { rename: async (...args) => (await load()).rename(...args) }),
    backupCodes: {
      status: async (options) => {
        const { session, backupCodes } = await connection.read(options)
        if (!session) throw new AuthError('session_lost')
        return backupCodes ?? {}
      },
      generate: async (...args) => (await load()).backupCodes.generate(...args),
    },
  }
}
