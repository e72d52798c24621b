// @vitest-environment node
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { symmetricEncrypt } from 'better-auth/crypto'
import { emailOTP } from 'better-auth/plugins/email-otp'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { username } from 'better-auth/plugins/username'
import { TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { latchkey, requireLevel } from '../../../src/server/better-auth/index.js'

const origin = 'http://auth.test'
const [email, password, secret] = ['grace@example.com', 'quiet-harbour-28', 'KRUGS4ZANFZSAYLOMFZGKZDFNVXQ2CQB']

/** What the demo's server has not: people with a user name, and an address that was never verified, whose proof signs in. */
async function house(plugin: boolean) {
  const models = ['user', 'session', 'account', 'verification', 'twoFactor']
  const database = Object.fromEntries(models.map((model): [string, Record<string, unknown>[]] => [model, []]))
  const mailed: string[] = []
  const auth = betterAuth({
    baseURL: origin,
    secret: 'only-for-tests-0123456789abcdefghij',
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    emailVerification: {
      autoSignInAfterVerification: true,
      sendVerificationEmail: async ({ token }) => void mailed.push(token),
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      username(),
      emailOTP({ sendVerificationOTP: async ({ otp }) => void mailed.push(otp) }),
      twoFactor(),
      ...(plugin ? [latchkey()] : []),
    ],
  })
  const { internalAdapter, adapter, password: passwords, secretConfig: key } = await auth.$context
  const { id: userId } = await internalAdapter.createUser(
    { email, name: 'Grace', username: 'grace', emailVerified: false, twoFactorEnabled: true },
    { method: 'email' },
  )
  const hash = await passwords.hash(password)
  await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash })
  const backupCodes = await symmetricEncrypt({ key, data: '[]' })
  const row = { userId, verified: true, secret: await symmetricEncrypt({ key, data: `base32:${secret}` }), backupCodes }
  await adapter.create({ model: 'twoFactor', data: row })
  const cookies = new Map<string, string>()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    newest: () => mailed.at(-1) ?? '',
    async ask(path: string, body?: object) {
      const headers = { 'content-type': 'application/json', origin, cookie: cookie() }
      const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
      const response = await auth.handler(new Request(`${origin}/api/auth${path}`, { headers, ...init }))
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';')
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) cookies.delete(name)
        else cookies.set(name, value)
      }
      return ((await response.json().catch(() => null)) ?? {}) as Record<string, unknown>
    },
    refusal: async (level: 'aal1' | 'aal2') => (await requireLevel(auth, new Headers({ cookie: cookie() }), level))?.status,
  }
}

type Here = Awaited<ReturnType<typeof house>>

const ways = {
  'a user name and a password': ({ ask }: Here) => ask('/sign-in/username', { username: 'grace', password }),
  'a link that verifies the address': async ({ ask, newest }: Here) => {
    await ask('/send-verification-email', { email })
    await ask(`/verify-email?token=${newest()}`)
  },
  'a code that verifies the address': async ({ ask, newest }: Here) => {
    await ask('/email-otp/send-verification-otp', { email, type: 'email-verification' })
    await ask('/email-otp/verify-email', { email, otp: newest() })
  },
} as const

const code = () => new TOTP({ secret }).generate()

describe('MG-20 with latchkey(), nothing that needs aal2 opens without the second factor after', () => {
  it.each(Object.entries(ways))('%s', async (_name, pass) => {
    const here = await house(true)
    await pass(here)
    expect((await here.ask('/get-session')).session).toBeUndefined()
    expect(await here.refusal('aal1')).toBe(401)
    expect((await here.ask('/latchkey/state')).attempt).toMatchObject({ id: expect.any(String) as string })
    await here.ask('/two-factor/verify-totp', { code: code() })
    expect(await here.refusal('aal2')).toBeUndefined()
  })

  it('a sign-up, of somebody who has none yet', async () => {
    const here = await house(true)
    await here.ask('/sign-up/email', { email: 'new@example.com', name: 'New', password })
    expect(await here.refusal('aal1')).toBeUndefined()
    expect(await here.refusal('aal2')).toBe(403)
  })
})

describe('without latchkey(), the gap: Better Auth signs in at once after', () => {
  it.each(Object.entries(ways).slice(1))('%s', async (_name, pass) => {
    const here = await house(false)
    await pass(here)
    expect((await here.ask('/get-session')).user).toMatchObject({ email, twoFactorEnabled: true })
    // A level that nobody recorded opens nothing.
    expect(await here.refusal('aal1')).toBe(403)
  })
})
