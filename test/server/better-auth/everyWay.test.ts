// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { siweMessage } from '../../../src/core/siweMessage.js'
import type { Json } from '../../../src/core/json.js'
import type { ServerWithProviders } from '../../adapters/better-auth/harness.js'
import { newest } from '../../adapters/better-auth/house.js'
import { providersFor } from '../../adapters/better-auth/providers.js'
import { addPasskey, createWallet } from '../../adapters/better-auth/ways.js'
import { startBetterAuthServer, totp, type Browser } from '../../servers/betterAuthServer.js'

const { email, password, phone, totpSecret } = demoUsers.withTotp
const fresh = 'a-new-password-1'
const employee = { ...demoUsers.withTotp, email: 'theo@initech.example', phone: undefined }

interface Here {
  readonly server: ServerWithProviders
  readonly browser: Browser
  ask(path: string, body?: object): Promise<Record<string, unknown>>
}

interface Way {
  /** Better Auth itself goes on to the second factor. */
  readonly askedByItself?: true
  pass(here: Here): Promise<unknown>
}

async function come({ server, browser, ask }: Here, path: string, provider: object, as: string = email) {
  const { url } = await ask(path, { ...provider, callbackURL: `${server.origin}/app`, disableRedirect: true })
  await server.providers?.visit(browser, String(url), as)
}

/** Every way in which somebody can pass a first factor on the demo's server. Each leaves the browser where the first factor leads. */
const ways: Readonly<Record<string, Way>> = {
  'a password': { askedByItself: true, pass: ({ ask }) => ask('/sign-in/email', { email, password }) },
  'a password, by phone number': {
    askedByItself: true,
    pass: ({ ask }) => ask('/sign-in/phone-number', { phoneNumber: phone, password }),
  },
  'a code by e-mail': {
    async pass({ ask, server }) {
      await ask('/email-otp/send-verification-otp', { email, type: 'sign-in' })
      await ask('/sign-in/email-otp', { email, otp: newest(server) })
    },
  },
  'a link by e-mail': {
    async pass({ ask, server, browser }) {
      await ask('/sign-in/magic-link', { email, callbackURL: `${server.origin}/app` })
      const token = new URL(newest(server)).searchParams.get('token') ?? ''
      await browser.fetch(`/api/auth/magic-link/verify?token=${token}`)
    },
  },
  'a code by phone': {
    async pass({ ask, server }) {
      await ask('/phone-number/send-otp', { phoneNumber: phone })
      await ask('/phone-number/verify', { phoneNumber: phone, code: newest(server) })
    },
  },
  'a passkey that has not checked who holds it': {
    async pass({ ask, server }) {
      const aside = server.browser()
      await aside.client.signIn.email({ email, password })
      await aside.client.twoFactor.verifyTotp({ code: totp(totpSecret) })
      server.advance(60_000)
      const passkey = await addPasskey(aside, server.origin, false)
      const options = (await ask('/passkey/generate-authenticate-options')) as Json
      await ask('/passkey/verify-authentication', { response: passkey.get(options) })
    },
  },
  'a wallet': {
    async pass({ ask, server }) {
      const { sign, ...wallet } = createWallet(server.origin)
      await server.give(email, { wallet: wallet.address })
      const { nonce } = await ask('/siwe/nonce', {})
      const message = siweMessage({ ...wallet, nonce: String(nonce) }, new Date())
      await ask('/siwe/verify', { message, signature: await sign(message) })
    },
  },
  'a provider': { pass: (here) => come(here, '/sign-in/social', { provider: 'acme' }) },
  'a company, by OpenID': {
    async pass(here) {
      // An account is the company's only where its address is.
      await here.server.add(employee)
      await come(here, '/sign-in/sso', { providerId: 'initech' }, employee.email)
    },
  },
  'a company, by SAML': { pass: (here) => come(here, '/sign-in/sso', { providerId: 'globex' }) },
  'a password that was reset by e-mail': {
    askedByItself: true,
    async pass({ ask, server }) {
      await ask('/email-otp/request-password-reset', { email })
      await ask('/email-otp/reset-password', { email, otp: newest(server), password: fresh })
      await ask('/sign-in/email', { email, password: fresh })
    },
  },
  'a password that was reset by phone': {
    askedByItself: true,
    async pass({ ask, server }) {
      await ask('/phone-number/request-password-reset', { phoneNumber: phone })
      await ask('/phone-number/reset-password', { phoneNumber: phone, otp: newest(server), newPassword: fresh })
      await ask('/sign-in/phone-number', { phoneNumber: phone, password: fresh })
    },
  },
}

/** A browser that has gone this way, on a server with somebody who has an authenticator app. */
function house(plugin: boolean) {
  let server: ServerWithProviders
  beforeAll(async () => {
    server = await startBetterAuthServer({ plugin }, providersFor)
    server.providers?.accounts.push(demoUsers.withTotp, employee)
  }, 30_000)
  beforeEach(() => server.reset())
  afterAll(() => server.close())

  return async ({ pass }: Way) => {
    const browser = server.browser()
    async function ask(path: string, body?: object) {
      const response = await browser.fetch(`/api/auth${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      return ((await response.json().catch(() => ({}))) ?? {}) as Record<string, unknown>
    }
    await pass({ server, browser, ask })
    return {
      ask,
      isSignedIn: async () => Boolean((await ask('/get-session')).session),
      guarded: async () => (await browser.fetch('/api/protected')).status,
      verify: async (code: string) => (await ask('/two-factor/verify-totp', { code })).code ?? 'taken',
      again: async () => pass({ server, browser, ask }),
    }
  }
}

describe('MG-20 with latchkey(), nothing that needs aal2 opens without the second factor after', () => {
  const go = house(true)

  it.each(Object.keys(ways))('%s', async (name) => {
    const { isSignedIn, guarded, ask, verify } = await go(ways[name] ?? expect.unreachable())
    expect(await isSignedIn()).toBe(false)
    expect(await guarded()).toBe(401)
    const { attempt, secondFactors } = await ask('/latchkey/state')
    expect(attempt).toMatchObject({ id: expect.any(String) as string })
    expect((secondFactors as { id: string }[])[0]).toMatchObject({ id: 'totp', primary: true })
    expect(await verify('000000')).toBe('INVALID_CODE')
    expect(await guarded()).toBe(401)
    expect(await verify(totp(totpSecret))).toBe('taken')
    expect(await guarded()).toBe(200)
  })
})

describe('without latchkey(), the gap: Better Auth goes on to the second factor after passwords only, and signs in at once after', () => {
  const go = house(false)
  const gap = Object.keys(ways).filter((name) => !ways[name]?.askedByItself)

  it.each(gap)('%s', async (name) => {
    const { isSignedIn, guarded, ask } = await go(ways[name] ?? expect.unreachable())
    expect(await isSignedIn()).toBe(true)
    expect((await ask('/get-session')).user).toMatchObject({ twoFactorEnabled: true })
    // A level that nobody recorded opens nothing, so the guard fails closed.
    expect(await guarded()).toBe(403)
  })
})

describe('OT-28 a TOTP code that was taken', () => {
  const [withPlugin, without] = [house(true), house(false)]
  const byPassword = ways['a password'] ?? expect.unreachable()

  it('is refused in another sign-in with latchkey()', async () => {
    const { verify, again, guarded } = await withPlugin(byPassword)
    const code = totp(totpSecret)
    expect(await verify(code)).toBe('taken')
    await again()
    expect(await verify(code)).toBe('TOTP_ALREADY_USED')
    expect(await guarded()).toBe(401)
  })

  it('is taken again without it: the gap', async () => {
    const { verify, again, isSignedIn } = await without(byPassword)
    const code = totp(totpSecret)
    expect(await verify(code)).toBe('taken')
    await again()
    expect(await verify(code)).toBe('taken')
    expect(await isSignedIn()).toBe(true)
  })
})
