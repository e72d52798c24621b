import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLimits } from './gotrueStandInLimits.js'
import { createMfaRoutes } from './gotrueStandInMfa.js'
import { createPasskeyRoutes } from './gotrueStandInPasskeys.js'
import { routeOf, type Asked } from './gotrueStandInShapes.js'
import { createSignInRoutes } from './gotrueStandInSignIn.js'
import { createState, defaultSettings, GotrueError, showUser, type Settings, type State } from './gotrueStandInState.js'

/** For the header `apikey`, as hosted projects want it. */
export const anonKey = 'anon-key-of-the-stand-in'
export const serviceKey = 'service-key-of-the-stand-in'

export interface GotrueStandIn extends Pick<State, 'outbox' | 'users' | 'sessions' | 'now' | 'advance'> {
  readonly port: number
  readonly url: string
  readonly settings: Settings
  /** Answered so far, oldest first: `POST /otp`. */
  readonly log: string[]
  /** Requests that were refused because nothing documents their shape. A test that leaves one here has found a fault. */
  readonly violations: string[]
  /** The next request whose path begins so is answered with this instead. */
  answerNext(path: string, answer: Reply): void
  reset(): void
  close(): Promise<void>
}

export interface Reply {
  readonly status: number
  readonly body: string | object
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A stand-in for Supabase Auth (GoTrue), on loopback: the routes that the adapter reaches, over real HTTP, with real TOTP, single use, expiry on
 * a movable clock, and a mailbox. It is written after the published behaviour of the server and is not the server. What it does not
 * know it refuses.
 */
export async function startGotrueStandIn(): Promise<GotrueStandIn> {
  const state = createState()
  const log: string[] = []
  const violations: string[] = []
  const planned: { path: string; answer: Reply }[] = []
  const http = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const signIn = createSignInRoutes(state, () => url)
  const mfa = createMfaRoutes(state)
  const passkeys = createPasskeyRoutes(state)
  const limits = createLimits(state)

  async function answer(asked: Asked, headers: IncomingMessage['headers']): Promise<Reply> {
    const found = routeOf(asked)
    if (typeof found === 'string') {
      violations.push(found)
      return { status: 418, body: { code: 'undocumented_request', message: found } }
    }
    const { route, id } = found
    const body = asked.body ?? {}
    const query = asked.url.searchParams
    const redirect = query.get('redirect_to')
    if (route.needs === 'service' && headers.authorization !== `Bearer ${serviceKey}`)
      throw new GotrueError(403, 'not_admin', 'User not allowed')
    const session = () => state.authenticate(headers.authorization)
    const ok = (answered: object): Reply => ({ status: 200, body: answered })
    const go = (to: string): Reply => ({ status: 303, body: '', headers: { location: to } })
    switch (route.route) {
      case 'POST /token?password':
        return ok(signIn.password(body))
      case 'POST /token?refresh_token':
        return ok(signIn.refresh(body))
      case 'POST /token?pkce':
        return ok(signIn.pkce(body))
      case 'POST /token?web3':
        return ok(signIn.web3(body))
      case 'POST /otp':
        return ok(signIn.otp(body, redirect))
      case 'POST /verify':
        return ok(signIn.verify(body))
      case 'GET /verify':
        return go(signIn.link(query))
      case 'POST /recover':
        return ok(signIn.recover(body, redirect))
      case 'POST /sso':
        return ok(signIn.sso(body))
      case 'GET /authorize':
        return go(signIn.authorize(query))
      case 'POST /logout':
        signIn.logout(session(), query.get('scope') ?? '')
        return { status: 204, body: '' }
      case 'GET /settings':
        return ok({ passkeys_enabled: state.settings.enabled.has('passkey') })
      case 'GET /user':
        return ok(showUser(session().user))
      case 'PUT /user':
        return ok(signIn.updateUser(session(), body))
      case 'POST /factors':
        return ok(mfa.enroll(session(), body))
      case 'DELETE /factors/:id':
        return ok(mfa.unenroll(session(), id))
      case 'POST /factors/:id/challenge':
        return ok(mfa.challenge(session(), id, body))
      case 'POST /factors/:id/verify':
        return ok(mfa.verify(session(), id, body))
      case 'POST /passkeys/authentication/options':
        return ok(await passkeys.authenticationOptions(body))
      case 'POST /passkeys/authentication/verify':
        return ok(await passkeys.authenticate(body))
      case 'POST /passkeys/registration/options':
        return ok(await passkeys.registrationOptions(session()))
      case 'POST /passkeys/registration/verify':
        return ok(await passkeys.register(session(), body))
      case 'GET /passkeys':
        return ok(passkeys.list(session()))
      case 'PATCH /passkeys/:id':
        return ok(passkeys.rename(session(), id, body))
      case 'DELETE /passkeys/:id':
        passkeys.remove(session(), id)
        return { status: 204, body: '' }
      case 'POST /admin/users':
        return ok(signIn.addUser(body))
      case 'DELETE /admin/users/:id':
        state.removeUser(id)
        return ok({})
      case 'POST /admin/generate_link':
        return ok(signIn.generateLink(body))
      default:
        throw new GotrueError(500, 'unexpected_failure', route.route)
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
    const asked: Asked = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', url),
      body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
    }
    const version = request.headers['x-supabase-api-version']
    const { status, body, headers } = await reply(asked, request.headers, version !== undefined)
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': '*',
      'access-control-expose-headers': 'x-supabase-api-version',
      ...(version && { 'x-supabase-api-version': version }),
      ...headers,
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  async function reply(asked: Asked, headers: IncomingMessage['headers'], isVersioned: boolean): Promise<Reply> {
    if (asked.method === 'OPTIONS') return { status: 204, body: '' }
    log.push(`${asked.method} ${asked.url.pathname}`)
    const plan = planned.find(({ path }) => asked.url.pathname.startsWith(path))
    if (plan) {
      planned.splice(planned.indexOf(plan), 1)
      return plan.answer
    }
    // A browser that opens a link sends no key.
    const isOpened = asked.method === 'GET' && /^\/(verify|authorize)$/.test(asked.url.pathname)
    if (!isOpened && headers.apikey !== anonKey && headers.apikey !== serviceKey)
      return { status: 401, body: { message: 'No API key found in request' } }
    try {
      limits.count(`${asked.method} ${asked.url.pathname}`)
      return await answer(asked, headers)
    } catch (thrown) {
      if (!(thrown instanceof GotrueError)) return { status: 500, body: { code: 'unexpected_failure', message: String(thrown) } }
      const { status, code, message, more } = thrown
      const body =
        'error' in more
          ? { error_description: message }
          : isVersioned
            ? { code, message }
            : { code: status, error_code: code, msg: message }
      return { status, body: { ...body, ...more } }
    }
  }

  return {
    ...state,
    port,
    url,
    log,
    violations,
    answerNext: (path, planedAnswer) => void planned.push({ path, answer: planedAnswer }),
    reset() {
      state.settle()
      state.users.length = 0
      state.sessions.length = 0
      state.outbox.length = 0
      state.challenges.length = 0
      log.length = 0
      violations.length = 0
      planned.length = 0
      Object.assign(state.settings, defaultSettings())
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
