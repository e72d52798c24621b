import { createServer, type IncomingMessage } from 'node:http'
import { TOTP } from 'otpauth'
import type { AuthErrorCode } from '../../src/core/AuthError.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../src/testing/index.js'
import { listen } from '../servers/authServer.js'
import { cookieFetch } from '../servers/cookieFetch.js'
import { createDeviceClock } from '../servers/deviceClock.js'
import { createLossyProxy } from '../servers/lossyProxy.js'
import { createAnsweringProxy } from '../testing/answeringProxy.js'
import { myAdapter } from './myAdapter.js'

interface Member {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly secret?: string
  failures: number
  lockedUntil: number
  /** Each code of their app works once, and so does every one before it. */
  lastStep: number
}

const [minutes, hours] = [60_000, 3_600_000]
const start = Date.UTC(2026, 0, 15, 12, 0, 7)
const mostFailures = 5

class Refused extends Error {
  constructor(readonly code: AuthErrorCode) {
    super(code)
  }
}

/** A stand-in for the reader's own server: the four routes of the page, sessions and half-done sign-ins that end, and a movable clock. */
async function startFourRoutes() {
  const members: Member[] = []
  const tickets = new Map<string, { readonly member: Member; readonly until: number }>()
  let ahead = 0
  const began = performance.now()
  // Not by the device's clock, which the suite sets wrong.
  const now = () => start + Math.floor(performance.now() - began) + ahead
  const holderOf = (ticket = '') => {
    const found = tickets.get(ticket)
    return found && found.until > now() ? found.member : undefined
  }

  function give(member: Member, name: 'session' | 'half'): string {
    const ticket = crypto.randomUUID()
    tickets.set(ticket, { member, until: now() + (name === 'session' ? 12 * hours : 10 * minutes) })
    return `${name}=${ticket}; Path=/; HttpOnly`
  }

  function fail(member: Member | undefined, code: AuthErrorCode): never {
    if (member && ++member.failures >= mostFailures) Object.assign(member, { lockedUntil: now() + 15 * minutes, failures: 0 })
    throw new Refused(code)
  }

  function answer(
    path: string,
    body: Record<string, string>,
    cookies: Record<string, string>,
  ): { cookies: string[]; body: object } {
    const clear = (...names: string[]) => names.map((name) => `${name}=; Path=/; Max-Age=0`)
    const half = holderOf(cookies.half)
    const letIn = (member: Member) => {
      member.failures = 0
      tickets.delete(cookies.half ?? '')
      return { cookies: [give(member, 'session'), ...clear('half')], body: { user: { id: member.id, email: member.email } } }
    }
    switch (path) {
      case '/me': {
        const member = holderOf(cookies.session)
        return {
          cookies: [],
          body: { user: member ? { id: member.id, email: member.email } : null, ...(half && { next: 'totp' }) },
        }
      }
      case '/password': {
        const member = members.find(({ email }) => email === body.email)
        if (member && member.lockedUntil > now()) throw new Refused('locked')
        if (member?.password !== body.password || !member) return fail(member, 'invalid_credentials')
        return member.secret ? { cookies: [give(member, 'half')], body: { next: 'totp' } } : letIn(member)
      }
      case '/code': {
        if (!half) throw new Refused('attempt_lost')
        if (half.lockedUntil > now()) throw new Refused('locked')
        const totp = new TOTP({ secret: half.secret })
        const timestamp = now()
        const delta = totp.validate({ token: body.code ?? '', timestamp, window: 1 })
        const step = TOTP.counter({ timestamp }) + (delta ?? -Infinity)
        if (step <= half.lastStep) return fail(half, 'code_incorrect')
        half.lastStep = step
        return letIn(half)
      }
      case '/sign-out':
        for (const ticket of [cookies.session, cookies.half]) tickets.delete(ticket ?? '')
        return { cookies: clear('session', 'half'), body: {} }
      default:
        throw new Refused('not_supported')
    }
  }

  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const path = (request.url ?? '').replace(/^\/browser-\d+/, '')
      const cookies = Object.fromEntries((request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='))) as Record<
        string,
        string
      >
      try {
        const told = answer(path, JSON.parse(text || '{}') as Record<string, string>, cookies)
        response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': told.cookies })
        response.end(JSON.stringify(told.body))
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ error: thrown.code }))
      }
    })
  })
  const port = await listen(server)

  return {
    port,
    members,
    now,
    advance: (ms: number) => void (ahead += ms),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

export const fourRoutesHarness: AdapterHarness = {
  name: 'minimal',
  evidence: 'own server over memory',
  sample: myAdapter(),
  open: openStage,
  gaps: {
    'offers/mfa': 'Factors are managed on another page.',
    'offers/backup-codes': 'Factors are managed on another page.',
    'offers/step-up': 'The four routes ask for no factor again.',
    'offers/resume': 'The adapter keeps its attempts in the page.',
    'offers/levels': 'The four routes do not say which factors were passed.',
    captchas: 'The four routes ask for no captcha.',
  },
}

/** Where the page's adapter asks for each act. */
function pathOf({ verb }: Act): string {
  if (verb === 'session.signOut') return '/sign-out'
  return verb === 'signIn.attemptSecondFactor' ? '/code' : '/password'
}

async function openStage(): Promise<Stage> {
  const server = await startFourRoutes()
  const words = await createAnsweringProxy(server.port)
  const proxy = await createLossyProxy({ targetPort: words.port })
  const device = createDeviceClock()
  const real = globalThis.fetch
  const jars = [cookieFetch('http://127.0.0.1', real)]
  // A browser has one jar, and this process none: whose it is, the path says.
  globalThis.fetch = (input, init) => {
    const path = input instanceof Request ? input.url : String(input)
    const { fetch = real } = jars[Number(/\/browser-(\d+)\//.exec(path)?.[1] ?? -1)] ?? {}
    return fetch(input, init)
  }
  const open = (browser: number) => device.on(myAdapter(`http://127.0.0.1:${proxy.port}/browser-${browser}`))

  /** A code works once, so each is of a period of its own. */
  function authenticator(secret: string): string {
    server.advance(30_000)
    return new TOTP({ secret }).generate({ timestamp: server.now() })
  }

  async function person({ totp, emailCode, phoneCode, webauthn, backupCodes, mustEnroll }: PersonWants = {}): Promise<Person> {
    if (emailCode || phoneCode || webauthn || backupCodes || mustEnroll) throw new Error('The four routes know apps only.')
    const name = `person-${server.members.length + 1}`
    const secret = `KRUGS4ZANFZSAYLOMFZGKZDFNVXQ2CQ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[server.members.length] ?? ''}`
    const [identifier, password] = [`${name}@example.com`, `quiet-harbour-${name}`]
    const member = { id: name, email: identifier, password, failures: 0, lockedUntil: 0, lastStep: 0 }
    server.members.push({ ...member, ...(totp && { secret }) })
    return {
      identifier,
      password,
      delivered: () => Promise.reject(new Error('Nothing is ever sent.')),
      ...(totp && { totp: async () => authenticator(secret) }),
    }
  }

  return {
    adapter: open(0),
    async another() {
      jars.push(cookieFetch('http://127.0.0.1', real))
      return open(jars.length - 1)
    },
    reloaded: async () => open(0),
    person,
    authenticator: async (secret) => authenticator(secret),
    passTime: server.advance,
    loseNextReply: (act) => proxy.cut(new RegExp(`${pathOf(act)}$`), 'before-headers'),
    answerNext(act, trouble) {
      const error = trouble === 'throttled' ? 'rate_limited' : trouble === 'locked' ? 'locked' : 'unknown'
      words.answerNext(new RegExp(`${pathOf(act)}$`), { status: trouble === 'failure' ? 500 : 400, body: { error } })
      return {}
    },
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: (act) => proxy.log.filter(({ path }) => path.endsWith(pathOf(act))).length,
    secrets: () => jars.flatMap(({ cookies }) => [...cookies.values()]),
    async close() {
      globalThis.fetch = real
      device.remove()
      await proxy.close()
      await words.close()
      await server.close()
    },
  }
}
