// @vitest-environment node
import { WorkOS } from '@workos-inc/node'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { workosAdapter } from '../../src/adapters/workos/index.js'
import { createAuthHandler, type AuthHandler } from '../../src/server/index.js'
import { serverSecret } from '../servers/authServer.js'
import { startWorkOSStandIn, type WorkOSStandIn } from '../servers/workosStandIn.js'
import { checkResponse } from './protocolDocument.js'

const origin = 'https://app.example'
const home = `${origin}/sign-in?from=menu`
const ada = { email: 'ada@example.com', password: 'S3ntinel-password' }
/** What the handler took for a fault of its own or of the adapter. There must be none. */
const faults: unknown[] = []

let workos: WorkOSStandIn
let handler: AuthHandler

beforeAll(async () => {
  workos = await startWorkOSStandIn()
  workos.addUser(ada)
  const firstFactors = ['oauth_google', 'enterprise_sso'] as const
  const adapter = workosAdapter(new WorkOS(workos.apiKey, { ...workos.options }), { firstFactors })
  handler = createAuthHandler({ adapter, secret: serverSecret, now: workos.now, onError: (thrown) => void faults.push(thrown) })
})
afterEach(() => expect([faults, workos.refusals]).toEqual([[], []]))
afterAll(() => workos.close())

/** A browser as the handler sees it: its cookies. */
function browser(cookies = new Map<string, string>()) {
  async function ask(path: string, params: object) {
    const url = `${origin}/api/auth/${path}`
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { origin, 'content-type': 'application/json', cookie }
    const response = await handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(params) }))
    await checkResponse(url, response.clone())
    const lines = response.headers.getSetCookie()
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0\b/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, text: await response.text(), lines }
  }
  return {
    cookies,
    ask,
    async leave() {
      const { text } = await ask('sign-in/create', { strategy: 'oauth_google', redirectUrl: home })
      return (JSON.parse(text) as { attempt: { redirectUrl: string } }).attempt.redirectUrl
    },
    resume: (url: string) => ask('sign-in/resume', { url }),
  }
}

const wayBack = async (of: ReturnType<typeof browser>) => workos.visit(await of.leave(), ada.email)

const asked = () => workos.calls.length

async function expectLost(answer: ReturnType<ReturnType<typeof browser>['ask']>, secrets: readonly string[] = []) {
  const { status, text, lines } = await answer
  expect(status).toBe(400)
  expect(JSON.parse(text)).toEqual({ error: { code: 'attempt_lost', outcome: 'refused' } })
  for (const secret of secrets) expect(text + lines.join()).not.toContain(secret)
}

describe('SI-24 a provider’s answer at the handler', () => {
  it('signs in the browser that asked, in cookies that pages cannot read', async () => {
    const of = browser()
    const { status, text, lines } = await of.resume(await wayBack(of))
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ attempt: { status: 'complete' }, cleanUrl: home })
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/^__Host-latchkey\.attempt=.*; HttpOnly; SameSite=Lax; Secure/)
  })

  it('with a state that is anything else is refused, WorkOS is not asked, and the browser’s own goes on', async () => {
    const of = browser()
    const url = await wayBack(of)
    const { code = '', state = '' } = Object.fromEntries(new URL(url).searchParams)
    const before = asked()
    const anyState = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom('', 'undefined', 'null', '__proto__', state.toUpperCase(), state.slice(0, -1), `${state}A`, ` ${state}`),
      fc.nat(state.length - 1).map((at) => `${state.slice(0, at)}${state[at] === 'A' ? 'B' : 'A'}${state.slice(at + 1)}`),
    )
    const answer = fc.constantFrom({ code }, { code: 'x' }, { error: 'access_denied' }, { code, error: 'access_denied' })
    await fc.assert(
      fc.asyncProperty(anyState, answer, fc.boolean(), async (given, said, named) => {
        fc.pre(given !== state)
        const forged = new URL(home)
        for (const [name, value] of Object.entries<string | undefined>({ ...said, ...(named && { state: given }) }))
          if (value !== undefined) forged.searchParams.set(name, value)
        await expectLost(of.resume(forged.href), [code, state])
      }),
      { numRuns: 200 },
    )
    expect(asked()).toBe(before)
    expect((await of.resume(url)).status).toBe(200)
  })

  it('of another browser is refused in one that asks nobody, and in one that has asked itself', async () => {
    const url = await wayBack(browser())
    const [none, own] = [browser(), browser()]
    await own.leave()
    const before = asked()
    for (const of of [none, own]) await expectLost(of.resume(url), [new URL(url).searchParams.get('code') ?? ''])
    expect(asked()).toBe(before)
  })

  it('is refused with a cookie that was changed, sealed for another use or by another server', async () => {
    const of = browser()
    const url = await wayBack(of)
    const sealed = of.cookies.get('__Host-latchkey.attempt') ?? ''
    const at = sealed.length >> 1
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
    const before = asked()
    await expectLost(browser(new Map([['__Host-latchkey.attempt', changed]])).resume(url))
    await expectLost(browser(new Map([['__Host-latchkey.session', sealed]])).resume(url))
    // Without the prefix a subdomain could have planted it.
    await expectLost(browser(new Map([['latchkey.attempt', sealed]])).resume(url))
    expect(asked()).toBe(before)
  })

  it('is refused ten minutes later, whatever the browser still holds', async () => {
    const of = browser()
    const url = await wayBack(of)
    workos.advance(10 * 60_000)
    const before = asked()
    await expectLost(of.resume(url))
    expect(asked()).toBe(before)
  })

  it('is refused a second time, also from a copy of the first cookies: the code is spent', async () => {
    const of = browser()
    const url = await wayBack(of)
    const copy = new Map(of.cookies)
    const before = workos.sessions.size
    expect((await of.resume(url)).status).toBe(200)
    await expectLost(of.resume(url))
    await expectLost(browser(copy).resume(url), [new URL(url).searchParams.get('code') ?? ''])
    expect(workos.sessions.size).toBe(before + 1)
  })

  it('is led back to no page but the app’s own, and to none that is too long to be kept', async () => {
    const of = browser()
    for (const redirectUrl of [
      'https://evil.example/',
      `${origin}.evil.example/`,
      `${origin}@evil.example/`,
      'http://app.example/',
    ]) {
      const { status, text } = await of.ask('sign-in/create', { strategy: 'oauth_google', redirectUrl })
      expect([status, JSON.parse(text)]).toMatchObject([400, { error: { code: 'redirect_denied' } }])
    }
    for (const length of [2_000, 4_000, 5_500, 6_000, 7_000, 8_000]) {
      const redirectUrl = `${origin}/?${'x'.repeat(length)}`
      const { status, text } = await of.ask('sign-in/create', { strategy: 'oauth_google', redirectUrl })
      if (status === 200) continue
      expect([status, JSON.parse(text)]).toMatchObject([400, { error: { code: 'redirect_denied' } }])
      expect(length).toBeGreaterThan(5_000)
    }
  })
})
