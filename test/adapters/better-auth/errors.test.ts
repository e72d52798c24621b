// @vitest-environment node
import { inspect } from 'node:util'
import { createAuthClient } from 'better-auth/client'
import { describe, expect, it } from 'vitest'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import { isAuthError, type AuthError, type AuthErrorCode } from '../../../src/core/AuthError.js'

type Answer = () => Response | Promise<Response>

/** An adapter on a real client whose every request is answered so. */
function answering(answer: Answer) {
  const fault = { answer }
  const client = createAuthClient({
    baseURL: 'http://auth.test/api/auth',
    fetchOptions: { customFetchImpl: async () => fault.answer() },
  })
  return { fault, ...betterAuthAdapter(client, { firstFactors: ['password', 'email_code'] }) }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const html =
  (status: number, body = '<h1>Hello</h1>') =>
  () =>
    new Response(body, { status, headers: { 'content-type': 'text/html' } })
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )
const ask = (answer: Answer) => refused(answering(answer).signIn.create({ identifier: 'a@example.com', password: 'pw-sentinel' }))

/** Every code that Better Auth 1.7.25 was seen to answer with, and what it is here. */
const table: Record<string, [status: number, ours: AuthErrorCode, field?: string]> = {
  INVALID_EMAIL_OR_PASSWORD: [401, 'invalid_credentials', 'password'],
  INVALID_PASSWORD: [400, 'invalid_credentials', 'password'],
  EMAIL_NOT_VERIFIED: [403, 'invalid_credentials', 'password'],
  INVALID_EMAIL: [400, 'identifier_invalid', 'identifier'],
  VALIDATION_ERROR: [400, 'identifier_invalid', 'identifier'],
  INVALID_PHONE_NUMBER: [400, 'identifier_invalid', 'identifier'],
  INVALID_CODE: [401, 'code_incorrect', 'code'],
  INVALID_OTP: [400, 'code_incorrect', 'code'],
  INVALID_BACKUP_CODE: [401, 'code_incorrect', 'code'],
  INVALID_TOKEN: [400, 'code_incorrect', 'code'],
  OTP_HAS_EXPIRED: [400, 'code_expired', 'code'],
  OTP_EXPIRED: [400, 'code_expired', 'code'],
  OTP_NOT_FOUND: [400, 'code_expired', 'code'],
  TOTP_ALREADY_USED: [401, 'already_used', 'code'],
  INVALID_TWO_FACTOR_COOKIE: [401, 'attempt_lost'],
  CHALLENGE_NOT_FOUND: [400, 'code_expired', 'code'],
  UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE: [401, 'code_expired', 'code'],
  UNAUTHORIZED_SIWE_MESSAGE_MISMATCH: [401, 'invalid_credentials', 'password'],
  UNAUTHORIZED_SIWE_MESSAGE_EXPIRED: [401, 'code_expired', 'code'],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: [400, 'too_many_attempts'],
  TOO_MANY_ATTEMPTS: [403, 'too_many_attempts'],
  ACCOUNT_TEMPORARILY_LOCKED: [429, 'locked'],
  TOTP_NOT_ENABLED: [400, 'factor_not_found'],
  TOTP_NOT_CONFIGURED: [400, 'factor_not_found'],
  OTP_NOT_ENABLED: [400, 'factor_not_found'],
  OTP_NOT_CONFIGURED: [400, 'factor_not_found'],
  TWO_FACTOR_NOT_ENABLED: [400, 'factor_not_found'],
  BACKUP_CODES_NOT_ENABLED: [400, 'factor_not_found'],
  TOTP_ALREADY_ENABLED: [400, 'factor_exists'],
  SESSION_NOT_FRESH: [403, 'step_up_required'],
  STEP_UP_REQUIRED: [403, 'step_up_required'],
  UNAUTHORIZED: [401, 'session_lost'],
  PASSWORD_TOO_SHORT: [400, 'password_weak', 'password'],
  PASSWORD_TOO_LONG: [400, 'password_weak', 'password'],
  PASSKEY_NOT_FOUND: [401, 'passkey_unknown'],
  AUTHENTICATION_FAILED: [400, 'passkey_unknown'],
  PROVIDER_NOT_FOUND: [404, 'sso_not_found'],
  INVALID_ORIGIN: [403, 'unknown'],
  BAD_REQUEST: [400, 'unknown'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: [422, 'unknown'],
  FAILED_TO_VERIFY_REGISTRATION: [400, 'unknown'],
}

describe('HA-09 the closed list of errors', () => {
  it.each(Object.entries(table))('%s', async (code, [status, ours, field]) => {
    const error = await ask(json(status, { code, message: 'Their words' }))
    expect(isAuthError(error)).toBe(true)
    expect(error).toMatchObject({ code: ours, outcome: 'refused' })
    expect(error.field).toBe(field)
    expect(error.message).not.toContain('Their words')
    expect(error.cause).toContain(`${code} Their words`)
    expect(JSON.stringify(error)).not.toContain('Their words')
  })

  it.each(['__proto__', 'constructor', 'toString', 'unknown', 'locked', 'NEW_IN_BETTER_AUTH_2', '', 7, null, { a: 1 }])(
    'is generic for %j',
    async (code) => {
      expect(await ask(json(400, { code }))).toMatchObject({ code: 'unknown', outcome: 'refused' })
      expect(await ask(json(429, { code }))).toMatchObject({ code: 'rate_limited', outcome: 'refused' })
    },
  )

  it('reads the wait in seconds or as a date, from either header', async () => {
    const waitOf = async (headers: Record<string, string>) => (await ask(json(429, {}, headers))).retryInMs
    expect(await waitOf({ 'X-Retry-After': '9' })).toBe(9000)
    expect(await waitOf({ 'Retry-After': '30' })).toBe(30_000)
    const date = { Date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Sun, 06 Nov 1994 08:50:37 GMT' }
    expect(await waitOf(date)).toBe(60_000)
    expect(await waitOf({})).toBeUndefined()
    expect(await waitOf({ 'X-Retry-After': 'soon' })).toBeUndefined()
  })

  it('does not know what came of a request that was not answered, or not by Better Auth', async () => {
    const lost: [string, Answer, AuthErrorCode][] = [
      ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'network'],
      ['aborted', () => Promise.reject(new DOMException('aborted', 'AbortError')), 'network'],
      ['500', json(500, { code: 'INVALID_CODE' }), 'unavailable'],
      ['502 by a proxy', html(502), 'unavailable'],
      ['503', json(503, {}), 'unavailable'],
      ['a page', html(200), 'unavailable'],
      ['nothing', html(200, ''), 'unavailable'],
      ['half an answer', html(200, '{"token":"tok","user":{"id":"u'), 'unavailable'],
      ['null', json(200, null), 'unavailable'],
      ['a number', json(200, 1), 'unavailable'],
      ['a list', json(200, []), 'unavailable'],
      ['an empty object', json(200, {}), 'unavailable'],
      ['no user', json(200, { token: 't', user: null }), 'unavailable'],
      ['a user without id', json(200, { token: 't', user: {} }), 'unavailable'],
    ]
    for (const [name, answer, code] of lost) {
      expect(await ask(answer), name).toMatchObject({ code, outcome: 'unknown' })
    }
  })

  it('takes a body cut in the middle for no answer', async () => {
    const cut = () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode('{"token":'))
            controller.error(new TypeError('terminated'))
          },
        }),
        { headers: { 'content-type': 'application/json' } },
      )
    expect(await ask(cut)).toMatchObject({ code: 'network', outcome: 'unknown' })
  })

  it('aborts with the caller’s signal', async () => {
    let signal: AbortSignal | null | undefined
    const client = createAuthClient({
      baseURL: 'http://auth.test/api/auth',
      fetchOptions: {
        customFetchImpl: (_input: unknown, init?: RequestInit) => {
          signal = init?.signal
          return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('gone'))))
        },
      },
    })
    const controller = new AbortController()
    const asked = refused(betterAuthAdapter(client).session.get({ signal: controller.signal }))
    await new Promise((resolve) => setTimeout(resolve))
    expect(signal?.aborted).toBe(false)
    controller.abort()
    expect(await asked).toMatchObject({ code: 'network', outcome: 'unknown' })
  })

  it('HA-08 asks once, whatever the host’s client is set to', async () => {
    let asked = 0
    const client = createAuthClient({
      baseURL: 'http://auth.test/api/auth',
      fetchOptions: { customFetchImpl: () => Promise.resolve((asked++, html(503)())), retry: 3, throw: true },
    })
    const { signIn } = betterAuthAdapter(client)
    const error = await refused(signIn.create({ identifier: 'a@example.com', password: 'x' }))
    expect(error).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    expect(asked).toBe(1)
  })
})

const secrets = {
  password: 'pw-sentinel-1',
  code: '864209',
  backup: 'bAcKu-pSeNt',
  token: 'tok-sentinel-2',
  totp: 'SENTINELSECRET22',
}
const uri = `otpauth://totp/x?secret=${secrets.totp}&issuer=x`
const challenge = { id: 'c' }
const secondFactors = ['totp', 'email_code', 'backup_code'].map((id) => ({ id, strategy: id }))
const session = { id: 's', user: { id: 'u', label: 'a@example.com' }, currentLevel: 'aal1', nextLevel: 'aal2', methods: [] }
const signedInState = json(200, { session, attempt: null, secondFactors, factors: [] })
const challengeState = json(200, { session: null, attempt: challenge, secondFactors })

/** Every method that is given a secret or answers with one, up to the moment before its call. */
const methods: Record<string, (a: ReturnType<typeof answering>) => Promise<() => Promise<unknown>>> = {
  'signIn.create': ({ signIn }) =>
    Promise.resolve(() => signIn.create({ identifier: 'a@example.com', password: secrets.password })),
  'signIn.attemptFirstFactor by password': async ({ signIn }) => {
    const attempt = await signIn.create({ identifier: 'a@example.com' })
    return () => signIn.attemptFirstFactor(attempt, { factorId: 'password', password: secrets.password })
  },
  'signIn.attemptFirstFactor by code': async ({ signIn }) => {
    const attempt = await signIn.create({ identifier: 'a@example.com' })
    return () => signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code: secrets.code })
  },
  'signIn.prepareFirstFactor': async ({ signIn }) => {
    const attempt = await signIn.create({ identifier: 'a@example.com' })
    return () => signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
  },
  ...Object.fromEntries(
    (
      [
        ['totp', secrets.code],
        ['email_code', secrets.code],
        ['backup_code', secrets.backup],
      ] as const
    ).map(([factorId, code]) => [
      `signIn.attemptSecondFactor by ${factorId}`,
      async ({ fault, signIn }: ReturnType<typeof answering>) => {
        fault.answer = challengeState
        const { attempt } = await signIn.resume({})
        return () => signIn.attemptSecondFactor(attempt ?? expect.unreachable(), { factorId, code, trustDevice: true })
      },
    ]),
  ),
  'signIn.prepareSecondFactor, reload and cancel': async ({ fault, signIn }) => {
    fault.answer = challengeState
    const { attempt } = await signIn.resume({})
    if (!attempt) return expect.unreachable()
    return async () => {
      const outcomes = await Promise.allSettled([
        signIn.prepareSecondFactor(attempt, { factorId: 'email_code' }),
        signIn.reload(attempt),
        signIn.finish(attempt),
        signIn.resume({}),
      ])
      await signIn.cancel(attempt)
      throw outcomes.find((outcome): outcome is PromiseRejectedResult => outcome.status === 'rejected')?.reason as Error
    }
  },
  'mfa.enroll': ({ mfa }) => Promise.resolve(() => mfa!.enroll({ type: 'totp', password: secrets.password })),
  'mfa.verify': async ({ fault, mfa }) => {
    fault.answer = json(200, { totpURI: uri, backupCodes: [secrets.backup] })
    const enrollment = await mfa!.enroll({ type: 'totp', password: secrets.password })
    if (enrollment.status !== 'pending') return expect.unreachable()
    return () => mfa!.verify({ enrollmentId: enrollment.id, code: secrets.code })
  },
  'mfa.unenroll': ({ mfa }) => Promise.resolve(() => mfa!.unenroll({ factorId: 'totp', password: secrets.password })),
  'mfa.backupCodes.generate': ({ mfa }) => Promise.resolve(() => mfa!.backupCodes!.generate({ password: secrets.password })),
  'mfa.listFactors': ({ mfa }) => Promise.resolve(() => mfa!.listFactors()),
  'stepUp.create': ({ stepUp }) => Promise.resolve(() => stepUp!.create({ level: 'second_factor' })),
  'session.get': ({ session: api }) => Promise.resolve(() => api.get()),
  'session.signOut': ({ session: api }) => Promise.resolve(() => api.signOut()),
}

const everySecret = Object.values(secrets).join(' ')
/** Servers and networks that say what they should keep. */
const leaks: Record<string, Answer> = {
  'a network error that quotes': () => Promise.reject(new TypeError(`fetch failed: ${everySecret}`)),
  'a refusal that quotes': json(400, { code: 'INVALID_CODE', message: `wrong: ${everySecret}` }),
  'a code that quotes': json(400, { code: everySecret }),
  'an error page that quotes': html(500, everySecret),
  'a page that quotes': html(200, everySecret),
  'half an answer': html(200, `{"token":"${secrets.token}","totpURI":"${uri}","backupCodes":["${secrets.backup}"`),
  'an answer of another kind': json(200, { token: secrets.token, hello: everySecret }),
}

describe('HA-10 no error holds a password, code, secret, URI or token', () => {
  for (const [name, before] of Object.entries(methods)) {
    it.each(Object.entries(leaks))(`${name}: %s`, async (_leak, answer) => {
      const adapter = answering(() => expect.unreachable())
      const call = await before(adapter)
      adapter.fault.answer = answer
      const thrown = await refused(call())
      const text = `${inspect(thrown, { depth: 9, showHidden: true })} ${thrown.stack} ${JSON.stringify(thrown)}`
      // What was not sent may be quoted by a refusal's own words, but by nothing else.
      const sent = /refusal|code/.test(_leak) ? sentBy(name) : Object.values(secrets)
      for (const secret of sent) expect(text).not.toContain(secret)
    })
  }

  it('reports what it was asked to report', async () => {
    const error = await ask(json(400, { code: 'INVALID_CODE', message: 'Their words' }))
    expect(inspect(error, { showHidden: true })).toContain('Their words')
  })
})

function sentBy(method: string): string[] {
  if (/create$|password|enroll|generate/.test(method) && !method.startsWith('stepUp')) return [secrets.password]
  if (method.endsWith('backup_code')) return [secrets.backup]
  return /attempt|verify/.test(method) ? [secrets.code] : []
}

describe('an attempt, as it is handed out', () => {
  it('HA-11 holds no password, code or token', async () => {
    const adapter = answering(json(200, { token: secrets.token, user: { id: 'u', email: 'a@example.com' } }))
    const attempt = await adapter.signIn.create({ identifier: 'a@example.com', password: secrets.password })
    adapter.fault.answer = signedInState
    const finished = await adapter.signIn.finish(attempt)
    const text = inspect([attempt, finished], { depth: 9, showHidden: true })
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
  })
})
