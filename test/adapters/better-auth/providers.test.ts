// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { startBetterAuthServer, totp } from '../../servers/betterAuthServer.js'
import { byEmail, type ServerWithProviders } from './harness.js'
import { openPage, refused } from './house.js'
import { landing, providersFor, type Providers } from './providers.js'

const { withoutMfa, withTotp } = demoUsers
let server: ServerWithProviders
let providers: Providers
let redirectUrl: string

beforeAll(async () => {
  server = await startBetterAuthServer({}, providersFor)
  providers = server.providers ?? expect.unreachable()
  providers.accounts.push(withoutMfa, withTotp, { email: 'newcomer@example.com', name: 'Newcomer' })
  redirectUrl = `${server.origin}/app?tab=1`
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const ways = {
  oauth_acme: { strategy: 'oauth_acme' },
  'SAML, by address': { strategy: 'enterprise_sso', identifier: 'somebody@example.com' },
  'SAML, by name': { strategy: 'enterprise_sso', connection: 'globex' },
} as const

async function leave(way: (typeof ways)[keyof typeof ways], browser = server.browser()) {
  const page = openPage(server, byEmail, browser)
  const attempt = await page.create({ ...way, redirectUrl })
  if (attempt.status !== 'needs_redirect') return expect.unreachable()
  return { ...page, attempt, back: () => openPage(server, byEmail, browser) }
}

describe.each(Object.entries(ways))('%s', (_name, way) => {
  const method = way.strategy

  it('comes back to a session, and to a clean address', async () => {
    const { browser, attempt, back } = await leave(way)
    const url = await providers.visit(browser, attempt.redirectUrl, withoutMfa.email)
    const page = back()
    const { attempt: done, cleanUrl } = await page.resume({ url })
    expect(cleanUrl).toBe(redirectUrl)
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: true })
    const session = await page.finish(done!)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1' })
    expect(session.methods.map((one) => one.method)).toEqual([method])
  })

  it('comes back to the second factor', async () => {
    const { browser, attempt, back } = await leave(way)
    const url = await providers.visit(browser, attempt.redirectUrl, withTotp.email)
    expect(browser.cookies.has('better-auth.session_token')).toBe(false)
    const page = back()
    const { attempt: between, cleanUrl } = await page.resume({ url })
    expect(between).toMatchObject({ status: 'needs_second_factor' })
    expect(cleanUrl).toBe(redirectUrl)
    expect(await page.session.get()).toBeNull()
    const done = await page.attemptSecondFactor(between!, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    const session = await page.finish(done)
    expect(session).toMatchObject({ currentLevel: 'aal2' })
    expect(session.methods.map((one) => one.method)).toEqual([method, 'totp'])
  })

  it('in a popup is heard of in the page that opened it, and not before', async () => {
    const browser = server.browser()
    const before = openPage(server, byEmail, browser)
    const { email: identifier, password } = withoutMfa
    await before.finish(await before.create({ identifier, password }))
    const { attempt, reload, finish } = await leave(way, browser)
    expect(await reload(attempt)).toMatchObject({ status: 'needs_redirect' })
    await providers.visit(browser, attempt.redirectUrl, withoutMfa.email)
    const heard = await reload(attempt)
    expect(heard).toMatchObject({ status: 'complete' })
    expect((await finish(heard)).methods.map((one) => one.method)).toEqual([method])
  })

  it('given up before anybody came back leaves an older session alone', async () => {
    const browser = server.browser()
    const before = openPage(server, byEmail, browser)
    const { email: identifier, password } = withoutMfa
    await before.finish(await before.create({ identifier, password }))
    const { attempt, cancel, session } = await leave(way, browser)
    await cancel(attempt)
    expect(await session.get()).toMatchObject({ user: { label: withoutMfa.email } })
  })

  it('says so to somebody without an account here, and makes none', async () => {
    const { browser, attempt, resume, session } = await leave(way)
    const url = await providers.visit(browser, attempt.redirectUrl, 'newcomer@example.com')
    expect(await refused(resume({ url }))).toMatchObject({ code: 'no_account', outcome: 'refused' })
    expect(await session.get()).toBeNull()
  })
})

describe('a way back', () => {
  it('SI-16 says that the person refused, in none of the provider’s words', async () => {
    const { browser, attempt, resume } = await leave(ways.oauth_acme)
    const url = await providers.deny(browser, attempt.redirectUrl)
    expect(url).toContain('error_description')
    const error = await refused(resume({ url }))
    expect(error).toMatchObject({ code: 'redirect_denied', outcome: 'refused' })
    expect(JSON.stringify([error, error.message, error.cause])).not.toMatch(/did not want/i)
  })

  it('in another browser than the one that left is lost', async () => {
    const { browser, attempt } = await leave(ways.oauth_acme)
    expect(browser.cookies.has('better-auth.state')).toBe(true)
    const stranger = openPage(server)
    const url = await providers.visit(stranger.browser, attempt.redirectUrl, withoutMfa.email)
    expect(await refused(stranger.resume({ url }))).toMatchObject({ code: 'attempt_lost' })
    expect(await stranger.session.get()).toBeNull()
  })

  it('whose answer is sent once more makes no second session', async () => {
    const { browser, attempt } = await leave(ways['SAML, by name'])
    const posted: string[] = []
    const recording = {
      ...browser,
      fetch: async (input: string, init?: RequestInit) => {
        posted.push(`${init?.body as string}`)
        return browser.fetch(input, init)
      },
    } as typeof browser
    await providers.visit(recording, attempt.redirectUrl, withoutMfa.email)
    const stranger = openPage(server)
    const replay = { method: 'POST', body: new URLSearchParams(posted[0]), headers: { origin: providers.origins[1] ?? '' } }
    const acs = `${server.origin}/api/auth/sso/saml2/sp/acs/globex`
    expect(await landing(stranger.browser, acs, replay)).toContain('error=')
    expect(await stranger.session.get()).toBeNull()
  })

  it.each([
    ['access_denied', 'redirect_denied'],
    ['state_mismatch', 'attempt_lost'],
    ['state_not_found', 'attempt_lost'],
    ['please_restart_the_process', 'attempt_lost'],
    ['invalid_state', 'attempt_lost'],
    ['signup_disabled', 'no_account'],
    ['signup disabled', 'no_account'],
    ['oauth_provider_not_found', 'sso_not_found'],
    ['invalid_provider', 'sso_not_found'],
    ['account_not_linked', 'redirect_denied'],
    ['invalid_code', 'redirect_denied'],
    ['<img src=x onerror=alert(1)>', 'redirect_denied'],
  ])('with error=%s is %s', async (error, code) => {
    const { resume } = openPage(server)
    const query = new URLSearchParams({ latchkey_return: '', error, error_description: 'Call 555-0100 now' })
    expect(await refused(resume({ url: `${server.origin}/app?${query}` }))).toMatchObject({ code, outcome: 'refused' })
  })

  it('that was none is left alone, whatever the app’s own address says', async () => {
    const { resume } = openPage(server, { firstFactors: ['password', 'oauth_acme'] })
    expect(await resume({ url: `${server.origin}/app?error=ours&token=ours` })).toEqual({ attempt: null })
  })
})

describe('a company', () => {
  it('by OpenID comes back to a session', async () => {
    const identifier = 'ann@initech.example'
    await server.add({ email: identifier, name: 'Ann', password: 'quiet-harbour-28' })
    providers.accounts.push({ email: identifier, name: 'Ann' })
    const { browser, create, resume, finish } = openPage(server)
    const attempt = await create({ strategy: 'enterprise_sso', identifier, redirectUrl })
    if (attempt.status !== 'needs_redirect') return expect.unreachable()
    const { attempt: done } = await resume({ url: await providers.visit(browser, attempt.redirectUrl, identifier) })
    expect((await finish(done!)).methods.map(({ method }) => method)).toEqual(['enterprise_sso'])
  })

  it('does not answer for people of another one', async () => {
    const { browser, create, resume, session } = openPage(server)
    const attempt = await create({ strategy: 'enterprise_sso', connection: 'initech', redirectUrl })
    if (attempt.status !== 'needs_redirect') return expect.unreachable()
    const url = await providers.visit(browser, attempt.redirectUrl, withoutMfa.email)
    expect(await refused(resume({ url }))).toMatchObject({ code: 'redirect_denied' })
    expect(await session.get()).toBeNull()
  })

  it('that is not set up says so', async () => {
    const { create } = openPage(server)
    for (const whose of [{ identifier: 'ada@elsewhere.example' }, { connection: 'nobody' }])
      expect(await refused(create({ strategy: 'enterprise_sso', ...whose, redirectUrl }))).toMatchObject({
        code: 'sso_not_found',
      })
  })
})
