import { Secret, TOTP } from 'otpauth'
import { clerkAdapter, type ClerkAdapterOptions } from '../../../src/adapters/clerk/index.js'
import { isAuthError, type AuthError } from '../../../src/core/AuthError.js'
import { openClerk, type ClerkBrowser } from '../../servers/clerkBrowser.js'
import type { ClerkStandIn } from '../../servers/clerkStandIn.js'
import type { UserRecord } from '../../servers/clerkStandInState.js'

export const everything = {
  identifiers: ['email', 'phone'],
  firstFactors: [
    'password',
    'email_code',
    'email_link',
    'phone_code',
    'passkey',
    'oauth_google',
    'enterprise_sso',
    'web3_metamask_signature',
    'web3_coinbase_wallet_signature',
    'web3_okx_wallet_signature',
    'web3_solana_signature',
    'reset_password_email_code',
    'reset_password_phone_code',
  ],
  secondFactors: ['totp', 'phone_code', 'email_code', 'email_link', 'backup_code', 'passkey'],
  enroll: ['totp', 'phone', 'webauthn'],
} as const satisfies ClerkAdapterOptions

export const redirectUrl = 'http://localhost/callback'

export async function browse(server: ClerkStandIn, options: ClerkAdapterOptions = everything) {
  const browser = await openClerk(server.url)
  return { browser, ...adapterOf(browser, options) }
}

export function adapterOf(browser: ClerkBrowser, options: ClerkAdapterOptions = everything) {
  const adapter = clerkAdapter(browser.clerk, options)
  const { mfa, stepUp, signIn } = adapter
  if (!mfa || !stepUp || !signIn.resetPassword) throw new Error('The adapter has lost a part.')
  return { adapter, signIn, session: adapter.session, mfa, stepUp }
}

export async function signedIn(server: ClerkStandIn, user: UserRecord) {
  const house = await browse(server)
  const { signIn } = house
  let attempt = await signIn.create({ identifier: user.email, password: user.password })
  if (attempt.status === 'needs_second_factor' && user.totp)
    attempt = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totpOf(server, user.totp.secret) })
  return { ...house, first: await signIn.finish(attempt) }
}

/** What an authenticator app shows now; time is moved on, so that no code comes twice. */
export function totpOf(server: ClerkStandIn, secret: string): string {
  server.advance(30_000)
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.now() })
}

export function withTotp(server: ClerkStandIn, more: Partial<UserRecord> = {}): UserRecord {
  const totp = { id: 'totp_1', secret: new Secret({ size: 20 }).base32, verified: true, lastStep: 0 }
  return server.addUser({ totp, backupCodes: new Set(['abcd1234', 'efgh5678']), ...more })
}

export async function refused(promise: Promise<unknown>): Promise<AuthError> {
  const thrown = await promise.then(
    () => new Error('It was not refused.'),
    (error: unknown) => error,
  )
  if (!isAuthError(thrown)) throw thrown
  return thrown
}
