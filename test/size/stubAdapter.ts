import type { AuthAdapter } from '../../src/core/adapter.js'

const never = () => new Promise<never>(() => {})

/** Enough of a backend for a first screen; its bytes are not the kit's and are not counted. */
export const stubAdapter: AuthAdapter = {
  name: 'stub',
  capabilities: {
    identifiers: ['email'],
    firstFactors: [{ strategy: 'password' }, { strategy: 'email_code' }],
    secondFactors: ['totp'],
    firstFactorsPerUser: false,
    enroll: [{ type: 'totp', many: false }],
    managePassword: true,
    survivesReload: 'no',
    trustDevice: true,
    signOutScopes: ['this'],
  },
  signIn: {
    create: never,
    resume: () => Promise.resolve({ attempt: null }),
    reload: never,
    prepareFirstFactor: never,
    attemptFirstFactor: never,
    prepareSecondFactor: never,
    attemptSecondFactor: never,
    finish: never,
    cancel: never,
  },
  session: { get: () => Promise.resolve(null), signOut: never, subscribe: () => () => {} },
  mfa: { listFactors: never, enroll: never, challenge: never, verify: never, unenroll: never },
}
