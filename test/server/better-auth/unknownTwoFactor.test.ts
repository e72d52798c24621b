import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { emailOTP } from 'better-auth/plugins/email-otp'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { expect, it } from 'vitest'
import { latchkey } from '../../../src/server/better-auth/index.js'

const email = 'grace@example.com'

/** A server with one person who has a second factor. `hooks`: those of `twoFactor()`, or none, as in a version that does it in another way. */
async function server(hooks: 'its own' | 'none') {
  const database = Object.fromEntries(
    ['user', 'session', 'account', 'verification', 'twoFactor'].map((model): [string, Record<string, unknown>[]] => [model, []]),
  )
  let code = ''
  const second = twoFactor({ otpOptions: { sendOTP: () => undefined } })
  const auth = betterAuth({
    baseURL: 'http://localhost:3000',
    secret: 'only-for-tests-0123456789abcdefghij',
    database: memoryAdapter(database),
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      emailOTP({ sendVerificationOTP: async ({ otp }) => void (code = otp) }),
      hooks === 'none' ? { ...second, hooks: { after: [] } } : second,
      latchkey(),
    ],
  })
  const { internalAdapter, adapter } = await auth.$context
  const user = await internalAdapter.createUser(
    { email, name: 'Grace', emailVerified: true, twoFactorEnabled: true },
    { method: 'email' },
  )
  await adapter.create({ model: 'twoFactor', data: { userId: user.id, verified: true, secret: 'x', backupCodes: 'y' } })
  return {
    sessions: () => database.session,
    async signIn() {
      await auth.api.sendVerificationOTP({ body: { email, type: 'sign-in' } })
      const request = new Request('http://localhost:3000/api/auth/sign-in/email-otp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
        body: JSON.stringify({ email, otp: code }),
      })
      return auth.handler(request)
    },
  }
}

it('MG-20 a mailed code is followed by the second factor, and no session is left behind', async () => {
  const { signIn, sessions } = await server('its own')
  const response = await signIn()
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ twoFactorRedirect: true })
  expect(sessions()).toEqual([])
})

it('MG-03 where the second factor cannot be asked for, nobody is told that they are signed in', async () => {
  const { signIn } = await server('none')
  const response = await signIn().catch(() => new Response(null, { status: 500 }))
  expect(response.status).toBe(500)
  expect(response.headers.getSetCookie().filter((cookie) => /session_token=[^;]/.test(cookie))).toEqual([])
})
