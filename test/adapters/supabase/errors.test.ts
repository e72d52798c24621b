// @vitest-environment node
import { inspect } from 'node:util'
import { AuthClient } from '@supabase/auth-js'
import { beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { supabaseAdapter, type SupabaseAuth } from '../../../src/adapters/supabase/index.js'
import { isAuthError, type AuthErrorCode } from '../../../src/core/AuthError.js'
import { createStorage, refused } from './world.js'

type Answer = () => Response | Promise<Response>

/** An adapter on a real client whose every request is answered so. */
function answering(answer: Answer, throwOnError = false) {
  const fetch = async () => answer()
  const auth = new AuthClient({ url: 'http://auth.test', storage: createStorage(), autoRefreshToken: false, fetch, throwOnError })
  return supabaseAdapter(auth)
}

const api = { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01' }
const json =
  (status: number, body: unknown, headers: Record<string, string> = api) =>
  () =>
    new Response(JSON.stringify(body), { status, headers })
const html =
  (status: number, body = '<h1>Hello</h1>') =>
  () =>
    new Response(body, { status })
const ask = (answer: Answer, throwOnError = false) =>
  refused(answering(answer, throwOnError).signIn.create({ identifier: 'a@example.com', password: 'pw-sentinel' }))

// auth-js writes every request that fails to the console.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

it('takes any auth-js client as it is', () => {
  expectTypeOf<InstanceType<typeof AuthClient>>().toExtend<SupabaseAuth>()
})

const table: Record<string, [status: number, ours: AuthErrorCode, field?: string]> = {
  invalid_credentials: [400, 'invalid_credentials', 'password'],
  email_not_confirmed: [400, 'invalid_credentials', 'password'],
  phone_not_confirmed: [400, 'invalid_credentials', 'password'],
  current_password_invalid: [400, 'invalid_credentials', 'password'],
  user_banned: [400, 'blocked'],
  otp_expired: [403, 'code_incorrect_or_expired', 'code'],
  otp_disabled: [422, 'no_account'],
  signup_disabled: [422, 'no_account'],
  mfa_verification_failed: [422, 'code_incorrect', 'code'],
  mfa_challenge_expired: [422, 'code_expired', 'code'],
  mfa_ip_address_mismatch: [422, 'code_expired', 'code'],
  mfa_verification_rejected: [403, 'too_many_attempts'],
  reauthentication_not_valid: [422, 'code_incorrect', 'code'],
  over_request_rate_limit: [429, 'rate_limited'],
  over_email_send_rate_limit: [429, 'rate_limited'],
  over_sms_send_rate_limit: [429, 'rate_limited'],
  too_many_enrolled_mfa_factors: [422, 'factor_limit'],
  mfa_factor_name_conflict: [422, 'factor_name_taken', 'friendlyName'],
  mfa_factor_not_found: [404, 'factor_not_found'],
  mfa_verified_factor_exists: [422, 'factor_exists'],
  mfa_totp_enroll_not_enabled: [422, 'not_supported'],
  mfa_totp_verify_not_enabled: [422, 'not_supported'],
  mfa_phone_enroll_not_enabled: [422, 'not_supported'],
  mfa_phone_verify_not_enabled: [422, 'not_supported'],
  mfa_webauthn_enroll_not_enabled: [422, 'not_supported'],
  mfa_webauthn_verify_not_enabled: [422, 'not_supported'],
  weak_password: [422, 'password_weak', 'password'],
  same_password: [422, 'password_same', 'password'],
  reauthentication_needed: [400, 'step_up_required'],
  current_password_required: [400, 'step_up_required'],
  insufficient_aal: [403, 'step_up_required'],
  session_not_found: [403, 'session_lost'],
  session_expired: [403, 'session_lost'],
  refresh_token_not_found: [400, 'session_lost'],
  refresh_token_already_used: [400, 'session_lost'],
  bad_jwt: [403, 'session_lost'],
  no_authorization: [401, 'session_lost'],
  user_not_found: [403, 'session_lost'],
  captcha_failed: [400, 'captcha_failed'],
  sso_provider_not_found: [404, 'sso_not_found'],
  saml_idp_not_found: [404, 'sso_not_found'],
  flow_state_expired: [400, 'attempt_lost'],
  flow_state_not_found: [404, 'attempt_lost'],
  saml_relay_state_expired: [400, 'attempt_lost'],
  saml_relay_state_not_found: [404, 'attempt_lost'],
  bad_oauth_state: [400, 'attempt_lost'],
  web3_unsupported_chain: [400, 'not_supported'],
  bad_code_verifier: [400, 'link_other_device'],
  provider_disabled: [400, 'not_supported'],
  email_provider_disabled: [400, 'not_supported'],
  passkey_disabled: [404, 'not_supported'],
  webauthn_challenge_expired: [400, 'code_expired', 'code'],
  webauthn_challenge_not_found: [400, 'code_expired', 'code'],
  webauthn_verification_failed: [400, 'passkey_unknown'],
  webauthn_credential_exists: [422, 'factor_exists'],
  validation_failed: [400, 'identifier_invalid', 'identifier'],
  email_address_invalid: [400, 'identifier_invalid', 'identifier'],
  sms_send_failed: [400, 'send_failed'],
  email_address_not_authorized: [400, 'send_failed'],
  user_sso_managed: [422, 'not_supported'],
  identity_already_exists: [422, 'unknown'],
  conflict: [409, 'unknown'],
}

describe('HA-09 the closed list of errors', () => {
  it.each(Object.entries(table))('%s', async (code, [status, ours, field]) => {
    const error = await ask(json(status, { code, message: 'Their words' }))
    expect(isAuthError(error)).toBe(true)
    expect(error).toMatchObject({ code: ours, outcome: 'refused' })
    expect(error.field).toBe(field)
    expect(inspect(error, { depth: 5 })).not.toContain('Their words')
    expect(JSON.stringify(error)).not.toContain(String(status))
    expect((await ask(json(status, { code, message: 'x' }), true)).code).toBe(ours)
  })

  it.each(['__proto__', 'constructor', 'toString', 'unknown', 'locked', 'new_in_2030', '', 7, null, { a: 1 }])(
    'is generic for %j',
    async (code) => {
      expect(await ask(json(422, { code, message: 'x' }))).toMatchObject({ code: 'unknown', outcome: 'refused' })
      expect(await ask(json(429, { code, message: 'x' }))).toMatchObject({ code: 'rate_limited', outcome: 'refused' })
    },
  )

  it('reads the codes of older servers too', async () => {
    const older = json(403, { code: 403, error_code: 'otp_expired', msg: 'x' }, { 'content-type': 'application/json' })
    expect(await ask(older)).toMatchObject({ code: 'code_incorrect_or_expired' })
  })

  it('tells why a password is weak, and one from a leak apart', async () => {
    const weak = (...reasons: string[]) => ask(json(422, { code: 'weak_password', message: 'x', weak_password: { reasons } }))
    expect(await weak('length', 'pwned')).toMatchObject({ code: 'password_weak', reasons: ['length', 'pwned'] })
    expect(await weak('pwned')).toMatchObject({ code: 'password_pwned', field: 'password' })
  })

  it('finds the wait in the English text, where there is one', async () => {
    const wait = async (message: string) => (await ask(json(429, { code: 'over_email_send_rate_limit', message }))).retryInMs
    expect(await wait('For security purposes, you can only request this after 59 seconds.')).toBe(59_000)
    expect(await wait('Email rate limit exceeded')).toBeUndefined()
  })

  it('does not know what came of a request that was not answered, or not by Supabase', async () => {
    const lost: [string, Answer, AuthErrorCode][] = [
      ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'network'],
      ['500', json(500, { code: 'invalid_credentials', message: 'x' }), 'unavailable'],
      ['502 by a proxy', html(502), 'unavailable'],
      ['504', json(504, { code: 'request_timeout', message: 'x' }), 'unavailable'],
      ['a page instead of an error', html(403), 'unavailable'],
      ['a page', html(200), 'network'],
      ['an answer without a session', json(200, {}), 'unavailable'],
    ]
    for (const [what, answer, code] of lost) {
      for (const throws of [false, true]) expect(await ask(answer, throws), what).toMatchObject({ code, outcome: 'unknown' })
    }
  })

  it('HA-10 holds nothing of what was sent', async () => {
    const error = await ask(json(400, { code: 'validation_failed', message: 'no: pw-sentinel' }))
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('pw-sentinel')
  })
})
