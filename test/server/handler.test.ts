// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { AuthError } from '../../src/core/AuthError.js'
import type { Json } from '../../src/core/json.js'
import type { RequestContext } from '../../src/core/serverAdapter.js'
import { createAuthHandler, type AuthHandlerOptions } from '../../src/server/index.js'
import { attempt, enrollment, scriptedAdapter, sentinels, session, verified, type Verb } from '../support/scriptedAdapter.js'

const secret = 'only-for-tests-0123456789abcdefghijklmnop'
const other = 'another-secret-0123456789abcdefghijklmnop'
const minute = 60_000

interface Page {
  readonly origin?: string
  readonly cookie?: string
  readonly headers?: Record<string, string>
  readonly body?: object
}

/** A handler whose every `sign-in/create` does as `act` says. */
function handling(act: (context: RequestContext) => unknown, options: Partial<AuthHandlerOptions> = {}) {
  const handler = createAuthHandler({
    secret,
    ...options,
    adapter: (context) =>
      scriptedAdapter({
        answers: {
          'signIn.create': () => {
            act(context)
            return attempt()
          },
        },
      }).adapter,
  })
  return async ({ origin = 'https://app.example', cookie, headers, body }: Page = {}) => {
    const response = await handler(
      new Request('https://app.example/api/auth/sign-in/create', {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json', ...(cookie && { cookie }), ...headers },
        body: JSON.stringify(body ?? { identifier: 'ada@example.com' }),
      }),
      { ip: '192.0.2.1' },
    )
    const lines = response.headers.getSetCookie()
    return { response, lines, cookie: lines.map((line) => line.split(';')[0]).join('; ') }
  }
}

/** What a request with that cookie finds in its cells. */
async function reading(cookie: string, options: Partial<AuthHandlerOptions> = {}): Promise<{ attempt: Json; session: Json }> {
  let found: { attempt: Json; session: Json } | undefined
  await handling((context) => (found = { attempt: context.attempt.read(), session: context.session.read() }), options)({ cookie })
  return found ?? expect.unreachable()
}

const writing =
  (value: Json, ttlMs?: number, cell: 'attempt' | 'session' = 'attempt') =>
  (context: RequestContext) =>
    context[cell].write(value, ttlMs)

describe('the request, as the adapter sees it', () => {
  it('has its headers, the address and two cells that are empty at first', async () => {
    let seen: unknown[] = []
    await handling(({ header, ip, attempt: one, session: two }) => {
      seen = [header('X-Test'), header('x-none'), ip, one.read(), two.read()]
    })({ headers: { 'x-test': 'yes' } })
    expect(seen).toEqual(['yes', null, '192.0.2.1', null, null])
  })

  it('takes the address from the host’s own function where there is one', async () => {
    let address: string | undefined
    const ip = (request: Request) => request.headers.get('x-real-ip') ?? undefined
    await handling((context) => (address = context.ip), { ip })({ headers: { 'x-real-ip': '192.0.2.9' } })
    expect(address).toBe('192.0.2.9')
  })

  it('reads what was just written', async () => {
    const values: Json[] = []
    await handling(({ attempt: cell }) => {
      for (const [value, ttlMs] of [[{ a: 1 }], [null], ['x', 5_000], ['gone', 0]] as [Json, number?][]) {
        cell.write(value, ttlMs)
        values.push(cell.read())
      }
    })()
    expect(values).toEqual([{ a: 1 }, null, 'x', null])
  })
})

describe('the cookies', () => {
  it('are HttpOnly, Lax, on every path and, on https, Secure with the __Host- prefix', async () => {
    const { lines } = await handling(writing({ a: 1 }))()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^__Host-latchkey\.attempt=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/)
  })

  it('follow the origins that pages see, not what a proxy asks with', async () => {
    const secure = async (options: Partial<AuthHandlerOptions>, origin: string) =>
      (await handling(writing(1), options)({ origin })).lines[0]?.startsWith('__Host-')
    expect(await secure({ origins: ['http://localhost:3000'] }, 'http://localhost:3000')).toBe(false)
    expect(await secure({ origins: ['http://localhost:3000', 'https://x.example/'] }, 'https://x.example')).toBe(true)
    expect(await secure({ secure: false }, 'https://app.example')).toBe(false)
  })

  it('of a session last as long as the adapter says, or until the browser is closed', async () => {
    const lines = async (ttlMs?: number) => (await handling(writing(1, ttlMs, 'session'))()).lines.join()
    expect(await lines(90 * minute)).toMatch(/Max-Age=5400$/)
    expect(await lines()).toMatch(/Secure$/)
  })

  it('are not sent again unless something was written', async () => {
    const { cookie } = await handling(writing(1))()
    expect((await handling(() => {})({ cookie })).lines).toEqual([])
  })

  it('are taken away with null', async () => {
    const { cookie } = await handling(writing(1))()
    const { lines } = await handling(writing(null))({ cookie })
    expect(lines).toEqual(['__Host-latchkey.attempt=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0'])
  })

  it('are set although the adapter refused, or broke', async () => {
    for (const thrown of [new Error('x'), new AuthError('too_many_attempts')]) {
      const { lines } = await handling((context) => {
        writing({ left: 2 })(context)
        throw thrown
      })()
      expect(lines).toHaveLength(1)
    }
  })

  it('carry long values in parts, and forget the parts that are left over', async () => {
    const long = { token: 'x'.repeat(6_000) }
    const { cookie, lines } = await handling(writing(long, undefined, 'session'))()
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line.length).toBeLessThan(4_096)
    expect((await reading(cookie)).session).toEqual(long)
    const shorter = await handling(writing('short', undefined, 'session'))({ cookie })
    expect(shorter.lines.filter((line) => line.endsWith('Max-Age=0'))).toHaveLength(lines.length - 1)
    expect((await reading(cookie.split('; ')[0] ?? '')).session).toBeNull()
  })

  it('that would be too large are an error of the server, not a cookie that the browser drops', async () => {
    const thrown: unknown[] = []
    const { response, lines } = await handling(writing('x'.repeat(20_000)), { onError: (error) => thrown.push(error) })()
    expect([response.status, lines]).toEqual([500, []])
    expect(String(thrown[0])).toMatch(/too large/)
  })
})

describe('the seal', () => {
  it('shows nothing of what is in it', async () => {
    const { cookie } = await handling(writing({ token: sentinels.password }))()
    const parts = cookie.split(/[=.]/).map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect([cookie, ...parts].join()).not.toMatch(/token|S3ntinel/)
    expect(JSON.parse(parts[2] ?? '')).toEqual({ alg: 'A256KW', enc: 'A256GCM' })
    expect((await reading(cookie)).attempt).toEqual({ token: sentinels.password })
  })

  it('is another one each time', async () => {
    const handle = handling(writing(1))
    expect((await handle()).cookie).not.toBe((await handle()).cookie)
  })

  it('does not open when one character is changed, or for the other cell', async () => {
    const { cookie } = await handling(writing({ a: 1 }))()
    const [name = '', value = ''] = cookie.split('=')
    // Beside a dot and at the end, the last bits of a letter are no part of any byte.
    const bytes = (text: string) =>
      text
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('hex'))
        .join('.')
    let tried = 0
    for (let at = 0; at < value.length; at += 1) {
      const changed = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
      if (bytes(changed) === bytes(value)) continue
      tried += 1
      expect((await reading(`${name}=${changed}`)).attempt, `at ${at}`).toBeNull()
    }
    expect(tried).toBeGreaterThan(value.length - 8)
    expect(await reading(`__Host-latchkey.session=${value}`)).toEqual({ attempt: null, session: null })
  })

  it('is open for ten minutes at the most, and for less where the adapter says so', async () => {
    const at = (ms: number) => ({ now: () => Date.UTC(2026, 0, 1) + ms })
    for (const [ttlMs, life] of [
      [undefined, 10 * minute],
      [60 * minute, 10 * minute],
      [2 * minute, 2 * minute],
    ]) {
      const { cookie } = await handling(writing('on'), at(0))()
      const { cookie: own } = await handling(writing('on', ttlMs), at(0))()
      expect((await reading(cookie, at(10 * minute - 1))).attempt).toBe('on')
      expect((await reading(own, at((life ?? 0) - 1))).attempt, String(ttlMs)).toBe('on')
      expect((await reading(own, at(life ?? 0))).attempt, String(ttlMs)).toBeNull()
    }
    const { cookie: kept } = await handling(writing('on', undefined, 'session'), at(0))()
    expect((await reading(kept, at(1_000_000 * minute))).session).toBe('on')
  })

  it('HA-19 closes again for what is left of an attempt, and for ten minutes only when another begins', async () => {
    let cookie = ''
    const at = async (ms: number, act: (context: RequestContext) => unknown) => {
      const handle = handling(act, { now: () => Date.UTC(2026, 0, 1) + ms })
      const { lines, cookie: given } = await handle({ cookie })
      if (lines.length > 0) cookie = given
      return Number(/Max-Age=(\d+)/.exec(lines.join())?.[1])
    }
    expect(await at(0, writing('begun'))).toBe(600)
    expect(await at(9 * minute, writing('tried', 10 * minute))).toBe(60)
    expect(await at(10 * minute - 1, writing('tried'))).toBe(1)
    const found: Json[] = []
    await at(10 * minute, (context) => found.push(context.attempt.read()))
    expect(found).toEqual([null])
    expect(await at(10 * minute, writing('another'))).toBe(600)
    expect(await at(15 * minute, writing('tried', 2 * minute))).toBe(120)
    const anew = (context: RequestContext) => {
      context.attempt.write(null)
      context.attempt.write('a third')
    }
    expect(await at(16 * minute, anew)).toBe(600)
  })

  it('HA-19 counts the time that an answer took: asked again and again, a slow backend holds no attempt open', async () => {
    let ms = 0
    const now = () => Date.UTC(2026, 0, 1) + ms
    let { cookie } = await handling(writing('begun'), { now })()
    let tries = 0
    const tried = (context: RequestContext) => {
      if (context.attempt.read() === null) return
      tries += 1
      ms += minute
      context.attempt.write('tried')
    }
    for (let round = 0; round < 30; round += 1) ({ cookie } = await handling(tried, { now })({ cookie }))
    expect(tries).toBe(10)
  })

  it('opens with every secret of the list and closes with the first', async () => {
    const { cookie: old } = await handling(writing('old'), { secret })()
    expect((await reading(old, { secret: [other, secret] })).attempt).toBe('old')
    expect((await reading(old, { secret: other })).attempt).toBeNull()
    const { cookie: fresh } = await handling(writing('new'), { secret: [other, secret] })()
    expect((await reading(fresh, { secret: other })).attempt).toBe('new')
    expect((await reading(fresh, { secret })).attempt).toBeNull()
  })

  it('wants secrets of 32 characters', () => {
    const make = (given: string | string[]) => () => createAuthHandler({ secret: given, adapter: () => expect.unreachable() })
    for (const bad of ['', 'short', [], [secret, 'short'], 'x'.repeat(31)]) expect(make(bad), String(bad)).toThrow(RangeError)
    expect(make('x'.repeat(32))).not.toThrow()
  })
})

describe('an answer', () => {
  const asking = async (verb: Verb, path: string, body: object | null, answer: unknown) => {
    const { adapter } = scriptedAdapter({ absent: [], answers: { [verb]: () => answer as never } })
    const handler = createAuthHandler({ secret, adapter: (): AuthAdapter => adapter })
    const headers = { origin: 'https://app.example', 'content-type': 'application/json' }
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    return handler(new Request(`https://app.example/api/auth/${path}`, init))
  }

  it('is never kept by a cache, and says what it is', async () => {
    const { headers } = await asking('session.get', 'session/get', null, null)
    expect(Object.fromEntries(headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    })
  })

  it('holds what the contract has and nothing that an adapter left in it', async () => {
    const leak = { accessToken: sentinels.password, secret: sentinels.password }
    const cases: [Verb, string, object | null, object][] = [
      [
        'signIn.create',
        'sign-in/create',
        { identifier: 'x' },
        { ...attempt(), ...leak, supportedFirstFactors: [{ id: 'a', strategy: 'totp', ...leak }] },
      ],
      ['signIn.finish', 'sign-in/finish', { attempt: 'a' }, { ...session(), ...leak, user: { id: 'u', ...leak } }],
      ['session.get', 'session/get', null, { ...session(), ...leak }],
      ['signIn.cancel', 'sign-in/cancel', { attempt: 'a' }, leak],
      ['mfa.verify', 'mfa/verify', { enrollmentId: 'a', code: '1' }, { ...verified(), ...leak }],
      [
        'mfa.challenge',
        'mfa/challenge',
        { enrollmentId: 'a' },
        { status: 'pending', type: 'phone', id: 'e', sent: true, ...leak },
      ],
      [
        'mfa.listFactors',
        'mfa/list-factors',
        null,
        [{ id: 'f', strategy: 'totp', status: 'verified', removable: true, ...leak }],
      ],
    ]
    for (const [verb, path, body, answer] of cases) {
      const response = await asking(verb, path, body, answer)
      expect(response.status, path).toBe(200)
      expect(await response.text(), path).not.toContain(sentinels.password)
    }
  })

  it('holds the secret of an enrolment and backup codes where a person has to see them', async () => {
    const enrolled = await asking('mfa.enroll', 'mfa/enroll', { type: 'totp' }, enrollment())
    expect(await enrolled.json()).toEqual({ enrollment: enrollment() })
    const proved = await asking('mfa.verify', 'mfa/verify', { enrollmentId: 'e', code: '1' }, verified())
    expect(await proved.json()).toEqual(verified())
  })

  it('does not promise an attempt for longer than its cookie lives', async () => {
    const expiry = async (expiresInMs?: number, ttlMs?: number) => {
      const handler = createAuthHandler({
        secret,
        now: () => 1_000,
        adapter: (context) => {
          if (ttlMs) context.attempt.write(1, ttlMs)
          const given = attempt(expiresInMs === undefined ? {} : { expiresInMs })
          return scriptedAdapter({ answers: { 'signIn.create': () => given } }).adapter
        },
      })
      const headers = { origin: 'https://app.example', 'content-type': 'application/json' }
      const request = new Request('https://app.example/sign-in/create', { method: 'POST', headers, body: '{"identifier":"x"}' })
      const body = (await (await handler(request)).json()) as { attempt: { expiresInMs?: number } }
      return body.attempt.expiresInMs
    }
    expect(await expiry(20 * minute, 60 * minute)).toBe(10 * minute)
    expect(await expiry(5 * minute, 60 * minute)).toBe(5 * minute)
    expect(await expiry(undefined, 3 * minute)).toBe(3 * minute)
    expect(await expiry(20 * minute)).toBe(20 * minute)
    expect(await expiry()).toBeUndefined()
  })
})

describe('what a page may ask', () => {
  const create = handling(() => {})

  it('no strategy that it does not know, and no proof that is two', async () => {
    const bad: object[] = [
      {},
      { identifier: 7 },
      { identifier: { $gt: '' } },
      { identifier: 'x', password: ['a'] },
      { identifier: 'x', password: null },
      { identifier: 'x', strategy: 'password' },
      { identifier: 'x', identifierType: 'iris' },
      { strategy: 'oauth_google' },
      { strategy: 'oauth_', redirectUrl: 'https://app.example/' },
      { strategy: 'web3_x_signature', address: '0x', chainId: 1.5, origin: 'https://app.example' },
      { strategy: 'web3_x_signature', address: '0x', chainId: 1, origin: 'https://evil.example' },
      { strategy: 'web3_x_signature', address: '0x', origin: 'https://app.example' },
      { strategy: 'web3_solana_signature', address: 'Gw', chainId: 1, origin: 'https://app.example' },
      { strategy: 'web3_solana_signature', address: 'Gw', origin: 'https://evil.example' },
      { strategy: 'web3_solana_signature', origin: 'https://app.example' },
      { identifier: 'x'.repeat(4_097) },
    ]
    for (const body of bad) expect((await create({ body })).response.status, JSON.stringify(body)).toBe(400)
  })

  it('no two proofs at once, and no name that would change what a copy inherits', async () => {
    const given: unknown[] = []
    const handler = createAuthHandler({
      secret,
      adapter: () =>
        scriptedAdapter({
          answers: {
            'signIn.attemptSecondFactor': ({ params }) => {
              given.push(params)
              return attempt()
            },
          },
        }).adapter,
    })
    const status = async (proof: string) => {
      const headers = { origin: 'https://app.example', 'content-type': 'application/json' }
      const body = `{"attempt":"a","factorId":"f",${proof}}`
      return (await handler(new Request('https://app.example/sign-in/attempt-second-factor', { method: 'POST', headers, body })))
        .status
    }
    const proofs = ['"code":"1"', '"password":"1"', '"credential":{"id":"1"}', '"signature":"1"']
    for (const one of proofs) {
      expect(await status(one)).toBe(200)
      for (const two of proofs) if (two !== one) expect(await status(`${one},${two}`), `${one},${two}`).toBe(400)
    }
    expect(await status('"credential":{"id":"1","__proto__":{"admin":true}}')).toBe(400)
    expect(await status('"credential":{"response":{"__proto__":1}}')).toBe(400)
    expect(await status('"code":"1","__proto__":{"trustDevice":true},"admin":true')).toBe(200)
    expect(given.at(-1)).toEqual({ factorId: 'f', code: '1' })
    expect(given).toHaveLength(proofs.length + 1)
  })

  it('no redirect to somebody else’s page', async () => {
    for (const redirectUrl of [
      'https://evil.example/',
      'https://app.example.evil.example/',
      'https://user@evil.example/app.example',
    ]) {
      const { response } = await create({ body: { strategy: 'oauth_google', redirectUrl } })
      expect(await response.json()).toEqual({ error: { code: 'redirect_denied', outcome: 'refused' } })
    }
    for (const redirectUrl of ['file:///etc/hosts', 'data:text/html,x', '/callback', '//evil.example', '']) {
      expect((await create({ body: { strategy: 'oauth_google', redirectUrl } })).response.status, redirectUrl).toBe(400)
    }
    const { response } = await create({ body: { strategy: 'oauth_google', redirectUrl: 'https://app.example/callback?a=b' } })
    expect(response.status).toBe(200)
  })

  it('from the origins that it was given, and from no other', async () => {
    const given = handling(() => {}, { origins: ['https://one.example', 'https://two.example'] })
    const status = async (origin: string) => (await given({ origin })).response.status
    expect(await status('https://one.example')).toBe(200)
    expect(await status('https://two.example')).toBe(200)
    expect(await status('https://app.example')).toBe(403)
  })

  it('only with an origin when it posts, and not from another site when it reads', async () => {
    const handler = createAuthHandler({
      secret,
      adapter: () => scriptedAdapter({ answers: { 'session.get': () => null } }).adapter,
    })
    const status = async (method: string, headers: Record<string, string>) =>
      (await handler(new Request('https://app.example/session/get', { method, headers }))).status
    expect(await status('GET', {})).toBe(200)
    expect(await status('GET', { 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await status('GET', { 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await status('POST', { 'content-type': 'application/json' })).toBe(403)
  })
})

describe('a fault', () => {
  it('is told to the server’s log, and a log that fails takes nothing with it', async () => {
    const heard: unknown[] = []
    const broken = handling(
      () => {
        throw new TypeError(sentinels.password)
      },
      {
        onError(thrown) {
          heard.push(thrown)
          throw new Error('disk full')
        },
      },
    )
    const { response } = await broken()
    expect([response.status, await response.text()]).toEqual([500, '{"error":{"code":"unknown","outcome":"unknown"}}'])
    expect(String(heard[0])).toContain(sentinels.password)
  })
})
