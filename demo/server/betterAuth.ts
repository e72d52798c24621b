import type { IncomingMessage, ServerResponse } from 'node:http'
import { latchkey } from '../../src/server/better-auth/index.js'
import { demoUsers, type DemoUser } from '../users.js'
import type { AuthPluginsOptions } from './authPlugins.js'
import { guardedRoutes } from './guardedRoutes.js'
import { movableClock } from './movableClock.js'
import type { Letter, Message, PostOffice } from './postOffice.js'

export interface BetterAuthServerOptions {
  /** Where browsers reach this server, as `http://localhost:3000`. */
  readonly origin: string
  /** Signs cookies and encrypts what is stored. At least 32 characters. */
  readonly secret: string
  readonly users?: readonly DemoUser[]
  /** Better Auth's own limits, as in production. Default `true`. */
  readonly rateLimit?: boolean
  /** Without it, this is plain Better Auth. Default `true`. */
  readonly plugin?: boolean
  /** Whoever has a passkey is asked for it after another first factor. Default `true`. */
  readonly passkeyAsSecondFactor?: boolean
  /** For tests: opens `/api/test/*`, which moves the clock, counts requests and starts afresh. Default `false`. */
  readonly levers?: boolean
  /** How passwords are kept. Default: Better Auth's scrypt, slow on purpose. */
  readonly password?: {
    hash(password: string): Promise<string>
    verify(kept: { hash: string; password: string }): Promise<boolean>
  }
  /** Providers to sign in with, where there are some. */
  readonly providers?: Pick<AuthPluginsOptions, 'oidc' | 'companies'> & { readonly origins: readonly string[] }
  /** Asks for a captcha with a password, and what gave it is asked here whether its token is good. */
  readonly captchasCheckedAt?: string
  /** Carries what is sent. Without one, it is put into `outbox`. */
  readonly post?: PostOffice
}

export interface BetterAuthServer {
  /** Answers what is under `/api/`; resolves with `false`, and has touched nothing, for everything else. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** What would have been sent, newest first, where nobody carries it. */
  readonly outbox: readonly Message[]
  /** Requests so far, by `METHOD /path`. */
  readonly requests: ReadonlyMap<string, number>
  /** One more person, until the next `reset`. */
  add(user: DemoUser): Promise<void>
  /** Gives somebody a phone number or a wallet (its address as EIP-55 writes it), until the next `reset`. */
  give(email: string, what: { readonly phone?: string; readonly wallet?: string }): Promise<void>
  /** Everything as at the start: users, outbox, counters, limits, clock. */
  reset(): Promise<void>
}

/** A real Better Auth server on a database in memory. */
export async function createBetterAuthServer(options: BetterAuthServerOptions): Promise<BetterAuthServer> {
  if (options.levers) movableClock.install()
  const siteVerifyURLOverride = options.captchasCheckedAt
  const [
    { betterAuth },
    { memoryAdapter },
    { captcha },
    { emailOTP },
    { twoFactor },
    { toNodeHandler, fromNodeHeaders },
    { symmetricEncrypt },
    { authPlugins, lostWayOf },
  ] = await Promise.all([
    import('better-auth'),
    import('better-auth/adapters/memory'),
    import('better-auth/plugins/captcha'),
    import('better-auth/plugins/email-otp'),
    import('better-auth/plugins/two-factor'),
    import('better-auth/node'),
    import('better-auth/crypto'),
    import('./authPlugins.js'),
  ])

  const database: Record<string, Record<string, unknown>[]> = {}
  const outbox: Message[] = []
  const requests = new Map<string, number>()
  /** Kept over a reset: hashing is slow on purpose. */
  const hashes = new Map<string, string>()

  const post = options.post ?? {
    send: async (letter: Letter) => void outbox.unshift({ id: outbox.length + 1, ...letter, sentAt: new Date().toISOString() }),
    delivered: async () => outbox,
    clear: async () => void (outbox.length = 0),
  }
  const mail = (to: string, subject: string, code: string) => post.send({ by: 'mail', to, subject, code })

  const auth = betterAuth({
    baseURL: options.origin,
    trustedOrigins: [options.origin, ...(options.providers?.origins ?? [])],
    secret: options.secret,
    appName: 'Latchkey demo',
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true, disableSignUp: true, ...(options.password && { password: options.password }) },
    // In the database, because the limits in memory are shared by every server of the process.
    rateLimit: { enabled: options.rateLimit ?? true, storage: 'database' },
    onAPIError: { errorURL: lostWayOf(options.origin) },
    logger: { level: 'error', disabled: options.levers ?? false },
    telemetry: { enabled: false },
    plugins: [
      emailOTP({
        disableSignUp: true,
        sendVerificationOTP: ({ email, otp, type }) =>
          mail(email, type === 'forget-password' ? 'Your code for a new password' : 'Your sign-in code', otp),
      }),
      twoFactor({
        issuer: 'Latchkey demo',
        otpOptions: { sendOTP: ({ user, otp }) => mail(user.email, 'Your second code', otp) },
      }),
      ...authPlugins({
        origin: options.origin,
        sendLink: (to, link) => mail(to, 'Your sign-in link', link),
        sendSms: (to, code) => post.send({ by: 'sms', to, subject: 'Text message', code }),
        ...options.providers,
      }),
      ...(siteVerifyURLOverride
        ? [captcha({ provider: 'cloudflare-turnstile', secretKey: 'only-for-tests', siteVerifyURLOverride })]
        : []),
      ...((options.plugin ?? true) ? [latchkey({ passkeyAsSecondFactor: options.passkeyAsSecondFactor ?? true })] : []),
    ],
  })
  const context = await auth.$context

  async function seed(user: DemoUser) {
    const { internalAdapter, password, secretConfig: key, adapter } = context
    const { email, name, phone, totpSecret, backupCodes = [] } = user
    const twoFactorEnabled = Boolean(totpSecret ?? user.emailSecondFactor)
    // Verified, because Better Auth takes the password from an unverified address at its first sign-in by code.
    const { id: userId } = await internalAdapter.createUser(
      { email, name, emailVerified: true, twoFactorEnabled },
      { method: 'email' },
    )
    if (phone) await give(email, { phone })
    if (user.password) {
      const hash = hashes.get(user.password) ?? (await password.hash(user.password))
      hashes.set(user.password, hash)
      await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash })
    }
    if (!totpSecret) return
    const data = {
      userId,
      verified: true,
      secret: await symmetricEncrypt({ key, data: `base32:${totpSecret}` }),
      backupCodes: await symmetricEncrypt({ key, data: JSON.stringify(backupCodes) }),
    }
    await adapter.create({ model: 'twoFactor', data })
  }

  async function give(email: string, { phone, wallet }: { phone?: string; wallet?: string }) {
    const { internalAdapter, adapter } = context
    const { id: userId } = (await internalAdapter.findUserByEmail(email))?.user ?? {}
    if (!userId) throw new Error(`Nobody has the address ${email}.`)
    if (phone) await internalAdapter.updateUser(userId, { phoneNumber: phone, phoneNumberVerified: true })
    const data = { userId, address: wallet, chainId: 1, isPrimary: true, createdAt: new Date() }
    if (wallet) await adapter.create({ model: 'walletAddress', data })
  }

  async function reset() {
    movableClock.reset()
    await post.clear()
    requests.clear()
    for (const model of [
      'user',
      'session',
      'account',
      'verification',
      'twoFactor',
      'rateLimit',
      'passkey',
      'walletAddress',
      'ssoProvider',
    ])
      database[model] = []
    for (const user of options.users ?? Object.values(demoUsers)) await seed(user)
  }
  await reset()

  /** Answers with a `Response`, or `undefined` where the path is not one of the demo's own. */
  async function answer(route: string, url: URL): Promise<Response | undefined> {
    if (route === 'GET /api/outbox') return Response.json({ messages: await post.delivered(), now: new Date().toISOString() })
    if (!options.levers) return undefined
    switch (route) {
      case 'POST /api/test/clock':
        movableClock.advance(Number(url.searchParams.get('advance')))
        return Response.json({ now: new Date().toISOString() })
      case 'POST /api/test/reset':
        await reset()
        return Response.json({ status: true })
      case 'GET /api/test/providers':
        return Response.json(options.providers?.origins ?? [])
      case 'GET /api/test/requests':
        return Response.json(Object.fromEntries(requests))
    }
    return undefined
  }

  const betterAuthHandler = toNodeHandler(auth)
  const guarded = guardedRoutes(auth, options.origin)

  return {
    outbox,
    requests,
    add: seed,
    give,
    reset,
    async handle(request, response) {
      const url = new URL(request.url ?? '/', options.origin)
      if (!url.pathname.startsWith('/api/')) return false
      const [method, path] = [request.method ?? 'GET', url.pathname.replace(/^\/api\/auth/, '')]
      if (!url.pathname.startsWith('/api/test/')) requests.set(`${method} ${path}`, (requests.get(`${method} ${path}`) ?? 0) + 1)
      if (url.pathname.startsWith('/api/auth/')) {
        // Better Auth limits by this header, and the demo has no proxy in front of it.
        if (!options.levers || !request.headers['x-forwarded-for'])
          request.headers['x-forwarded-for'] = request.socket.remoteAddress ?? '127.0.0.1'
        await betterAuthHandler(request, response)
        return true
      }
      const route = `${method} ${url.pathname}`
      const answered =
        (await guarded(route, fromNodeHeaders(request.headers), request)) ??
        (await answer(route, url)) ??
        Response.json({ code: 'NOT_FOUND' }, { status: 404 })
      response.writeHead(answered.status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(await answered.text())
      return true
    },
  }
}
