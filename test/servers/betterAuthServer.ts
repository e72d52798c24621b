import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthClient } from 'better-auth/client'
import { twoFactorClient } from 'better-auth/client/plugins'
import { TOTP } from 'otpauth'
import { createBetterAuthServer, type BetterAuthServer, type BetterAuthServerOptions } from '../../demo/server/betterAuth.js'
import { movableClock } from '../../demo/server/movableClock.js'

export interface RunningServer extends BetterAuthServer {
  readonly origin: string
  /** The captcha tokens that came, asked for or not. */
  readonly captchas: readonly string[]
  advance(ms: number): void
  /** A browser of its own: its cookies, and a real Better Auth client. `via`: the origin of a proxy on the way to the server. */
  browser(faults?: Faults, via?: string): Browser
  close(): Promise<void>
}

/** What happens to the next request whose path ends so. `before`: it never leaves. `after`: it is answered, and the answer is lost. */
export interface Faults {
  next?: { path: string; when: 'before' | 'after' } | { path: string; answer: () => Response } | undefined
}

const digest = (password: string) => createHash('sha256').update(password).digest('hex')

/** A server in a variable keeps nobody's password, and a slow hash would be most of a test's time. */
const quickPassword = {
  hash: async (password: string) => digest(password),
  verify: async ({ hash, password }: { hash: string; password: string }) => hash === digest(password),
}

export type Browser = ReturnType<typeof createBrowser>

type Providers = NonNullable<BetterAuthServerOptions['providers']> & { close(): Promise<void> }

/** `providersFor`: starts providers that send people back to that origin; they end with the server. */
export async function startBetterAuthServer<P extends Providers = Providers>(
  options: Partial<BetterAuthServerOptions> = {},
  providersFor?: (origin: string) => Promise<P>,
): Promise<RunningServer & { readonly providers: P | undefined }> {
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const providers = await providersFor?.(origin)
  const server = await createBetterAuthServer({
    origin,
    ...(providers && { providers }),
    secret: 'only-for-tests-0123456789abcdefghij',
    rateLimit: false,
    levers: true,
    password: quickPassword,
    ...options,
  })
  const captchas: string[] = []
  http.on('request', (request, response) => {
    const { 'x-captcha-response': captcha } = request.headers
    if (captcha) captchas.push(captcha.toString())
    // Apps live elsewhere.
    void server.handle(request, response).then((done) => done || response.writeHead(404).end())
  })
  return {
    ...server,
    origin,
    captchas,
    advance: (ms) => movableClock.advance(ms),
    browser: (faults, via) => createBrowser(origin, faults, via),
    providers,
    async close() {
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
      await providers?.close()
    },
  }
}

function createBrowser(origin: string, faults: Faults = {}, via = origin) {
  const cookies = new Map<string, string>()
  const sent: { path: string; body: unknown }[] = []

  async function fetchWithCookies(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input, origin)
    const path = url.pathname.replace(/^\/api\/auth/, '')
    sent.push({ path, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined })
    const fault = faults.next && path.endsWith(faults.next.path) ? faults.next : undefined
    if (fault) faults.next = undefined
    if (fault && 'answer' in fault) return fault.answer()
    if (fault?.when === 'before') throw new TypeError('fetch failed')
    const headers = new Headers(init.headers)
    // From another site comes its name, and none of the cookies (SameSite=Lax).
    if (!headers.has('origin')) {
      headers.set('origin', origin)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await fetch(new URL(url.pathname + url.search, via), { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) cookies.delete(name)
      else cookies.set(name, pair.slice(name.length + 1))
    }
    if (fault) throw new TypeError('terminated')
    return response
  }

  return {
    cookies,
    sent,
    faults,
    fetch: fetchWithCookies,
    client: createAuthClient({
      baseURL: `${origin}/api/auth`,
      fetchOptions: { customFetchImpl: fetchWithCookies },
      plugins: [twoFactorClient()],
    }),
  }
}

/** What an authenticator app with this secret shows, by the server's clock. `steps`: that many periods later. */
export function totp(secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: movableClock.now() + steps * 30_000 })
}
