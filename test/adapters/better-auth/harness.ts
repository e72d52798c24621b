import { createAuthClient } from 'better-auth/client'
import { betterAuthAdapter, type BetterAuthAdapterOptions } from '../../../src/adapters/better-auth/index.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import type { Trouble } from '../../../src/testing/adapterHarness.js'
import { totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createAnsweringProxy, type Reply } from '../../testing/answeringProxy.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import type { Providers } from './providers.js'
import { addPasskey, addPhone, createKeychain, createWallet, redirectUrlOf } from './ways.js'

export const byEmail = {
  firstFactors: [
    'password',
    'email_code',
    'email_link',
    'passkey',
    'web3_metamask_signature',
    'web3_base_signature',
    'web3_coinbase_wallet_signature',
    'web3_okx_wallet_signature',
    'oauth_acme',
    'enterprise_sso',
    'reset_password_email_code',
  ],
  enroll: ['totp', 'phone', 'webauthn'],
} as const satisfies BetterAuthAdapterOptions

export const byPhone = {
  identifiers: ['phone'],
  firstFactors: ['password', 'phone_code', 'reset_password_phone_code'],
  enroll: ['totp', 'phone'],
} as const satisfies BetterAuthAdapterOptions

export type ServerWithProviders = RunningServer & { readonly providers: Providers | undefined }

/** `server`: started without users; every stage resets it. */
export function betterAuthHarness(server: ServerWithProviders, name: string, options: BetterAuthAdapterOptions): AdapterHarness {
  const firstFactors: readonly string[] = options.firstFactors ?? []
  return {
    name,
    evidence: 'real server',
    sample: betterAuthAdapter(createAuthClient({ baseURL: server.origin }), options),
    open: () => openStage(server, options),
    gaps: {
      'first/password/too-many':
        'Better Auth limits sign-ins by address, which here is one for all cases, so its limiter is off; signIn.test.ts holds it.',
      'answers/first-factor/locked': 'Better Auth locks accounts for guesses at the second factor only.',
      'enroll/forced': 'Better Auth lets everybody in who has no second factor.',
      ...(firstFactors.includes('passkey') && { 'rename/taken': 'Better Auth lets passkeys have one name.' }),
      ...(firstFactors.includes('enterprise_sso') && {
        'first/enterprise_sso/denied': 'SAML’s page here has no way to say no: who gives up there never comes back.',
      }),
    },
  }
}

/** Its limiter's answer has no code, and its lock's no wait. */
const replies: Readonly<Record<Trouble, Reply>> = {
  failure: { status: 500, body: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal Server Error' } },
  throttled: { status: 429, body: { message: 'Too many requests. Please try again later.' }, headers: { 'x-retry-after': '30' } },
  locked: { status: 429, body: { code: 'ACCOUNT_TEMPORARILY_LOCKED', message: 'Too many failed verification attempts.' } },
}

/** Where each act goes, under `/api/auth`. */
function pathOf({ verb, strategy }: Act, byNumber: boolean): string {
  const paths: Readonly<Record<string, string>> = { email_code: 'otp', phone_code: 'otp', backup_code: 'backup-code' }
  const phone = strategy === 'phone_code'
  const first = phone
    ? '/phone-number/verify'
    : strategy === 'email_code'
      ? '/sign-in/email-otp'
      : byNumber
        ? '/sign-in/phone-number'
        : '/sign-in/email'
  return {
    'signIn.create': first,
    'signIn.attemptFirstFactor': first,
    'signIn.prepareFirstFactor': phone ? '/phone-number/send-otp' : '/email-otp/send-verification-otp',
    'signIn.prepareSecondFactor': phone ? '/latchkey/send-phone-code' : '/two-factor/send-otp',
    'signIn.attemptSecondFactor':
      strategy === 'passkey' ? '/latchkey/verify-passkey' : `/two-factor/verify-${paths[strategy] ?? strategy}`,
    'mfa.enroll': phone ? '/latchkey/enroll-phone' : '/two-factor/enable',
    'mfa.verify': phone
      ? '/latchkey/verify-phone'
      : strategy === 'passkey'
        ? '/passkey/verify-registration'
        : '/two-factor/verify-totp',
    'mfa.unenroll': phone ? '/latchkey/remove-phone' : '/two-factor/disable',
    'mfa.rename': '/passkey/update-passkey',
    'mfa.makeDefault': 'none',
    'mfa.backupCodes.generate': '/two-factor/generate-backup-codes',
    'session.signOut': '/sign-out',
  }[verb]
}

async function openStage(server: ServerWithProviders, options: BetterAuthAdapterOptions): Promise<Stage> {
  const byNumber = options.identifiers?.[0] === 'phone'
  await server.reset()
  const words = await createAnsweringProxy(Number(new URL(server.origin).port))
  const proxy = await createLossyProxy({ targetPort: words.port })
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

  async function person({
    totp: app,
    emailCode,
    phoneCode,
    webauthn,
    backupCodes,
    mustEnroll,
    first = [],
  }: PersonWants = {}): Promise<Person> {
    if (mustEnroll) throw new Error('Better Auth forces nobody to enrol.')
    const name = `person-${++people}`
    const [email, password] = [`${name}@example.com`, `quiet-harbour-${name}`]
    const phone = `+1555010${String(people).padStart(4, '0')}`
    const secret = `KRUGS4ZANFZSAYLOMFZGKZDFNVXQ2CQ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[people] ?? ''}`
    const codes = backupCodes ? ['aB3dE-fG5hJ', 'kL7mN-pQ9rS'] : []
    await server.add({
      email,
      name,
      password,
      ...(app && { totpSecret: secret, backupCodes: codes }),
      ...(emailCode && { emailSecondFactor: true }),
    })
    server.providers?.accounts.push({ email, name })
    const wallet = createWallet(server.origin)
    await server.give(email, { phone, wallet: wallet.address })
    // One that does not check who holds it, for those who are to be asked for a second factor.
    const keychain = createKeychain(server.origin, !app)
    const isKeyed = webauthn === true || first.includes('passkey')
    const aside = (phoneCode || isKeyed) && (await signedIn(email, password, app && secret))
    if (aside && phoneCode) await addPhone(aside, server, phone, password)
    if (aside && isKeyed) await addPasskey(aside, server.origin, !app, keychain.authenticator)
    return {
      identifier: byNumber ? phone : email,
      password,
      async delivered(strategy) {
        const { code } = server.outbox.find(({ to }) => to === (strategy.includes('phone') ? phone : email)) ?? {}
        if (!code) throw new Error('No message was delivered.')
        return code
      },
      wallet,
      visit: async (url) => server.providers?.visit(browser, url, email) ?? '',
      deny: async (url) => server.providers?.deny(browser, url) ?? '',
      phone,
      credential: keychain.credential,
      ...(app && { totp: async () => authenticator(secret) }),
      ...(backupCodes && { backupCodes: codes }),
    }
  }

  /** In a browser that is no part of the case. */
  async function signedIn(email: string, password: string, secret?: string | false): Promise<Browser> {
    const aside = server.browser()
    await aside.client.signIn.email({ email, password })
    if (secret) await aside.client.twoFactor.verifyTotp({ code: authenticator(secret) })
    return aside
  }

  return {
    adapter: open(browser),
    redirectUrl: redirectUrlOf(server),
    another: async () => open(newBrowser()),
    reloaded: async () => open(browser),
    person,
    authenticator: async (secret) => authenticator(secret),
    passTime: (ms) => server.advance(ms),
    loseNextReply: (act) => proxy.cut(`/api/auth${pathOf(act, byNumber)}`, 'before-headers'),
    answerNext(act, trouble) {
      if (trouble === 'locked' && !act.verb.includes('Second')) throw new Error('Better Auth has no lock there.')
      words.answerNext(new RegExp(`^/api/auth${pathOf(act, byNumber)}$`), replies[trouble])
      return trouble === 'throttled' ? { retryInMs: 30_000 } : {}
    },
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: (act) => server.requests.get(`POST ${pathOf(act, byNumber)}`) ?? 0,
    secrets: () => [...browser.cookies.values()],
    captchas: () => server.captchas,
    async refusedForStepUp() {
      const { identifier, password } = await person()
      const { client } = await signedIn(byNumber ? `person-${people}@example.com` : identifier, password)
      return (await client.$fetch('/api/protected', { baseURL: server.origin })).error
    },
    async close() {
      device.remove()
      await proxy.close()
      await words.close()
    },
  }
}
