import { createAuthClient } from 'better-auth/client'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import { totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'

const options = { firstFactors: ['password', 'email_code'] } as const

/** `server`: started without users; every stage resets it. */
export function betterAuthHarness(server: RunningServer): AdapterHarness {
  return {
    name: 'better-auth',
    evidence: 'real server',
    sample: betterAuthAdapter(createAuthClient({ baseURL: server.origin }), options),
    open: () => openStage(server),
    gaps: {
      'first/password/too-many':
        'Better Auth limits sign-ins by address, which here is one for all cases, so its limiter is off; signIn.test.ts holds it.',
    },
    // Its plugins have them: magic link, phone number, passkey, social sign-on, SSO, SIWE.
    owed: [
      'first/email_link',
      'phone_code',
      'first/passkey',
      'oauth_*',
      'enterprise_sso',
      'web3_*_signature',
      'reset_password_email_code',
      'reset_password_phone_code',
    ],
  }
}

/** Where each act goes, under `/api/auth`. */
function pathOf({ verb, strategy }: Act): string {
  const code = { totp: 'totp', email_code: 'otp', backup_code: 'backup-code' }[strategy as string] ?? ''
  const first = strategy === 'email_code' ? '/sign-in/email-otp' : '/sign-in/email'
  return {
    'signIn.create': first,
    'signIn.attemptFirstFactor': first,
    'signIn.prepareFirstFactor': '/email-otp/send-verification-otp',
    'signIn.prepareSecondFactor': '/two-factor/send-otp',
    'signIn.attemptSecondFactor': `/two-factor/verify-${code}`,
    'mfa.enroll': '/two-factor/enable',
    'mfa.verify': '/two-factor/verify-totp',
    'mfa.unenroll': '/two-factor/disable',
    'mfa.backupCodes.generate': '/two-factor/generate-backup-codes',
    'session.signOut': '/sign-out',
  }[verb]
}

async function openStage(server: RunningServer): Promise<Stage> {
  await server.reset()
  const proxy = await createLossyProxy({ targetPort: Number(new URL(server.origin).port) })
  const device = createDeviceClock()
  const newBrowser = () => server.browser({}, `http://127.0.0.1:${proxy.port}`)
  const open = (browser: Browser) => device.on(betterAuthAdapter(browser.client, options))
  const browser = newBrowser()
  let people = 0

  /** A code works once, so each is of a period of its own. */
  function authenticator(secret: string): string {
    server.advance(30_000)
    return totp(secret)
  }

  async function person({ totp: app, emailCode, phoneCode, webauthn, backupCodes }: PersonWants = {}): Promise<Person> {
    if (phoneCode || webauthn) throw new Error('The adapter offers neither phones nor passkeys.')
    const name = `person-${++people}`
    const [email, password] = [`${name}@example.com`, `quiet-harbour-${name}`]
    const secret = `KRUGS4ZANFZSAYLOMFZGKZDFNVXQ2CQ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[people] ?? ''}`
    const codes = backupCodes ? ['aB3dE-fG5hJ', 'kL7mN-pQ9rS'] : []
    await server.add({
      email,
      name,
      password,
      ...(app && { totpSecret: secret, backupCodes: codes }),
      ...(emailCode && { emailSecondFactor: true }),
    })
    return {
      identifier: email,
      password,
      async delivered() {
        const { code } = server.outbox.find(({ to }) => to === email) ?? {}
        if (!code) throw new Error('No message was delivered.')
        return code
      },
      ...(app && { totp: async () => authenticator(secret) }),
      ...(backupCodes && { backupCodes: codes }),
    }
  }

  return {
    adapter: open(browser),
    another: async () => open(newBrowser()),
    reloaded: async () => open(browser),
    person,
    authenticator: async (secret) => authenticator(secret),
    passTime: (ms) => server.advance(ms),
    loseNextReply: (act) => proxy.cut(`/api/auth${pathOf(act)}`, 'before-headers'),
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: (act) => server.requests.get(`POST ${pathOf(act)}`) ?? 0,
    secrets: () => [...browser.cookies.values()],
    async close() {
      device.remove()
      await proxy.close()
    },
  }
}
