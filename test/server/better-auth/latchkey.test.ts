// @vitest-environment node
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { latchkey, requireLevel } from '../../../src/server/better-auth/index.js'
import { maskEmail } from '../../../src/server/better-auth/maskEmail.js'
import { startBetterAuthServer, totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
const secret = 'only-for-tests-0123456789abcdefghij'
const minutes = 60_000
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterEach(() => void vi.useRealTimers())
afterAll(() => server.close())

interface Reply {
  readonly status: number
  readonly body: Record<string, unknown> | null
}

async function ask(browser: Browser, path: string, body?: object): Promise<Reply> {
  const response = await browser.fetch(`/api/auth${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, body: (await response.json()) as Reply['body'] }
}

const signIn = (browser: Browser, { email, password }: { email: string; password: string }) =>
  ask(browser, '/sign-in/email', { email, password })
const verifyTotp = (browser: Browser, code = totp(withTotp.totpSecret)) => ask(browser, '/two-factor/verify-totp', { code })
const state = async (browser: Browser) => (await ask(browser, '/latchkey/state')).body

describe('GET /latchkey/state', () => {
  it('says that nobody is there', async () => {
    expect(await state(server.browser())).toEqual({ session: null, attempt: null, secondFactors: [] })
  })

  it('is never kept by a cache', async () => {
    const response = await server.browser().fetch('/api/auth/latchkey/state')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('tells a half-done sign-in’s factors with a masked address, and nothing that could be used', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    const text = JSON.stringify(await state(browser))
    expect(text).toContain('t•••@example.com')
    for (const hidden of [withTotp.email, withTotp.totpSecret, ...withTotp.backupCodes, 'theo', '2fa-'])
      expect(text).not.toContain(hidden)
    const cookie = decodeURIComponent(browser.cookies.get('better-auth.two_factor') ?? '')
    expect(cookie).toContain('2fa-')
    expect(text).not.toContain(cookie.split('.')[0])
  })

  it('tells a challenge from another, and only as long as Better Auth takes it', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    const idOf = async () => ((await state(browser))?.attempt as { id: string } | null)?.id
    const first = await idOf()
    expect(first).toEqual(expect.any(String))
    await signIn(browser, withTotp)
    expect(await idOf()).toEqual(expect.any(String))
    expect(await idOf()).not.toBe(first)
    server.advance(10 * minutes + 1)
    expect(await state(browser)).toMatchObject({ attempt: null })
  })

  it('takes no forged cookie', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    const cookie = browser.cookies.get('better-auth.two_factor') ?? ''
    browser.cookies.set(
      'better-auth.two_factor',
      cookie.replace(/^2fa-(.)/, (_, first) => `2fa-${first === 'A' ? 'B' : 'A'}`),
    )
    expect(await state(browser)).toMatchObject({ attempt: null })
  })

  it('does not name the token of a session', async () => {
    const browser = server.browser()
    const { body } = await signIn(browser, withoutMfa)
    expect(body?.token).toEqual(expect.any(String))
    expect(JSON.stringify(await state(browser))).not.toContain(body?.token)
  })
})

describe('the level', () => {
  it('cannot be written by the session’s own person', async () => {
    const browser = server.browser()
    await signIn(browser, withoutMfa)
    for (const field of ['aal', 'amr', 'firstFactorAt', 'secondFactorAt']) {
      const value = field.endsWith('At') ? new Date().toISOString() : 'aal2'
      expect((await ask(browser, '/update-session', { [field]: value })).status, field).toBe(400)
    }
    expect(await state(browser)).toMatchObject({ session: { currentLevel: 'aal1' } })
  })

  it('is not raised by a wrong code, nor by asking for one', async () => {
    const browser = server.browser()
    await signIn(browser, withoutMfa)
    await ask(browser, '/two-factor/send-otp', {})
    expect((await ask(browser, '/two-factor/verify-otp', { code: '000000' })).body).toMatchObject({ code: 'INVALID_CODE' })
    expect(await state(browser)).toMatchObject({ session: { currentLevel: 'aal1', nextLevel: 'aal1' } })
  })

  it('is not raised by turning mailed codes on, which proves nothing', async () => {
    const browser = server.browser()
    await signIn(browser, withoutMfa)
    await ask(browser, '/two-factor/enable', { password: withoutMfa.password, method: 'otp' })
    expect(await state(browser)).toMatchObject({ session: { currentLevel: 'aal1', nextLevel: 'aal2' } })
  })

  it('is not carried over a removal to a second factor enrolled later', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    await verifyTotp(browser)
    const { password } = withTotp
    await ask(browser, '/two-factor/disable', { password })
    await ask(browser, '/two-factor/enable', { password, method: 'otp' })
    expect(await state(browser)).toMatchObject({ session: { currentLevel: 'aal1', nextLevel: 'aal2' } })
  })

  it('is unknown for a session that the plugin has not seen being made', async () => {
    const auth = await bare()
    const context = await auth.$context
    const user = await context.internalAdapter.createUser({ email: 'x@example.com', name: 'X' }, { method: 'email' })
    const { token } = await context.internalAdapter.createSession(user.id)
    const cookie = await signedCookie(auth, token)
    const response = await auth.handler(new Request('http://auth.test/api/auth/latchkey/state', { headers: { cookie } }))
    expect(await response.json()).toMatchObject({ session: { currentLevel: null, nextLevel: 'aal1', methods: [] } })
  })

  it('is aal1 after a sign-up', async () => {
    const auth = await bare()
    const response = await post(auth, '/sign-up/email', { email: 'new@example.com', password: 'long-enough-1', name: 'New' })
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const asked = await auth.handler(new Request('http://auth.test/api/auth/latchkey/state', { headers: { cookie } }))
    expect(await asked.json()).toMatchObject({ session: { currentLevel: 'aal1' } })
  })

  it('is told from the database, whatever a cached cookie says', async () => {
    const auth = await bare({ session: { cookieCache: { enabled: true, maxAge: 300 } } })
    const jar = new Map<string, string>()
    const send = async (path: string, body?: object) => {
      const response = await post(auth, path, body, [...jar].map((pair) => pair.join('=')).join('; '))
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
        jar.set(name, value)
      }
      return (await response.json()) as Record<string, unknown>
    }
    await send('/sign-up/email', { email: 'new@example.com', password: 'long-enough-1', name: 'New' })
    const { totpURI } = await send('/two-factor/enable', { password: 'long-enough-1' })
    await send('/two-factor/verify-totp', { code: totp(/secret=([A-Z2-7]+)/.exec(String(totpURI))?.[1] ?? '') })
    expect(await send('/latchkey/state')).toMatchObject({ session: { currentLevel: 'aal2', nextLevel: 'aal2' } })
    expect(await send('/get-session')).toMatchObject({ session: { aal: 'aal2' } })
  })
})

describe('OT-28 a TOTP code', () => {
  it('is good once, at sign-in too', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    expect((await verifyTotp(browser)).status).toBe(200)
    await signIn(browser, withTotp)
    expect(await verifyTotp(browser)).toMatchObject({ status: 401, body: { code: 'TOTP_ALREADY_USED' } })
    server.advance(30_000)
    expect((await verifyTotp(browser)).status).toBe(200)
  })

  it('is not spent by a refusal', async () => {
    const browser = server.browser()
    await signIn(browser, withTotp)
    const wrong = () => verifyTotp(browser, '000000')
    expect([(await wrong()).body?.code, (await wrong()).body?.code]).toEqual(['INVALID_CODE', 'INVALID_CODE'])
  })

  it('of one person says nothing of another’s', async () => {
    const auth = await bare()
    const context = await auth.$context
    expect(await context.internalAdapter.findVerificationValue('latchkey-totp-x')).toBeNull()
    const browser = server.browser()
    await signIn(browser, withTotp)
    await verifyTotp(browser)
    const other = server.browser()
    await signIn(other, withoutMfa)
    const { body } = await ask(other, '/two-factor/verify-totp', { code: totp(withTotp.totpSecret) })
    expect(body?.code).toBe('TOTP_NOT_ENABLED')
  })

  it('given twice at once, passes once: the database’s primary key decides', async () => {
    const auth = await bare()
    const enrolled = await post(auth, '/sign-up/email', { email: 'new@example.com', password: 'long-enough-1', name: 'New' })
    let cookie = enrolled.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const enabled = await post(auth, '/two-factor/enable', { password: 'long-enough-1' }, cookie)
    const { totpURI } = (await enabled.json()) as { totpURI: string }
    const app = /secret=([A-Z2-7]+)/.exec(totpURI)?.[1] ?? ''
    const confirmed = await post(auth, '/two-factor/verify-totp', { code: totp(app) }, cookie)
    cookie = confirmed.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const code = totp(app, 1)
    const replies = await Promise.all(Array.from({ length: 8 }, () => post(auth, '/two-factor/verify-totp', { code }, cookie)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(401)])
  })

  it('is not stored as it is', async () => {
    const tables: Tables = {}
    const auth = await bare({}, tables)
    const response = await post(auth, '/sign-up/email', { email: 'new@example.com', password: 'long-enough-1', name: 'New' })
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const enabled = await post(auth, '/two-factor/enable', { password: 'long-enough-1' }, cookie)
    const { totpURI } = (await enabled.json()) as { totpURI: string }
    const code = totp(/secret=([A-Z2-7]+)/.exec(totpURI)?.[1] ?? '')
    expect((await post(auth, '/two-factor/verify-totp', { code }, cookie)).status).toBe(200)
    expect(tables.verification).toHaveLength(1)
    expect(JSON.stringify(tables.verification?.[0])).not.toContain(code)
  })
})

describe('requireLevel', () => {
  it('MG-19 lets pass who is good enough, and tells the others why not', async () => {
    const browser = server.browser()
    const guarded = async () => {
      const response = await browser.fetch('/api/protected')
      return [response.status, ((await response.json()) as { code?: string }).code]
    }
    expect(await guarded()).toEqual([401, 'UNAUTHORIZED'])
    await signIn(browser, withEmailCode)
    expect(await guarded()).toEqual([401, 'UNAUTHORIZED'])
    await signIn(browser, withoutMfa)
    expect(await guarded()).toEqual([403, 'STEP_UP_REQUIRED'])
    await signIn(browser, withTotp)
    await verifyTotp(browser)
    expect(await guarded()).toEqual([200, undefined])
    await ask(browser, '/two-factor/disable', { password: withTotp.password })
    expect(await guarded()).toEqual([403, 'STEP_UP_REQUIRED'])
  })

  it('MG-11 takes a second factor as old as it may be, by the server’s clock, and none older', async () => {
    const at = new Date('2026-01-01T00:00:00Z')
    const session = { aal: 'aal2', amr: '[]', firstFactorAt: new Date(at.getTime() - minutes), secondFactorAt: at }
    const refusal = async (passedMs: number, level: 'aal1' | 'aal2', maxAgeMs?: number, change: object = {}) => {
      vi.useFakeTimers({ now: at.getTime() + passedMs, toFake: ['Date'] })
      const found = { session: { ...session, ...change }, user: { twoFactorEnabled: true } }
      const auth = { api: { getSession: () => Promise.resolve(found) } }
      const options = maxAgeMs === undefined ? {} : { maxAgeMs }
      return (await requireLevel(auth, new Headers(), level, options))?.json() as Promise<unknown>
    }
    const limit = 5 * minutes
    const tooOld = { code: 'STEP_UP_REQUIRED', message: 'This needs aal2.', level: 'aal2', maxAgeMs: limit }
    expect(await refusal(limit, 'aal2', limit)).toBeUndefined()
    expect(await refusal(limit + 1, 'aal2', limit)).toEqual(tooOld)
    expect(await refusal(30 * 24 * 60 * minutes, 'aal2')).toBeUndefined()
    expect(await refusal(0, 'aal2', 0)).toBeUndefined()
    expect(await refusal(1, 'aal2', 0)).toMatchObject({ code: 'STEP_UP_REQUIRED' })
    expect(await refusal(limit - minutes, 'aal1', limit)).toBeUndefined()
    expect(await refusal(limit - minutes + 1, 'aal1', limit)).toMatchObject({ code: 'STEP_UP_REQUIRED', level: 'aal1' })
    expect(await refusal(0, 'aal2', limit, { secondFactorAt: null })).toEqual(tooOld)
    expect(await refusal(0, 'aal2', limit, { secondFactorAt: 'no date' })).toEqual(tooOld)
    expect(await refusal(0, 'aal2', NaN)).toMatchObject({ code: 'STEP_UP_REQUIRED' })
    // What is recent is not therefore enough.
    expect(await refusal(0, 'aal2', limit, { aal: 'aal1' })).toEqual(tooOld)
    expect(await refusal(0, 'aal2', limit, { secondFactorAt: at.toISOString() })).toBeUndefined()
  })

  it('refuses a level that is not known', async () => {
    const auth = { api: { getSession: () => Promise.resolve({ session: { aal: null }, user: { twoFactorEnabled: true } }) } }
    expect((await requireLevel(auth, new Headers(), 'aal1'))?.status).toBe(403)
  })

  it('rejects when the session cannot be read', async () => {
    const auth = { api: { getSession: () => Promise.reject(new Error('down')) } }
    await expect(requireLevel(auth, new Headers(), 'aal1')).rejects.toThrow('down')
  })
})

describe('beside a secondary storage', () => {
  const secondaryStorage = { get: () => null, set: () => {}, delete: () => {}, getAndDelete: () => null, increment: () => 1 }

  it('says at the start that codes could not be told apart', async () => {
    await expect(async () => (await bare({ secondaryStorage })).$context).rejects.toThrow('storeInDatabase')
    const kept = await bare({ secondaryStorage, verification: { storeInDatabase: true } })
    await expect(kept.$context).resolves.toBeDefined()
  })
})

describe('maskEmail', () => {
  it('FC-09 leaves the first character and the domain', () => {
    expect(maskEmail('theo@example.com')).toBe('t•••@example.com')
    expect(maskEmail('"a@b"@example.com')).toBe('"•••@example.com')
    expect(maskEmail('🙂x@example.com')).toBe('🙂•••@example.com')
  })

  it('leaves nothing of a name of one character, or of no address', () => {
    expect(maskEmail('t@example.com')).toBe('•••@example.com')
    expect(maskEmail('🙂@example.com')).toBe('•••@example.com')
    expect(maskEmail('theo')).toBe('•••')
  })
})

type Tables = Record<string, Record<string, unknown>[]>
type Options = Omit<NonNullable<Parameters<typeof betterAuth>[0]>, 'plugins' | 'database'>

/** Rows with the primary key that every database but the one in memory insists on. */
class Table extends Array<Record<string, unknown>> {
  override push(...rows: Record<string, unknown>[]) {
    for (const row of rows) if (this.some(({ id }) => id === row.id)) throw new Error('UNIQUE constraint failed')
    return super.push(...rows)
  }
}

/** Better Auth with the two plugins and nobody in it. */
async function bare(options: Options = {}, tables: Tables = {}) {
  for (const model of ['user', 'session', 'account', 'verification', 'twoFactor']) {
    let rows = new Table()
    // Better Auth's adapter puts a new list in the place of the old one.
    Object.defineProperty(tables, model, {
      enumerable: true,
      get: () => rows,
      set: (next: Table) => {
        rows = Table.from(next)
      },
    })
  }
  const auth = betterAuth({
    baseURL: 'http://auth.test',
    secret,
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    ...options,
    plugins: [latchkey(), twoFactor()],
  })
  return Promise.resolve(auth)
}

type Auth = { handler(request: Request): Promise<Response> }

function post(auth: Auth, path: string, body?: object, cookie = '') {
  const headers = { 'content-type': 'application/json', origin: 'http://auth.test', cookie }
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return auth.handler(new Request(`http://auth.test/api/auth${path}`, { headers, ...init }))
}

async function signedCookie(auth: { $context: Promise<{ secret: string }> }, token: string): Promise<string> {
  const key = new TextEncoder().encode((await auth.$context).secret)
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', hmac, new TextEncoder().encode(token))
  const value = encodeURIComponent(`${token}.${Buffer.from(signature).toString('base64')}`)
  return `better-auth.session_token=${value}`
}
