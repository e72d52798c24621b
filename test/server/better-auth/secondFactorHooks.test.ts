// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import type { Json } from '../../../src/core/json.js'
import { addPasskey, addPhone } from '../../adapters/better-auth/ways.js'
import { startBetterAuthServer, totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
const minutes = 60_000
const phone = '+15550107777'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()), 30_000)
beforeEach(() => server.reset())
afterAll(() => server.close())

interface State {
  readonly session: {
    readonly id: string
    readonly currentLevel: string | null
    readonly nextLevel: string
    readonly methods: readonly { readonly method: string }[]
    readonly secondFactorAgeMs?: number
  } | null
  readonly secondFactors: readonly { readonly id: string }[]
}

function open(browser: Browser = server.browser()) {
  async function ask<T = Record<string, unknown>>(path: string, body?: object): Promise<T & { code?: string }> {
    const response = await browser.fetch(`/api/auth${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return ((await response.json()) ?? {}) as T & { code?: string }
  }
  return {
    browser,
    ask,
    state: () => ask<State>('/latchkey/state'),
    level: async () => (await ask<State>('/latchkey/state')).session?.currentLevel,
    verify: async (code = totp(withTotp.totpSecret)) => (await ask('/two-factor/verify-totp', { code })).code ?? 'taken',
    verifySent: async (code = newest()) => (await ask('/two-factor/verify-otp', { code })).code ?? 'taken',
    guarded: async () => (await browser.fetch('/api/protected')).status,
  }
}

const newest = () => server.outbox[0]?.code ?? ''

async function signIn({ email, password }: { email: string; password: string }, browser?: Browser) {
  const page = open(browser)
  await page.ask('/sign-in/email', { email, password })
  return page
}

/** Signed in by the password alone, on a browser that is trusted. */
async function trusted() {
  const page = await signIn(withTotp)
  await page.ask('/two-factor/verify-totp', { code: totp(withTotp.totpSecret), trustDevice: true })
  await page.ask('/sign-out', {})
  await signIn(withTotp, page.browser)
  server.advance(minutes)
  expect(await page.level()).toBe('aal1')
  return page
}

async function withPhone() {
  const page = await signIn(withoutMfa)
  await addPhone(page.browser, server, phone, withoutMfa.password)
  server.advance(minutes)
  return page
}

describe('MG-18 a step-up', () => {
  it('raises the session, times it anew, and leaves the person’s other sessions where they were', async () => {
    const page = await trusted()
    const elsewhere = open()
    await elsewhere.ask('/email-otp/send-verification-otp', { email: withTotp.email, type: 'sign-in' })
    await elsewhere.ask('/sign-in/email-otp', { email: withTotp.email, otp: newest() })
    const { session: before } = await page.state()
    expect(await page.guarded()).toBe(403)
    expect(await page.verify()).toBe('taken')
    expect(await page.guarded()).toBe(200)
    const { session } = await page.state()
    expect(session).toMatchObject({ id: before?.id, currentLevel: 'aal2' })
    expect(session?.secondFactorAgeMs).toBeLessThan(minutes)
    expect(await elsewhere.guarded()).toBe(401)
    server.advance(30 * minutes)
    expect(await page.verify()).toBe('taken')
    expect((await page.state()).session?.secondFactorAgeMs).toBeLessThan(minutes)
  })

  it('does not take a used code', async () => {
    const page = await trusted()
    const code = totp(withTotp.totpSecret)
    expect(await page.verify(code)).toBe('taken')
    const { session: before } = await page.state()
    server.advance(1_000)
    expect(await page.verify(code)).toBe('TOTP_ALREADY_USED')
    expect((await page.state()).session?.secondFactorAgeMs).toBeGreaterThan(before?.secondFactorAgeMs ?? Infinity)
  })

  it.each(['totp', 'otp', 'backup-code'])('counts wrong codes (%s), and locks after ten', async (kind) => {
    const page = await trusted()
    const guess = async () => (await page.ask(`/two-factor/verify-${kind}`, { code: '000000' })).code
    for (let tries = 0; tries < 10; tries++) {
      if (kind === 'otp' && tries % 5 === 0) await page.ask('/two-factor/send-otp', {})
      expect(await guess()).toMatch(/^INVALID_/)
    }
    expect(await guess()).toBe('ACCOUNT_TEMPORARILY_LOCKED')
    expect(await page.verify()).toBe('ACCOUNT_TEMPORARILY_LOCKED')
    expect(await page.level()).toBe('aal1')
    server.advance(16 * minutes)
    expect(await page.verify()).toBe('taken')
  })

  it('counts them for people without an app, too', async () => {
    const mailed = await signIn(withEmailCode)
    await mailed.ask('/two-factor/send-otp', {})
    expect(await mailed.verifySent()).toBe('taken')
    for (const [page, path] of [
      [mailed, '/two-factor/send-otp'],
      [await withPhone(), '/latchkey/send-phone-code'],
    ] as const) {
      for (let tries = 0; tries < 10; tries++) {
        if (tries % 5 === 0) await page.ask(path, {})
        expect(await page.verifySent('000000')).toBe('INVALID_CODE')
      }
      expect(await page.verifySent()).toBe('ACCOUNT_TEMPORARILY_LOCKED')
      expect((await page.ask('/latchkey/send-phone-code', {})).code).toMatch(/LOCKED$|NOT_ENABLED$/)
    }
  })

  it('is nobody else’s: a half-done sign-in of another person in the same browser raises nothing', async () => {
    const theirs = await signIn(withTotp)
    const challenge = theirs.browser.cookies.get('better-auth.two_factor') ?? ''
    const page = await signIn(withoutMfa)
    page.browser.cookies.set('better-auth.two_factor', challenge)
    expect(await page.verify()).toBe('TOTP_NOT_ENABLED')
    expect((await page.ask('/two-factor/verify-backup-code', { code: withTotp.backupCodes[0] })).code).toBe(
      'BACKUP_CODES_NOT_ENABLED',
    )
    expect(await page.level()).toBe('aal1')
    expect(await theirs.verify()).toBe('taken')
  })

  it('is nobody else’s: another person’s passkey raises nothing, whoever holds it', async () => {
    const other = await signIn(withTotp)
    await other.verify()
    const theirs = await addPasskey(other.browser, server.origin, true)
    const page = await signIn(withoutMfa)
    await addPasskey(page.browser, server.origin, true)
    server.advance(30 * minutes)
    const options = await page.ask('/latchkey/passkey-options')
    const answered = await page.ask('/latchkey/verify-passkey', { response: theirs.get(options as Json) })
    expect(answered.code).toBe('PASSKEY_NOT_FOUND')
    expect((await page.state()).session?.secondFactorAgeMs).toBeGreaterThan(29 * minutes)
  })

  it('by a passkey wants its own signature, on its own challenge, once', async () => {
    const page = await signIn(withoutMfa)
    const passkey = await addPasskey(page.browser, server.origin, true)
    server.advance(30 * minutes)
    const prove = async (change: (response: Record<string, unknown>) => object = (same) => same) => {
      const options = (await page.ask('/latchkey/passkey-options')) as Json
      return page.ask('/latchkey/verify-passkey', { response: change(passkey.get(options) as Record<string, unknown>) })
    }
    const signature = Buffer.alloc(70, 1).toString('base64url')
    const forged = (one: Record<string, unknown>) => ({ ...one, response: { ...(one.response as object), signature } })
    expect((await prove(forged)).code).toBe('AUTHENTICATION_FAILED')
    const options = (await page.ask('/latchkey/passkey-options')) as Json
    const response = passkey.get(options)
    await page.ask('/latchkey/passkey-options')
    expect((await page.ask('/latchkey/verify-passkey', { response })).code).toBe('AUTHENTICATION_FAILED')
    expect((await page.ask('/latchkey/verify-passkey', { response })).code).toBe('CHALLENGE_NOT_FOUND')
    expect((await page.ask('/latchkey/verify-passkey', {})).code).toBe('PASSKEY_NOT_FOUND')
    expect((await page.state()).session?.secondFactorAgeMs).toBeGreaterThan(29 * minutes)
    expect((await prove()).code).toBeUndefined()
    expect((await page.state()).session?.secondFactorAgeMs).toBeLessThan(minutes)
  })

  it('by what was removed is refused: an app, backup codes, a phone whose code is on its way, a passkey', async () => {
    const { password } = withTotp
    const page = await trusted()
    await page.verify()
    await addPhone(page.browser, server, phone, password)
    const passkey = await addPasskey(page.browser, server.origin, true)
    server.advance(minutes)
    await page.ask('/two-factor/disable', { password })
    expect(await page.verify()).toBe('INVALID_CODE')
    const backup = await page.ask('/two-factor/verify-backup-code', { code: withTotp.backupCodes[0] })
    expect(backup.code).toBe('INVALID_BACKUP_CODE')

    await page.ask('/latchkey/send-phone-code', {})
    const code = newest()
    await page.ask('/latchkey/remove-phone', { password })
    expect(await page.verifySent(code)).toBe('PHONE_NOT_ENABLED')

    const response = passkey.get(await page.ask('/latchkey/passkey-options'))
    const [{ id } = { id: '' }] = await page.ask<{ id: string }[]>('/passkey/list-user-passkeys')
    await page.ask('/passkey/delete-passkey', { id })
    expect((await page.ask('/latchkey/verify-passkey', { response })).code).toBe('PASSKEY_NOT_ENABLED')
    expect(await page.verifySent(code)).toBe('PHONE_NOT_ENABLED')
    expect(await page.state()).toMatchObject({ session: { currentLevel: 'aal1', nextLevel: 'aal1' }, secondFactors: [] })
  })

  it('is not passed by the first factor once more', async () => {
    const page = open()
    const { email } = withEmailCode
    await page.ask('/email-otp/send-verification-otp', { email, type: 'sign-in' })
    await page.ask('/sign-in/email-otp', { email, otp: newest() })
    expect(await page.state()).toMatchObject({ session: { currentLevel: 'aal1', nextLevel: 'aal2' }, secondFactors: [] })
    expect((await page.ask('/two-factor/send-otp', {})).code).toBe('OTP_NOT_ENABLED')
    expect(await page.verifySent()).toBe('OTP_NOT_ENABLED')
    expect(await page.level()).toBe('aal1')
  })

  it('counts like a sign-in where Better Auth wants a young session', async () => {
    const page = await trusted()
    await page.verify()
    server.advance(2 * 24 * 60 * minutes)
    expect((await page.ask('/passkey/generate-register-options')).code).toBe('SESSION_NOT_FRESH')
    await page.verify()
    expect((await page.ask('/passkey/generate-register-options')).code).toBeUndefined()
  })
})

describe('a code by phone', () => {
  it('is none of a mailed one, and the other way round', async () => {
    const page = await withPhone()
    await page.ask('/sign-out', {})
    const later = await signIn(withoutMfa, page.browser)
    await later.ask('/latchkey/send-phone-code', {})
    const byPhone = newest()
    await later.ask('/two-factor/send-otp', {})
    expect(await later.verifySent(byPhone)).toBe('INVALID_CODE')
    expect(await later.verifySent()).toBe('taken')
    expect((await later.state()).session?.methods.map(({ method }) => method)).toEqual(['password', 'email_code'])
  })

  it('is sent to nobody who has not passed the first factor, nor enrolled a phone', async () => {
    expect((await open().ask('/latchkey/send-phone-code', {})).code).toBe('INVALID_TWO_FACTOR_COOKIE')
    expect((await (await signIn(withTotp)).ask('/latchkey/send-phone-code', {})).code).toBe('PHONE_NOT_ENABLED')
    expect((await open().ask('/latchkey/enroll-phone', { phoneNumber: phone, password: 'x' })).code).toBe('UNAUTHORIZED')
    expect((await (await signIn(withTotp)).ask('/latchkey/enroll-phone', { phoneNumber: phone })).code).toBe('UNAUTHORIZED')
    expect((await open().ask('/latchkey/passkey-options')).code).toBe('INVALID_TWO_FACTOR_COOKIE')
    expect(server.outbox).toEqual([])
  })

  it('opens a sign-in once', async () => {
    const page = await withPhone()
    await page.ask('/sign-out', {})
    const later = await signIn(withoutMfa, page.browser)
    await later.ask('/latchkey/send-phone-code', {})
    const code = newest()
    const both = await Promise.all([later.verifySent(code), later.verifySent(code)])
    expect(both.filter((one) => one === 'taken')).toHaveLength(1)
  })
})
