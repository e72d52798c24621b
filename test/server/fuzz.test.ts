// @vitest-environment node
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { createAuthHandler, type AuthHandler } from '../../src/server/index.js'
import { startAuthServer, serverSecret, type AuthServer } from '../servers/authServer.js'
import { memoryServerAdapter } from '../servers/memoryServerAdapter.js'
import { everyVerb } from './everyVerb.js'
import { checkResponse } from './protocolDocument.js'

const origin = 'https://app.example'
const sentinel = 'S3ntinel-password'
const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const ada = { id: 'u1', email: 'ada@example.com', password: sentinel, totp: { secret: totpSecret }, backupCodes: ['sntnl-bckup'] }
const backend = createMemoryBackend({ users: [ada] })
const adapter = memoryServerAdapter(backend)
/** What the handler took for a fault of its own or of the adapter. There must be none. */
const faults: unknown[] = []
const options = { adapter, onError: (thrown: unknown) => void faults.push(thrown) }
const handler = createAuthHandler({ ...options, secret: serverSecret })

const paths = everyVerb.map(({ path }) => path)
const json = { origin, 'content-type': 'application/json' }
const runs = { numRuns: 300 }

async function ask(path: string, init: RequestInit, of: AuthHandler = handler) {
  const url = `${origin}/api/auth/${path}`
  const response = await of(new Request(url, init))
  const text = await response.clone().text()
  for (const secret of [sentinel, totpSecret, 'sntnl-bckup', 'at ', 'Error']) expect(text).not.toContain(secret)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return { response, url, status: response.status }
}

/** A clear refusal: 4xx, of a kind that the document has for that path, with a code. */
async function expectRefused(path: string, init: RequestInit, of?: AuthHandler): Promise<number> {
  const { response, url, status } = await ask(path, init, of)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  if (status !== 405) await checkResponse(url, response)
  expect(faults).toEqual([])
  return status
}

const anyPath = fc.constantFrom(...paths)
const postPath = fc.constantFrom(...everyVerb.filter(({ method }) => method === 'POST').map(({ path }) => path))
const members = fc.constantFrom(
  ...[
    'attempt',
    'factorId',
    'code',
    'password',
    'identifier',
    'strategy',
    'level',
    'type',
    'enrollmentId',
    'scope',
    'url',
    'captchaToken',
  ],
  ...['credential', 'redirectUrl', '__proto__', 'constructor', 'toString', 'friendlyName', 'phone', 'channel', 'trustDevice'],
)

describe('fuzzed', () => {
  it('bytes that are no JSON object are refused with 400', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .json()
        .filter((text) => !text.trim().startsWith('{'))
        .map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(`{${text}`)),
    )
    await fc.assert(
      fc.asyncProperty(postPath, bytes, async (path, body) => {
        fc.pre(!/^\s*\{[\s\S]*\}\s*$/.test(new TextDecoder().decode(body)))
        expect(await expectRefused(path, { method: 'POST', headers: json, body: Buffer.from(body) })).toBe(400)
      }),
      runs,
    )
  })

  it('objects of any members and values are answered as the document has it, and nothing is thrown', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('totp', 'phone', 'password', 'first_factor', 'all', 'x'.repeat(5_000)))
    await fc.assert(
      fc.asyncProperty(postPath, fc.array(fc.tuple(members, value), { maxLength: 8 }), async (path, entries) => {
        const body = `{${entries.map(([name, given]) => `${JSON.stringify(name)}:${JSON.stringify(given)}`).join()}}`
        const { response, url, status } = await ask(path, { method: 'POST', headers: json, body })
        expect(status).toBeLessThan(500)
        await checkResponse(url, response)
        expect(faults).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  it('JSON that is very deep or very long is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 17, max: 20_000 }), fc.constantFrom('[', '{"a":'), async (depth, open) => {
        const close = open === '[' ? ']' : '}'
        const credential = `{"id":${open.repeat(depth)}1${close.repeat(depth)}}`
        const body = `{"attempt":"a","factorId":"f","credential":${credential}}`
        const status = await expectRefused('sign-in/attempt-second-factor', { method: 'POST', headers: json, body })
        expect(status).toBe(body.length > 65_536 ? 413 : 400)
      }),
      { numRuns: 50 },
    )
  })

  it('oversized bodies are refused with 413, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        postPath,
        fc.integer({ min: 65_537, max: 300_000 }),
        fc.integer({ min: 1, max: 40 }),
        async (path, size, parts) => {
          let left = size
          const chunk = Math.ceil(size / parts)
          const body = new ReadableStream<Uint8Array>({
            pull(controller) {
              if (left <= 0) return controller.close()
              controller.enqueue(new Uint8Array(Math.min(chunk, left)).fill(0x20))
              left -= chunk
            },
          })
          const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers: json, body, duplex: 'half' }
          expect(await expectRefused(path, init)).toBe(413)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('requests of other origins are refused with 403, before anything is asked', async () => {
    const before = backend.calls.length
    const foreign = fc.oneof(
      fc.webUrl().map((url) => new URL(url).origin),
      fc.constantFrom(
        'null',
        '',
        'https://app.example.',
        'https://app.example:444',
        'http://app.example',
        'https://APP.example',
        'app.example',
      ),
      fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
    )
    await fc.assert(
      fc.asyncProperty(postPath, foreign, async (path, given) => {
        fc.pre(given !== origin)
        const { status } = await ask(path, { method: 'POST', headers: { ...json, origin: given }, body: '{}' })
        expect(status).toBe(403)
      }),
      runs,
    )
    expect(backend.calls.length).toBe(before)
  })

  it('other types are refused with 415', async () => {
    const type = fc.oneof(
      fc.constantFrom(
        'text/plain',
        'text/plain;application/json',
        'application/json+x',
        'xapplication/json',
        'multipart/form-data',
        'application/xml',
      ),
      fc.stringMatching(/^[a-z]{1,10}\/[a-z]{1,10}$/),
    )
    await fc.assert(
      fc.asyncProperty(postPath, type, async (path, given) => {
        expect(await expectRefused(path, { method: 'POST', headers: { ...json, 'content-type': given }, body: '{}' })).toBe(415)
      }),
      runs,
    )
  })

  it('methods and paths that are not in the protocol are refused with 404 or 405', async () => {
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD')
    const path = fc.oneof(
      anyPath,
      fc.webPath(),
      fc.array(members).map((parts) => parts.join('/')),
    )
    await fc.assert(
      fc.asyncProperty(method, path, async (given, at) => {
        fc.pre(!everyVerb.some((verb) => verb.method === given && at.split('?')[0]?.endsWith(verb.path)))
        const body = given === 'GET' || given === 'HEAD' ? undefined : '{}'
        const { status, response } = await ask(at, { method: given, headers: json, body })
        expect([404, 405]).toContain(status)
        expect(status === 405).toBe(response.headers.has('allow'))
      }),
      runs,
    )
  })
})

describe('fuzzed cookies', () => {
  const bytesOf = (pair: string) =>
    pair
      .slice(pair.indexOf('=') + 1)
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.')

  /** A half-done sign-in: its cookies and the request that would finish the second factor. */
  async function halfWay(of: AuthHandler = handler) {
    const body = JSON.stringify({ identifier: ada.email, password: sentinel })
    const response = await of(new Request(`${origin}/sign-in/create`, { method: 'POST', headers: json, body }))
    const pairs = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
    const { attempt } = (await response.json()) as { attempt: { id: string; supportedSecondFactors: { id: string }[] } }
    const next = JSON.stringify({ attempt: attempt.id, factorId: attempt.supportedSecondFactors[0]?.id, code: '000000' })
    return { pairs, next, reload: JSON.stringify({ attempt: attempt.id }) }
  }

  it('that are whole are good', async () => {
    const { pairs, reload } = await halfWay()
    const { status } = await ask('sign-in/reload', {
      method: 'POST',
      headers: { ...json, cookie: pairs.join('; ') },
      body: reload,
    })
    expect(status).toBe(200)
  })

  it('that are tampered with are no attempt and no session', async () => {
    const { pairs, next, reload } = await halfWay()
    const garbage = fc.stringMatching(/^[\x21-\x3a\x3c-\x7e]{0,60}$/)
    const change = fc.record({
      which: fc.nat(1),
      at: fc.nat(2_000),
      to: fc.oneof(garbage, fc.constantFrom('', '.', 'A', '....')),
    })
    await fc.assert(
      fc.asyncProperty(
        change,
        fc.constantFrom('sign-in/reload', 'sign-in/attempt-second-factor'),
        async ({ which, at, to }, path) => {
          const changed = pairs.map((pair, index) => {
            if (index !== which) return pair
            const start = pair.indexOf('=') + 1
            const place = start + (at % (pair.length - start))
            const value = pair.slice(0, place) + to + pair.slice(place + Math.max(1, to.length))
            return value === pair ? `${pair.slice(0, start)}x` : value
          })
          // The last bits of a letter at the end of a part are no part of any byte.
          fc.pre(changed.some((pair, index) => bytesOf(pair) !== bytesOf(pairs[index] ?? '')))
          const body = path === 'sign-in/reload' ? reload : next
          const init = { method: 'POST', headers: { ...json, cookie: changed.join('; ') }, body }
          expect(await expectRefused(path, init)).toBe(400)
        },
      ),
      runs,
    )
  })

  it('of any text at all do no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\x20-\x7e]{0,300}$/), async (text) => {
        const cookie = `${text}; __Host-latchkey.attempt=${text}; __Host-latchkey.session`
        const { status, response } = await ask('session/get', { headers: { cookie } })
        expect([status, await response.json()]).toEqual([200, { session: null }])
      }),
      runs,
    )
  })

  it('that have expired are refused, and so are those of another server', async () => {
    let now = Date.now()
    const timed = createAuthHandler({ ...options, secret: serverSecret, now: () => now })
    const stranger = createAuthHandler({ ...options, secret: 'somebody-elses-secret-0123456789abcdef' })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10 * 60_000, max: 2_000_000_000 }), async (later) => {
        now = Date.now()
        const { pairs, next } = await halfWay(timed)
        const init = { method: 'POST', headers: { ...json, cookie: pairs.join('; ') }, body: next }
        now += later
        expect(await expectRefused('sign-in/attempt-second-factor', init, timed)).toBe(400)
        expect(await expectRefused('sign-in/attempt-second-factor', init, stranger)).toBe(400)
      }),
      { numRuns: 20 },
    )
  })
})

describe('fuzzed on the wire, on plain Node', () => {
  let server: AuthServer
  beforeAll(async () => {
    server = await startAuthServer(options)
  })
  afterAll(() => server.close())

  it('nothing brings the server down', async () => {
    const { connect } = await import('node:net')
    const head = fc.constantFrom(
      'POST /api/auth/sign-in/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{}',
      'POST http://evil.example/sign-in/create HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
      'POST //evil.example/sign-in/create HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
      'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /session/get HTTP/1.1\r\nHost: [::1\r\n\r\n',
      'TRACE /session/get HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /sign-in/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
    )
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 50 }), async (text, noise) => {
        const reply = await new Promise<string>((resolve) => {
          let answer = ''
          const socket = connect(server.port, '127.0.0.1', () => {
            socket.write(text)
            socket.end(noise)
          })
          socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
          socket.on('error', () => resolve(answer))
          socket.on('close', () => resolve(answer))
        })
        for (const [line] of reply.matchAll(/^HTTP\/1\.1 \d+/gm)) expect(line).toMatch(/ 4\d\d$/)
      }),
      { numRuns: 60 },
    )
    const alive = await fetch(`${server.url}/session/get`)
    expect([alive.status, faults]).toEqual([200, []])
  })
})
