// @vitest-environment node
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { httpAdapter, type HttpAdapterOptions, type HttpOffer } from '../../../src/adapters/http/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { AuthError, AuthErrorCode } from '../../../src/core/AuthError.js'
import { everyVerb } from '../../server/everyVerb.js'
import { attempt, scriptedAdapter, session } from '../../support/scriptedAdapter.js'

const offer: HttpOffer = {
  capabilities: scriptedAdapter().adapter.capabilities,
  verbs: everyVerb.map(({ path }) => path),
  stepUpLevels: ['second_factor'],
}

type Answer = () => Response | Promise<Response>

function answering(answer: Answer, options: Partial<HttpAdapterOptions> = {}) {
  const asked: { url: string; init: RequestInit; headers: Headers }[] = []
  const adapter = httpAdapter({
    url: 'https://app.example/api/auth',
    offer,
    ...options,
    fetch: async (input, init = {}) => {
      asked.push({ url: input instanceof Request ? input.url : String(input), init, headers: new Headers(init.headers) })
      return answer()
    },
  })
  return { asked, adapter }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const html =
  (status: number, body = '<h1>Hello</h1>', headers: Record<string, string> = {}) =>
  () =>
    new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )
const create = ({ signIn }: AuthAdapter) => signIn.create({ identifier: 'a@example.com', password: 'pw-sentinel' })

describe('a request', () => {
  it('HA-08 is JSON, keeps cookies to its own origin, follows no redirect and no cache', async () => {
    const { adapter, asked } = answering(json(200, { attempt: attempt() }))
    await adapter.signIn.create({ identifier: 'a' }, { captchaToken: 'cap' })
    const [{ url, init, headers } = expect.unreachable()] = asked
    expect(url).toBe('https://app.example/api/auth/sign-in/create')
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', redirect: 'error', cache: 'no-store' })
    expect(Object.fromEntries(headers)).toEqual({ accept: 'application/json', 'content-type': 'application/json' })
    expect(init.body).toBe('{"identifier":"a","captchaToken":"cap"}')
  })

  it('takes the host’s headers, asked anew each time', async () => {
    let count = 0
    const { adapter, asked } = answering(json(200, { session: null }), { headers: () => ({ 'x-csrf': String(++count) }) })
    await adapter.session.get()
    await adapter.session.get({ fresh: true })
    expect(asked.map(({ headers }) => headers.get('x-csrf'))).toEqual(['1', '2'])
    expect(asked.map(({ url }) => url.split('/auth/')[1])).toEqual(['session/get', 'session/get?fresh=true'])
    const fixed = answering(json(200, { session: null }), { headers: { 'x-app': 'a' }, url: 'https://app.example/api/auth/' })
    await fixed.adapter.session.get()
    expect(fixed.asked[0]?.headers.get('x-app')).toBe('a')
    expect(fixed.asked[0]?.url).toBe('https://app.example/api/auth/session/get')
  })

  it('goes through the page’s fetch of that moment where none is given', async () => {
    const { fetch: before } = globalThis
    const { adapter } = { adapter: httpAdapter({ url: '/api/auth', offer }) }
    try {
      globalThis.fetch = () => Promise.resolve(json(200, { session: null })())
      expect(await adapter.session.get()).toBeNull()
    } finally {
      globalThis.fetch = before
    }
  })

  it('HA-08 is sent once, whatever comes of it', async () => {
    for (const answer of [json(500, {}), json(503, {}), json(429, {}), html(200), () => Promise.reject(new TypeError('x'))]) {
      for (const { call } of everyVerb) {
        const { adapter, asked } = answering(answer)
        await refusal(call(adapter))
        expect(asked).toHaveLength(1)
      }
    }
  })
})

describe('HA-09 an answer that is none', () => {
  const lost: [string, Answer, AuthErrorCode][] = [
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'network'],
    ['aborted', () => Promise.reject(new DOMException('aborted', 'AbortError')), 'network'],
    ['500', json(500, { error: { code: 'unknown', outcome: 'unknown' } }), 'unavailable'],
    ['502 by a proxy', html(502), 'unavailable'],
    ['a page', html(200), 'unavailable'],
    ['nothing', html(200, ''), 'unavailable'],
    ['null', json(200, null), 'unavailable'],
    ['a number', json(200, 1), 'unavailable'],
    ['a list', json(200, []), 'unavailable'],
    ['an empty object', json(200, {}), 'unavailable'],
    ['another object', json(200, { ok: true, user: { id: 'u' } }), 'unavailable'],
    ['half an object', html(200, '{"attempt":{"id":"a"'), 'unavailable'],
    [
      'members of the wrong kind',
      json(200, { attempt: 1, session: 1, factor: 1, factors: 1, backupCodes: 1, enrollment: 1, done: 1, id: 1 }),
      'unavailable',
    ],
    [
      'members without an id',
      json(200, { attempt: {}, session: { user: {} }, factor: {}, enrollment: { status: 'pending' }, done: false }),
      'unavailable',
    ],
  ]

  for (const [name, answer, code] of lost) {
    it.each(everyVerb)(`$path: ${name}`, async ({ call }) => {
      expect(await refusal(call(answering(answer).adapter))).toMatchObject({ name: 'AuthError', code, outcome: 'unknown' })
    })
  }

  it.each(lost)('leaves the capabilities unknown: %s', async (_name, answer, code) => {
    const asked = httpAdapter({ url: 'https://app.example/api/auth', fetch: async () => answer() })
    expect(await refusal(asked)).toMatchObject({ name: 'AuthError', code, outcome: 'unknown' })
  })

  it('finish takes no session whose person is not signed in', async () => {
    const { adapter } = answering(json(200, { session: session({ pending: 'second_factor' }) }))
    expect(await refusal(adapter.signIn.finish({ id: 'a' }))).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  })

  it('verify takes no attempt that is half one', async () => {
    const factor = { id: 'f', strategy: 'totp', status: 'verified', removable: true }
    const { adapter } = answering(json(200, { factor, attempt: { id: 'a' } }))
    expect(await refusal(adapter.mfa!.verify({ enrollmentId: 'e', code: '1' }))).toMatchObject({ outcome: 'unknown' })
  })
})

describe('what is newer than this adapter', () => {
  it('a status is unsupported, with its key', async () => {
    const { adapter } = answering(json(200, { attempt: { ...attempt(), status: 'needs_horoscope' } }))
    expect(await create(adapter)).toMatchObject({ id: 'attempt_1', status: 'unsupported', detail: 'needs_horoscope' })
  })

  it.each(['__proto__', 'constructor', 'NEW', '', 7, null, { a: 1 }])('the code %j is generic', async (code) => {
    const answer = (status: number) => json(status, { error: { code, outcome: 'refused' } })
    expect(await refusal(create(answering(answer(400)).adapter))).toMatchObject({ code: 'unknown', outcome: 'refused' })
    expect(await refusal(create(answering(answer(429)).adapter))).toMatchObject({ code: 'rate_limited', outcome: 'refused' })
  })
})

describe('a refusal that is not the protocol’s', () => {
  it('is read by its status and headers', async () => {
    const from = (answer: Answer) => refusal(create(answering(answer).adapter))
    expect(await from(html(403))).toMatchObject({ code: 'unknown', outcome: 'refused' })
    expect(await from(html(404))).toMatchObject({ code: 'not_supported', outcome: 'refused' })
    expect(await from(html(429, 'slow', { 'retry-after': '30' }))).toMatchObject({ code: 'rate_limited', retryInMs: 30_000 })
    const odd = { code: 'code_incorrect', outcome: 7, retryInMs: 'soon', attemptsLeft: null, reasons: 'many', attempt: { id: 1 } }
    const error = await from(json(400, { error: odd }))
    expect(error).toMatchObject({ code: 'code_incorrect', outcome: 'refused' })
    for (const member of ['retryInMs', 'attemptsLeft', 'reasons', 'attempt'] as const) expect(error[member]).toBeUndefined()
  })

  it('whose outcome is unknown stays unknown, whatever its status', async () => {
    const { adapter } = answering(json(409, { error: { code: 'send_failed', outcome: 'unknown' } }))
    expect(await refusal(create(adapter))).toMatchObject({ code: 'send_failed', outcome: 'unknown' })
  })
})

describe('HA-10 no error holds a password, code, secret or token', () => {
  const secrets = ['pw-sentinel', '864209', 'tok-sentinel', 'SENTINELSECRET22']
  const all = secrets.join(' ')
  const leaks: [string, Answer][] = [
    ['a network error that quotes', () => Promise.reject(new TypeError(all))],
    ['a page that quotes', html(200, all)],
    ['an error page that quotes', html(500, all)],
    ['a refusal that quotes', json(400, { error: { code: all, problem: all, message: all } })],
    ['half an answer', html(200, `{"token":"${all}"`)],
    ['another answer', json(200, { token: all })],
  ]
  it.each(leaks)('%s', async (_name, answer) => {
    const { adapter } = answering(answer)
    const calls = [
      create(adapter),
      adapter.signIn.attemptSecondFactor({ id: 'a' }, { factorId: 'f', code: '864209' }),
      adapter.mfa!.unenroll({ factorId: 'f', password: 'pw-sentinel' }),
    ]
    for (const call of calls) {
      const error = await refusal(call)
      const text = `${inspect(error, { depth: 9, showHidden: true })} ${error.stack} ${JSON.stringify(error)}`
      expect(text).not.toContain('pw-sentinel')
      expect(text).not.toContain('864209')
    }
  })
})
