// @vitest-environment node
import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { emailOTP } from 'better-auth/plugins/email-otp'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { expect, it } from 'vitest'
import { latchkey } from '../../../src/server/better-auth/index.js'

const origin = 'http://localhost:3000'
const [email, password] = ['grace@example.com', 'quiet-harbour-28']

/** Somebody with a passkey of a time when it was no second factor, so that Better Auth does not know that there is one. */
async function house(passkeyAsSecondFactor: boolean, order: 'first' | 'last') {
  const models = ['user', 'session', 'account', 'verification', 'twoFactor', 'passkey']
  const database = Object.fromEntries(models.map((model): [string, Record<string, unknown>[]] => [model, []]))
  let code = ''
  const kit = latchkey({ passkeyAsSecondFactor })
  const auth = betterAuth({
    baseURL: origin,
    secret: 'only-for-tests-0123456789abcdefghij',
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      ...(order === 'first' ? [kit] : []),
      emailOTP({ sendVerificationOTP: async ({ otp }) => void (code = otp) }),
      twoFactor(),
      passkey(),
      ...(order === 'last' ? [kit] : []),
    ],
  })
  const { internalAdapter, adapter, password: passwords } = await auth.$context
  const { id: userId } = await internalAdapter.createUser({ email, name: 'Grace', emailVerified: true }, { method: 'email' })
  const hash = await passwords.hash(password)
  await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash })
  const data = { userId, credentialID: 'one', publicKey: 'x', counter: 0, deviceType: 'singleDevice', backedUp: false }
  await adapter.create({ model: 'passkey', data })
  async function ask(path: string, body: object) {
    const headers = { 'content-type': 'application/json', origin }
    const request = new Request(`${origin}/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await auth.handler(request)).json() as Promise<Record<string, unknown>>
  }
  return {
    sessions: () => database.session,
    isOn: () => database.user?.[0]?.twoFactorEnabled,
    byPassword: () => ask('/sign-in/email', { email, password }),
    async byCode() {
      await auth.api.sendVerificationOTP({ body: { email, type: 'sign-in' } })
      return ask('/sign-in/email-otp', { email, otp: code })
    },
  }
}

it.each([
  ['byPassword', 'first'],
  ['byPassword', 'last'],
  ['byCode', 'first'],
  ['byCode', 'last'],
] as const)('MG-20 a passkey from before it counted is asked for, too (%s, the plugin is the %s)', async (way, order) => {
  const { [way]: signIn, sessions, isOn } = await house(true, order)
  expect(await signIn()).toMatchObject({ twoFactorRedirect: true })
  expect(sessions()).toEqual([])
  expect(isOn()).toBe(true)
  expect(await signIn()).toMatchObject({ twoFactorRedirect: true })
  expect(sessions()).toEqual([])
})

it('where passkeys do not count, nobody is asked for one', async () => {
  const { byPassword, sessions } = await house(false, 'last')
  expect(await byPassword()).toMatchObject({ user: { email } })
  expect(sessions()).toHaveLength(1)
})
