import type { AuthAdapter } from '../../core/adapter.js'
import { mfaLater } from '../../core/mfaLater.js'
import type { FirstStrategy } from '../../core/strategy.js'
import type { BetterAuthClient } from './betterAuthClient.js'
import { connect } from './connection.js'
import type { EnrollTypes } from './enrolling.js'
import { createSignIn } from './signIn.js'

export interface BetterAuthAdapterOptions {
  /** What people may type to be known by. Default `['email']`. */
  readonly identifiers?: readonly ('email' | 'phone')[]
  /**
   * The first factors that the server offers; a client cannot know its plugins. Default `['password']`.
   *
   * - `email_code`, `reset_password_email_code`: `emailOTP()`
   * - `email_link`: `magicLink()`, which has to mail `landingLink()` of `latchkey/server/better-auth`
   * - `phone_code`, `reset_password_phone_code`: `phoneNumber()`, the latter beside `latchkey()`
   * - `passkey`: `passkey()` · `web3_<wallet>_signature`: `siwe()` · `enterprise_sso`: `sso()`
   * - `oauth_<provider>`: `socialProviders`, `genericOAuth()`
   */
  readonly firstFactors?: readonly FirstStrategy[]
  /**
   * What people may enrol, as far as the server has it. Default `['totp']`.
   *
   * - `phone`: `phoneNumber()` and `latchkey()`; the number is for the second factor alone
   * - `webauthn`: `passkey()`, and `latchkey({ passkeyAsSecondFactor: true })`
   */
  readonly enroll?: EnrollTypes
  /** Factors are changed by whoever gives the password. `false` for servers with `allowPasswordless`. Default `true`. */
  readonly managePassword?: boolean
}

/** As what each is asked for at sign-in, beside what is asked for anyway. */
const enrolled = { totp: [], phone: ['phone_code'], webauthn: ['passkey'] } as const

/**
 * Better Auth (1.7) through the caller's own client. Second factor by authenticator app, e-mailed code or backup code, and by what else
 * can be enrolled; the server needs `twoFactor()`, and beside it `latchkey()`: alone, Better Auth asks for a second factor after a password
 * only. A reset ends with a sign-in by the new password.
 */
export function betterAuthAdapter(
  client: BetterAuthClient,
  {
    identifiers = ['email'],
    firstFactors = ['password'],
    enroll = ['totp'],
    managePassword = true,
  }: BetterAuthAdapterOptions = {},
): AuthAdapter {
  const connection = connect(client)
  const { read, post, changed } = connection
  return {
    name: 'better-auth',
    capabilities: {
      identifiers,
      firstFactors: firstFactors.map((strategy) => ({ strategy })),
      secondFactors: ['totp', 'email_code', 'backup_code', ...enroll.flatMap((type) => enrolled[type])],
      firstFactorsPerUser: false,
      enroll: enroll.map((type) => ({ type, many: type === 'webauthn' })),
      managePassword,
      survivesReload: 'browser',
      emailLink: 'opened_tab',
      trustDevice: true,
      signOutScopes: ['this', 'others', 'all'],
    },
    ...createSignIn(connection, firstFactors),
    mfa: mfaLater(
      async () => (await import('./later.js')).createEnrolling(connection, enroll, managePassword),
      enroll.includes('webauthn') ? ['rename', 'backupCodes'] : ['backupCodes'],
    ),
    session: {
      get: async (options) => (await read(options)).session,
      async signOut({ scope = 'this' } = {}) {
        await post(scope === 'this' ? '/sign-out' : `/revoke-${scope === 'all' ? '' : 'other-'}sessions`, {})
        changed()
      },
      // The client's store tells within its own call; of other tabs too. Its loading, its first look and its errors are no change.
      subscribe(listener) {
        let looked = false
        return client.$store.atoms.session.listen((now, before) => {
          const isFirst = !looked && !connection.changes && before?.isPending && !now.isPending
          looked ||= !now.isPending
          if (!isFirst && now.data !== before?.data) queueMicrotask(listener)
        })
      },
    },
  }
}
