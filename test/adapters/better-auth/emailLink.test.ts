// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { landingLink } from '../../../src/server/better-auth/index.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { startBetterAuthServer, totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'
import { byEmail } from './harness.js'
import { minutes, newest, openPage, refused } from './house.js'
import { redirectUrlOf } from './ways.js'

const { withoutMfa, withTotp } = demoUsers
const factorId = 'email_link'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

async function sent({ email }: { email: string }, browser?: Browser) {
  const page = openPage(server, byEmail, browser)
  const attempt = await page.create({ identifier: email })
  const prepared = await page.prepareFirstFactor(attempt, { factorId, redirectUrl: redirectUrlOf(server) })
  return { ...page, attempt, prepared, url: newest(server) }
}

describe('a link by e-mail', () => {
  it('leads to the app’s own page, which is looked at every three seconds', async () => {
    const { prepared, url } = await sent(withoutMfa)
    expect(prepared.firstFactorVerification).toEqual({ status: 'unverified', factorId, pollEveryMs: 3_000 })
    expect(url).toMatch(new RegExp(`^${server.origin}/app\\?latchkey=link&token=[A-Za-z]{32}$`))
  })

  it('signs in the tab that it opens, and the tab that waits hears of it', async () => {
    const { browser, attempt, reload, finish, url } = await sent(withoutMfa)
    expect(await reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
    const tab = openPage(server, byEmail, browser)
    const { attempt: opened, cleanUrl } = await tab.resume({ url })
    expect(cleanUrl).toBe(redirectUrlOf(server))
    expect(opened).toMatchObject({ status: 'complete', cancelSignsOut: true })
    const session = await tab.finish(opened!)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['email_link'])
    const heard = await reload(attempt)
    expect(heard.status).toBe('complete')
    expect(await finish(heard)).toMatchObject({ id: session.id })
  })

  it('is followed by the second factor, in either tab', async () => {
    const { browser, attempt, reload, url } = await sent(withTotp)
    const tab = openPage(server, byEmail, browser)
    const { attempt: opened } = await tab.resume({ url })
    expect(opened).toMatchObject({ status: 'needs_second_factor' })
    expect(await tab.session.get()).toBeNull()
    expect(await reload(attempt)).toMatchObject({ status: 'needs_second_factor' })
    const done = await tab.attemptSecondFactor(opened!, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    const session = await tab.finish(done)
    expect(session.methods.map(({ method }) => method)).toEqual(['email_link', 'totp'])
  })

  it('opened in another browser signs that one in, and the first stays where it was', async () => {
    const { attempt, reload, session, url } = await sent(withoutMfa)
    const other = openPage(server)
    const { attempt: opened } = await other.resume({ url })
    expect(await other.finish(opened!)).toMatchObject({ user: { label: withoutMfa.email } })
    expect(await reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
    expect(await session.get()).toBeNull()
  })

  it('is not used up by whoever only opens the address', async () => {
    const { resume, url } = await sent(withoutMfa)
    await fetch(url)
    expect((await resume({ url })).attempt?.status).toBe('complete')
  })

  it('works once, and not after five minutes; then it says so without its own words', async () => {
    const { url } = await sent(withoutMfa)
    await openPage(server).resume({ url })
    const used = await refused(openPage(server).resume({ url }))
    expect(used).toMatchObject({ code: 'code_incorrect_or_expired', outcome: 'refused' })
    const { url: late } = await sent(withoutMfa)
    server.advance(6 * minutes)
    expect(await refused(openPage(server).resume({ url: late }))).toMatchObject({ code: 'code_incorrect_or_expired' })
    expect(await refused(openPage(server).resume({ url: `${redirectUrlOf(server)}&token=made-up` }))).toMatchObject({
      code: 'code_incorrect_or_expired',
    })
  })

  it('SI-13 is asked for alike for an unknown address, to which nothing is sent', async () => {
    const known = await sent(withoutMfa)
    const messages = server.outbox.length
    const unknown = await sent({ email: 'nobody@example.com' })
    expect({ ...unknown.prepared, id: '', identifier: '' }).toEqual({ ...known.prepared, id: '', identifier: '' })
    expect(server.outbox).toHaveLength(messages)
  })

  it('of somebody signed in before is not taken for the one that was asked for', async () => {
    const browser = server.browser()
    const before = openPage(server, byEmail, browser)
    const { email: identifier, password } = withoutMfa
    await before.finish(await before.create({ identifier, password }))
    const { attempt, reload } = await sent(withoutMfa, browser)
    expect(await reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
  })

  it('whose answer was lost with the cookie is refused the next time; lost after it, found', async () => {
    const proxy = await createLossyProxy({ targetPort: Number(new URL(server.origin).port) })
    const open = () => openPage(server, byEmail, server.browser({}, `http://127.0.0.1:${proxy.port}`))
    const verify = '/api/auth/magic-link/verify'
    const { url: first } = await sent(withoutMfa)
    const one = open()
    proxy.cut(verify, 'before-headers')
    expect(await refused(one.resume({ url: first }))).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect(await refused(one.resume({ url: first }))).toMatchObject({ code: 'code_incorrect_or_expired' })
    const { url: second } = await sent(withoutMfa)
    const two = open()
    proxy.cut(verify, 'after-headers')
    expect(await refused(two.resume({ url: second }))).toMatchObject({ outcome: 'unknown' })
    const { attempt, cleanUrl } = await two.resume({ url: second })
    expect(attempt?.status).toBe('complete')
    expect(cleanUrl).toBe(redirectUrlOf(server))
    await proxy.close()
  })
})

describe('landingLink', () => {
  it('is the page that was asked for, with the token', () => {
    const url = 'https://api.example/api/auth/magic-link/verify?token=abc&callbackURL=https%3A%2F%2Fapp.example%2Fin%3Fa%3D1%23b'
    expect(landingLink({ url, token: 'abc' })).toBe('https://app.example/in?a=1&token=abc#b')
    expect(landingLink({ url: 'https://api.example/verify?callbackURL=%2F', token: 'x' })).toBe('https://api.example/?token=x')
  })
})
