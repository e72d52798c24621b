import type { MfaApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import type { Commits } from './memoryCall.js'
import { abandonEnrollment, challengeEnrollment, enroll, verifyEnrollment } from './enrollment.js'
import type { Browser, MemoryStore } from './memoryStore.js'
import { randomBackupCodes } from './randomText.js'
import { requireElevated, requireSession, tellLater } from './sessionRecord.js'

import { backupCodesLeft, forgetTrust, requirePassword, unusedCodes } from './user.js'
import { acceptedPasskeys, listFactors, makeDefault, removeFactor, renameFactor } from './userFactors.js'

export function memoryMfa(store: MemoryStore, browser: Browser): Commits<Omit<MfaApi, 'backupCodes'>> {
  const user = () => requireSession(store, browser).user
  return {
    listFactors: () => listFactors(store, user()),

    enroll(params) {
      // Inside a sign-in there is no session yet, and the first factor has just been proved.
      return enroll(store, browser, params.attempt ? null : requireManager(store, browser, params.password), params)
    },

    challenge: (params) => challengeEnrollment(store, browser, params),

    verify: (params) => verifyEnrollment(store, browser, params),

    abandon: ({ enrollmentId }) => abandonEnrollment(store, browser, enrollmentId),

    unenroll({ factorId, password }) {
      const manager = requireManager(store, browser, password)
      removeFactor(store, manager, factorId)
      forgetTrust(store, manager)
      tellLater(browser)
    },

    makeDefault: ({ factorId }) => makeDefault(store, user(), factorId),

    acceptedPasskeys: () => acceptedPasskeys(store, user()),

    rename: ({ factorId, friendlyName }) => renameFactor(store, user(), factorId, friendlyName),
  }
}

export function memoryBackupCodes(store: MemoryStore, browser: Browser): Commits<NonNullable<MfaApi['backupCodes']>> {
  return {
    status() {
      const { user } = requireSession(store, browser)
      return { total: user.backupCodes.length, remaining: backupCodesLeft(user) }
    },

    /** Rejects `factor_not_found` where there is no second factor that they could stand in for. */
    generate({ password }) {
      const user = requireManager(store, browser, password)
      if (!user.factors.some(({ verified }) => verified)) throw new AuthError('factor_not_found')
      const codes = randomBackupCodes()
      user.backupCodes = unusedCodes(codes)
      return codes
    },
  }
}

/** The user, if this session may change factors: past the second one, if there is one, and with the password, if it is wanted. */
function requireManager(store: MemoryStore, browser: Browser, password: string | undefined) {
  const session = requireSession(store, browser)
  requireElevated(store, session)
  return store.settings.managePassword ? requirePassword(session.user, password) : session.user
}
