// @vitest-environment node
import { ClerkRuntimeError, ClerkWebAuthnError } from '@clerk/shared/error'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SignInApi } from '../../../src/core/adapter.js'
import type { AuthErrorCode } from '../../../src/core/AuthError.js'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import type { UserRecord } from '../../servers/clerkStandInState.js'
import { browse, refused, signedIn } from './house.js'

let server: ClerkStandIn
let user: UserRecord
let signIn: SignInApi

beforeAll(async () => {
  server = await startClerkStandIn()
  user = server.addUser()
  signIn = (await browse(server)).signIn
})
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

const ask = (refusal: Refusal) => {
  server.refuse(/^POST \/client\/sign_ins$/, refusal)
  return refused(signIn.create({ identifier: user.email, password: 'pw-sentinel-1' }))
}

/** Every code that Clerk's pages and its client name, and what it is here. */
const table: Record<string, [status: number, ours: AuthErrorCode, field?: string]> = {
  form_identifier_not_found: [422, 'invalid_credentials', 'password'],
  form_password_incorrect: [422, 'invalid_credentials', 'password'],
  form_password_or_identifier_incorrect: [422, 'invalid_credentials', 'password'],
  form_code_incorrect: [422, 'code_incorrect', 'code'],
  form_param_format_invalid: [422, 'identifier_invalid', 'identifier'],
  form_param_nil: [422, 'identifier_invalid', 'identifier'],
  verification_expired: [400, 'code_expired', 'code'],
  verification_failed: [400, 'too_many_attempts'],
  verification_already_verified: [400, 'already_used', 'code'],
  too_many_requests: [429, 'rate_limited'],
  verification_code_too_many_requests: [429, 'rate_limited'],
  user_locked: [403, 'locked'],
  user_banned: [403, 'blocked'],
  user_deactivated: [403, 'blocked'],
  strategy_for_user_invalid: [422, 'factor_not_found'],
  no_second_factors: [422, 'factor_not_found'],
  resource_not_found: [404, 'attempt_lost'],
  resource_forbidden: [403, 'attempt_lost'],
  client_state_invalid: [400, 'attempt_lost'],
  sign_in_identification_or_user_deleted: [400, 'attempt_lost'],
  session_exists: [400, 'session_mismatch'],
  identifier_already_signed_in: [400, 'session_mismatch'],
  account_transfer_invalid: [400, 'no_account'],
  external_account_not_found: [422, 'no_account'],
  form_password_pwned: [422, 'password_pwned', 'password'],
  form_password_compromised: [422, 'password_pwned', 'password'],
  form_password_untrusted: [422, 'password_pwned', 'password'],
  form_password_length_too_short: [422, 'password_weak', 'password'],
  form_password_not_strong_enough: [422, 'password_weak', 'password'],
  form_password_validation_failed: [422, 'password_weak', 'password'],
  form_new_password_matches_current: [422, 'password_same', 'password'],
  form_identifier_exists: [422, 'factor_exists'],
  oauth_access_denied: [400, 'redirect_denied'],
  not_allowed_access: [403, 'blocked'],
  captcha_invalid: [400, 'captcha_failed'],
  captcha_not_enabled: [400, 'captcha_failed'],
  captcha_missing_token: [400, 'captcha_required'],
  device_blocked: [403, 'blocked'],
  action_blocked: [403, 'blocked'],
  protect_check_required: [403, 'not_supported'],
  protect_check_timed_out: [403, 'not_supported'],
  enterprise_sso_user_attribute_missing: [422, 'sso_not_found'],
  saml_connection_not_found: [404, 'sso_not_found'],
  session_reverification_required: [403, 'step_up_required'],
  authentication_invalid: [401, 'session_lost'],
  passkey_authentication_failure: [422, 'passkey_unknown'],
}

describe('HA-09 the closed list of errors', () => {
  it.each(Object.entries(table))('%s', async (code, [status, ours, field]) => {
    const error = await ask(new Refusal(status, code))
    expect(error).toMatchObject({ code: ours, outcome: 'refused' })
    expect(error.field).toBe(field)
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('Their')
    expect(error.cause).toContain(`${code} Their words`)
  })

  it.each(['__proto__', 'constructor', 'new_in_clerk_7', ''])('is generic for %j', async (code) => {
    expect(await ask(new Refusal(400, code))).toMatchObject({ code: 'unknown', outcome: 'refused' })
  })

  it.each([
    ['code', 'code_incorrect', 'code'],
    ['password', 'password_weak', 'password'],
    ['new_password', 'password_weak', 'password'],
    ['identifier', 'identifier_invalid', 'identifier'],
    ['__proto__', 'identifier_invalid', 'identifier'],
  ] as const)('reads a refused form by its parameter %s', async (param, code, field) => {
    expect(await ask(new Refusal(422, 'form_param_format_invalid', param))).toMatchObject({ code, field })
  })

  it('gives the reasons why a password is weak, and none of their words', async () => {
    const refusal = new Refusal(422, 'form_password_not_strong_enough', 'password')
    refusal.error.meta = { zxcvbn: { suggestions: [{ code: 'anotherWord', message: 'Their words' }] } }
    const error = await ask(refusal)
    expect(error).toMatchObject({ code: 'password_weak', reasons: ['anotherWord'] })
  })

  it('reads the wait of a 429, and none where Clerk’s client is told none', async () => {
    expect((await ask(new Refusal(429, 'too_many_requests', undefined, { 'retry-after': '30' }))).retryInMs).toBe(30_000)
    expect((await ask(new Refusal(429, 'too_many_requests'))).retryInMs).toBeUndefined()
    // Clerk's client passes on a few members of `meta` only; how long a lock lasts is not among them.
    const locked = new Refusal(403, 'user_locked')
    Reflect.set(locked.error, 'meta', { lockout_expires_in_seconds: 1800 })
    expect((await ask(locked)).retryInMs).toBeUndefined()
  })

  it('does not know what came of a 5xx', async () => {
    for (const status of [500, 502, 503]) {
      expect(await ask(new Refusal(status, 'form_code_incorrect'))).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    }
  })

  it('HA-10 does not quote what was sent', async () => {
    const error = await ask(new Refusal(422, 'pw-sentinel-1'))
    expect(error.cause).toBe(422)
    expect(JSON.stringify(error)).not.toContain('sentinel')
  })

  it('is an error by its members: the names of Clerk’s classes are minified', async () => {
    const { browser } = await browse(server)
    server.refuse(/^POST/, new Refusal(422, 'form_code_incorrect'))
    const thrown = await browser.clerk.client?.signIn.create({ identifier: 'x' }).catch((error: Error) => error)
    expect((thrown as Error).constructor.name).not.toContain('Clerk')
  })
})

/** What Clerk's client throws by itself. Of links that it opens and of wallets that it asks it throws more; the adapter has it do neither. */
const ofClient: Record<string, [ours: AuthErrorCode, outcome: 'refused' | 'unknown']> = {
  network_error: ['network', 'unknown'],
  factor_not_found: ['factor_not_found', 'refused'],
  captcha_unavailable: ['captcha_failed', 'refused'],
  captcha_client_attempts_exceeded: ['captcha_failed', 'refused'],
  reverification_cancelled: ['cancelled', 'refused'],
  protect_check_required: ['not_supported', 'refused'],
}
const ofPasskeys: Record<string, AuthErrorCode> = {
  passkey_not_supported: 'not_supported',
  passkey_pa_not_supported: 'not_supported',
  passkey_already_exists: 'factor_exists',
  passkey_retrieval_cancelled: 'cancelled',
  passkey_registration_cancelled: 'cancelled',
  passkey_operation_aborted: 'cancelled',
  passkey_retrieval_failed: 'passkey_unknown',
  passkey_registration_failed: 'passkey_unknown',
}

describe('HA-09 what Clerk’s client throws without an answer', () => {
  it.each(Object.entries(ofClient))('%s', async (code, [ours, outcome]) => {
    const { browser, signIn: asking } = await browse(server)
    const theirs = browser.clerk.client?.signIn ?? expect.unreachable()
    theirs.create = async () => {
      throw new ClerkRuntimeError('Their words', { code })
    }
    const error = await refused(asking.create({ identifier: user.email }))
    expect(error).toMatchObject({ code: ours, outcome })
    expect(`${error.message}${String(error.cause)}`).not.toContain('Their')
  })

  it.each(Object.entries(ofPasskeys))('%s', async (code, ours) => {
    const { browser, mfa } = await signedIn(server, server.addUser())
    const theirs = browser.clerk.user ?? expect.unreachable()
    theirs.createPasskey = async () => {
      throw new ClerkWebAuthnError('Their words', { code: code as 'passkey_not_supported' })
    }
    const error = await refused(mfa.enroll({ type: 'webauthn' }))
    expect(error).toMatchObject({ code: ours, outcome: 'refused', cause: code })
    expect(error.message).not.toContain('Their')
  })
})

describe('a session that Clerk drops', () => {
  it('is lost with the 401, for the adapter as for Clerk’s client', async () => {
    const { session, mfa, browser, first } = await signedIn(server, server.addUser())
    const mine = server.clients.find(({ sessions }) => sessions.some(({ id }) => id === first.id))
    if (mine) mine.sessions = []
    expect(await refused(mfa.enroll({ type: 'totp' }))).toMatchObject({ code: 'session_lost', outcome: 'refused' })
    expect(browser.clerk.session).toBeNull()
    expect(await session.get({ fresh: true })).toBeNull()
  })
})
