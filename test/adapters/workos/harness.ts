import { WorkOS } from '@workos-inc/node'
import { httpAdapter, type HttpOffer } from '../../../src/adapters/http/index.js'
import { workosAdapter, type WorkOSAdapterOptions } from '../../../src/adapters/workos/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import type { Trouble } from '../../../src/testing/adapterHarness.js'
import { checkedFetch } from '../../server/protocolDocument.js'
import { everyVerb } from '../../server/everyVerb.js'
import { startAuthServer } from '../../servers/authServer.js'
import { cookieFetch, type CookieFetch } from '../../servers/cookieFetch.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createAnsweringProxy, type Reply } from '../../testing/answeringProxy.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { memoryFactors, openHouse, standInBrowser, type Browser, type House } from './house.js'

export type Kind = 'users' | 'plain factors'

const firstFactors = ['password', 'email_code', 'oauth_google', 'enterprise_sso'] as const
const reused =
  'WorkOS documents that a challenge is passed once, and nothing of a code that comes again on another; the stand-in takes it.'
const uncounted = 'Of the MFA API WorkOS documents no limit of tries that a client could see; the stand-in has none.'

/**
 * `users`: WorkOS's users have factors of their own. `plain factors`: the app keeps which of the MFA API's factors are whose. `overHttp`: the
 * browser half speaks to the handler in which the adapter runs, through a proxy that loses replies on the wire.
 */
export function workosHarness(kind: Kind, overHttp = false): AdapterHarness {
  const options = { firstFactors, ...(kind === 'plain factors' && { factors: memoryFactors() }) }
  const { adapter } = standInBrowser(workosAdapter(new WorkOS('sk_test_x', { clientId: 'client_x' }), options))
  return {
    name: `workos (${kind}${overHttp ? ', over HTTP' : ''})`,
    evidence: 'vendor client, stand-in server',
    sample: overHttp ? httpAdapter({ url: '/api/auth', offer: offerOf(adapter) }) : adapter,
    open: () => openStage(kind, overHttp),
    gaps: {
      ...(kind === 'plain factors' && { 'second/*/too-many': uncounted }),
      'second/totp/reused': reused,
      'first/email_code/superseded':
        'WorkOS documents that a code ends by its use and after ten minutes, and nothing of a newer one.',
      ...(!overHttp && {
        'session/subscribe': 'An adapter on a server lives for one request; its browser half tells of changes.',
      }),
      'answers/*/locked': 'WorkOS documents no account that is locked for some time.',
      captchas: 'WorkOS’s API takes no captcha.',
      'offers/backup-codes': 'WorkOS has no backup codes.',
      ...(kind === 'users' && {
        'enroll/totp/right':
          'WorkOS documents no difference between a user’s factor that was proved and one that was not; the stand-in asks for both.',
      }),
    },
  }
}

const offerOf = ({ capabilities, stepUp }: AuthAdapter): HttpOffer => ({
  capabilities,
  verbs: everyVerb
    .map(({ path }) => path)
    .filter((path) => !/passkey-options|reset-password|rename|make-default|accepted-passkeys|backup-codes/.test(path)),
  stepUpLevels: stepUp?.levels ?? [],
})

/** The beginning of the stand-in's name for each act. */
export function routeOf({ verb, strategy }: Act, kind: Kind): string {
  const authenticate = 'POST /user_management/authenticate'
  const first =
    strategy === 'password' ? `${authenticate} password` : `${authenticate} urn:workos:oauth:grant-type:magic-auth:code`
  const verify = 'POST /auth/challenges/:id/verify'
  return {
    'signIn.create': first,
    'signIn.attemptFirstFactor': first,
    'signIn.prepareFirstFactor': 'POST /user_management/magic_auth',
    'signIn.prepareSecondFactor': 'POST /auth/factors/:id/challenge',
    'signIn.attemptSecondFactor': kind === 'users' ? `${authenticate} urn:workos:oauth:grant-type:mfa-totp` : verify,
    'mfa.enroll': kind === 'users' ? 'POST /user_management/users/:id/auth_factors' : 'POST /auth/factors/enroll',
    'mfa.verify': verify,
    'mfa.unenroll': 'DELETE /auth/factors/:id',
    'mfa.rename': 'none',
    'mfa.makeDefault': 'none',
    'mfa.backupCodes.generate': 'none',
    'session.signOut': 'POST /user_management/sessions/revoke',
  }[verb]
}

export const replies: Readonly<Record<Exclude<Trouble, 'locked'>, Reply>> = {
  failure: { status: 500, body: { message: 'Internal Server Error' } },
  throttled: { status: 429, body: { message: 'Too many requests' }, headers: { 'retry-after': '30' } },
}

async function openStage(kind: Kind, overHttp: boolean): Promise<Stage> {
  const house = await openHouse()
  const { workos } = house
  workos.addOrganization({ domain: 'example.com' })
  const words = await createAnsweringProxy(workos.options.port)
  const sdk = new WorkOS(workos.apiKey, { ...workos.options, port: words.port })
  const device = createDeviceClock()
  const factors = memoryFactors()
  // WorkOS's own e-mail is on, so the app delivers nothing.
  const options: WorkOSAdapterOptions = { firstFactors, deliver: undefined, ...(kind === 'plain factors' && { factors }) }
  const newBrowser = () => standInBrowser(workosAdapter(sdk, options), workos.now, { 'user-agent': 'Test/1' })
  const browser = newBrowser()
  const on = ({ adapter }: Browser) => device.on(adapter)

  /** Each code is of a period of its own. */
  function authenticator(secret: string): string {
    workos.advance(30_000)
    return workos.totp(secret)
  }

  async function person({ totp, phoneCode, emailCode, backupCodes, webauthn, mustEnroll }: PersonWants = {}): Promise<Person> {
    if (mustEnroll) workos.requireMfa(true)
    if (emailCode || backupCodes || webauthn) throw new Error('WorkOS has no such second factor.')
    const { id, email, password } = house.person()
    const phone = `+1555555${String(1000 + workos.users.size)}`
    const app = totp ? (kind === 'users' ? workos.addTotp(id) : workos.addPlain()) : undefined
    const text = phoneCode ? workos.addPlain(phone) : undefined
    if (kind === 'plain factors') factors.of.set(id, new Set([app, text].flatMap((one) => one?.id ?? [])))
    return {
      identifier: email,
      password,
      phone,
      async delivered(strategy) {
        const sent =
          strategy === 'email_code'
            ? workos.magic.findLast((message) => message.email === email)
            : workos.texts.findLast(({ to }) => to === phone)
        if (!sent) throw new Error('No message was delivered.')
        return sent.code
      },
      visit: (redirectUrl) => workos.visit(redirectUrl, email),
      deny: (redirectUrl) => workos.visit(redirectUrl, null),
      ...(app && { totp: async () => authenticator(app.secret) }),
    }
  }

  const direct: Stage = {
    adapter: on(browser),
    another: async () => on(newBrowser()),
    // The adapter keeps nothing between two requests as it is, so a page that is loaded anew finds what the cells hold.
    reloaded: async () => on(browser),
    person,
    authenticator: async (secret) => authenticator(secret),
    passTime: (ms) => workos.advance(ms),
    loseNextReply: (act) => workos.loseNext(routeOf(act, kind)),
    answerNext(act, trouble) {
      if (trouble === 'locked') throw new Error('WorkOS documents no lock.')
      const [, path = ''] = routeOf(act, kind).split(' ')
      words.answerNext(new RegExp(`^${path.replace(':id', '[^/]+')}$`), replies[trouble])
      return trouble === 'throttled' ? { retryInMs: 30_000 } : {}
    },
    offline: workos.offline,
    skewClock: device.set,
    sent: (act) => workos.calls.filter(({ route }) => route.startsWith(routeOf(act, kind))).length,
    secrets() {
      const {
        token,
        challenges = {},
        away,
      } = JSON.parse(browser.cells.attempt ?? '{}') as {
        token?: string
        challenges?: object
        away?: { codeVerifier: string }
      }
      return [token, away?.codeVerifier, ...Object.values(challenges).map(String)].filter((text) => text !== undefined)
    },
    async close() {
      device.remove()
      await words.close()
      await workos.close()
      if (workos.refusals.length > 0) throw new Error(`Not documented: ${workos.refusals.join(', ')}`)
    },
  }
  return overHttp ? throughHandler(direct, { workos, sdk }, options, device) : direct
}

/** The same people, with the handler and its browser half between. */
async function throughHandler(
  direct: Stage,
  { workos, sdk }: Pick<House, 'workos' | 'sdk'>,
  options: WorkOSAdapterOptions,
  device: ReturnType<typeof createDeviceClock>,
): Promise<Stage> {
  const server = await startAuthServer({ adapter: workosAdapter(sdk, options), now: workos.now })
  const proxy = await createLossyProxy({ targetPort: server.port })
  const origin = `http://127.0.0.1:${proxy.port}`
  const jar = cookieFetch(origin)
  const open = async ({ fetch }: CookieFetch) =>
    device.on(await httpAdapter({ url: `${origin}/api/auth`, fetch: checkedFetch(fetch) }))
  const pathOf = ({ verb }: Act) => verb.replaceAll('.', '/').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return {
    ...direct,
    redirectUrl: `${origin}/callback`,
    adapter: await open(jar),
    another: () => open(cookieFetch(origin)),
    reloaded: () => open(jar),
    loseNextReply: (act) => proxy.cut(`/api/auth/${pathOf(act)}`, 'before-headers'),
    offline: (on) => proxy.unplug(on),
    secrets: () => [...jar.cookies.values()],
    async refusedForStepUp() {
      const [one, other] = [await open(cookieFetch(origin)), await open(cookieFetch(origin))]
      const { identifier, password } = await direct.person()
      for (const { signIn } of [one, other]) await signIn.finish(await signIn.create({ identifier, password }))
      const pending = await other.mfa?.enroll({ type: 'totp' })
      if (pending?.status !== 'pending' || pending.type !== 'totp') throw new Error('An app should wait for its proof.')
      await other.mfa?.verify({ enrollmentId: pending.id, code: (await direct.authenticator?.(pending.secret)) ?? '' })
      return one.mfa?.enroll({ type: 'totp' }).catch((thrown: unknown) => thrown)
    },
    async close() {
      await proxy.close()
      await server.close()
      await direct.close()
    },
  }
}
