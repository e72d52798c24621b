import type { SupabaseAdapterOptions } from '../../../src/adapters/supabase/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { Strategy } from '../../../src/core/strategy.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import type { Trouble } from '../../../src/testing/adapterHarness.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import type { GotrueStandIn } from '../../servers/gotrueStandIn.js'
import { walletSignature } from '../../servers/gotrueStandInProviders.js'
import { forwardTo } from '../../servers/forwarder.js'
import { createAnsweringProxy, type Reply } from '../../testing/answeringProxy.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { solanaKey } from '../../support/solanaKey.js'
import {
  addPerson,
  adminOf,
  codeOf,
  createKeychain,
  createStorage,
  openPage,
  password,
  type Place,
  type Storage,
} from './world.js'

const limits = 'Supabase limits guesses by address, 30 at a time, which is more than the suite tries.'

const gaps = {
  'first/*/too-many': limits,
  'second/*/too-many': limits,
  'second/totp/reused': 'Supabase takes a code of an authenticator app as often as it is right.',
  'lost-reply/attempt-gone': 'A session at aal1 is the attempt, and Supabase keeps it until it is signed out.',
  'answers/*/locked': 'Supabase locks no account for some time; it bans, which is `blocked`.',
  'enroll/forced': 'Supabase forces nobody to enrol; that is for the app’s own policies.',
  'offers/backup-codes': 'auth-js 2.109 has no recovery codes.',
}

export const byEmail = {
  firstFactors: [
    'password',
    'email_code',
    'email_link',
    'oauth_google',
    'enterprise_sso',
    'web3_metamask_signature',
    'web3_base_signature',
    'web3_coinbase_wallet_signature',
    'web3_okx_wallet_signature',
    'web3_solana_signature',
    'reset_password_email_code',
  ],
  secondFactors: ['totp', 'phone_code', 'security_key'],
} as const satisfies SupabaseAdapterOptions

/** A passkey in the place of a security key: what people add is one of both. */
export const byPasskey = {
  firstFactors: ['password', 'passkey'],
  secondFactors: ['totp'],
} as const satisfies SupabaseAdapterOptions

export const byPhone = {
  identifiers: ['phone'],
  firstFactors: ['password', 'phone_code', 'reset_password_phone_code'],
} as const satisfies SupabaseAdapterOptions

/** What can be told of a server of which only the keys are known: its mail is read through its administrator. */
export const byKeys = {
  firstFactors: ['password', 'email_code', 'reset_password_email_code'],
} as const satisfies SupabaseAdapterOptions

const client = { flowType: 'pkce' } as const

/** Puts a fault on each adapter. */
type Broken = (adapter: AuthAdapter) => AuthAdapter

export function supabaseHarness(
  place: Place,
  server: GotrueStandIn | undefined,
  name: string,
  options: SupabaseAdapterOptions,
  broken: Broken = (adapter) => adapter,
): AdapterHarness {
  const firstFactors: readonly string[] = options.firstFactors ?? []
  const claimsFirst = (gap: string) => {
    const [step, strategy = ''] = gap.split('/')
    return step !== 'second' || strategy === '*' || strategy === 'totp'
  }
  return {
    name,
    evidence: server ? 'vendor client, stand-in server' : 'real server',
    sample: openPage(place, { ...options, client }).adapter,
    open: () => openStage(place, server, options, broken),
    gaps: {
      ...Object.fromEntries(Object.entries(gaps).filter(([gap]) => claimsFirst(gap))),
      ...(firstFactors.includes('passkey') && { 'rename/taken': 'Supabase lets passkeys have one name.' }),
      ...(!server && {
        passTime: 'The time of a real server passes by itself.',
        captchas: 'What has reached a real server cannot be seen.',
      }),
    },
  }
}

/** Where each act goes, after the server's own path. */
function pathOf({ verb, strategy }: Act): RegExp {
  const first = strategy === 'password' ? /\/token\?grant_type=password/ : /(?<!factors\/[^/]+)\/verify(\?|$)/
  const passkey = strategy === 'passkey'
  return {
    'signIn.create': first,
    'signIn.attemptFirstFactor': first,
    'signIn.prepareFirstFactor': /\/otp(\?|$)/,
    'signIn.prepareSecondFactor': /\/factors\/[^/]+\/challenge$/,
    'signIn.attemptSecondFactor': /\/factors\/[^/]+\/verify$/,
    'mfa.enroll': passkey ? /\/passkeys\/registration\/options$/ : /\/factors$/,
    'mfa.verify': passkey ? /\/passkeys\/registration\/verify$/ : /\/factors\/[^/]+\/verify$/,
    'mfa.unenroll': passkey ? /\/passkeys\/[^/]+$/ : /\/factors\/[^/]+$/,
    'mfa.rename': /\/passkeys\/[^/]+$/,
    'mfa.makeDefault': /never/,
    'mfa.backupCodes.generate': /never/,
    'session.signOut': /\/logout/,
  }[verb]
}

/** Only where a message is waited for the text names the wait. */
function replyOf({ verb }: Act, trouble: Trouble): Reply & { told: { retryInMs?: number } } {
  if (trouble === 'locked') throw new Error('Supabase knows no lock.')
  const isSent = verb === 'signIn.prepareFirstFactor'
  const wait = 'For security purposes, you can only request this after 30 seconds.'
  const [status, code, message] =
    trouble === 'failure'
      ? [500, 'unexpected_failure', 'Unexpected failure, please check server logs for more information']
      : isSent
        ? [429, 'over_email_send_rate_limit', wait]
        : [429, 'over_request_rate_limit', 'Request rate limit reached']
  return {
    status,
    body: { code, message },
    headers: { 'x-supabase-api-version': '2024-01-01' },
    told: message === wait ? { retryInMs: 30_000 } : {},
  }
}

async function openStage(
  place: Place,
  server: GotrueStandIn | undefined,
  options: SupabaseAdapterOptions,
  broken: Broken,
): Promise<Stage> {
  server?.reset()
  server?.settings.domains.push('example.com')
  const { protocol, hostname, origin, port, pathname } = new URL(place.url)
  const isNear = protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname)
  const forwarder = isNear ? undefined : await forwardTo(origin)
  const words = await createAnsweringProxy(forwarder?.port ?? (Number(port) || 80))
  const proxy = await createLossyProxy({ targetPort: words.port })
  const prefix = pathname.replace(/\/$/, '')
  const near: Place = { ...place, url: `http://127.0.0.1:${proxy.port}${prefix}` }
  const device = createDeviceClock()
  const open = (storage: Storage) => device.on(broken(openPage(near, { ...options, storage, client }).adapter))
  const storage = createStorage()
  const admin = adminOf(place)
  const everybody: string[] = []
  const note = (id: string) => void everybody.push(id)
  let people = 0

  async function person(wants: PersonWants = {}): Promise<Person> {
    const { totp, phoneCode, webauthn, emailCode, backupCodes, mustEnroll, first = [] } = wants
    if (emailCode || backupCodes || mustEnroll) throw new Error('Supabase has no such second factor, and forces none.')
    const isPhone = options.identifiers?.[0] === 'phone'
    const made = await addPerson(place, { totp, phone: isPhone, email: !isPhone }, note)
    const identifier = isPhone ? made.phone : made.email
    const user = server?.users.find(({ id }) => id === made.id)
    const wallet = `0x${String(++people).padStart(40, 'a')}`
    const solana = await solanaKey()
    if (first.some((strategy) => strategy.startsWith('web3_'))) user?.wallets.push(wallet, solana.address)
    const { seed, credential } = createKeychain()
    if (user && first.includes('passkey')) await seed(user)
    const phone = `+4930${String(1_000_000 + people)}`

    if (phoneCode || webauthn) {
      const { mfa, create } = openPage(place, options)
      await create({ identifier, password })
      for (const type of ['phone', 'webauthn'] as const) {
        if (!(type === 'phone' ? phoneCode : webauthn)) continue
        const enrollment = await mfa.enroll(type === 'phone' ? { type, phone: `+4940${String(1_000_000 + people)}` } : { type })
        if (enrollment.status !== 'pending') throw new Error('The factor should be pending.')
        const { id: enrollmentId } = enrollment
        await (enrollment.type === 'webauthn'
          ? mfa.verify({ enrollmentId, credential: await credential(enrollment.publicKey) })
          : mfa.verify({ enrollmentId, code: await delivered('phone_code') }))
      }
    }

    async function delivered(strategy: Strategy): Promise<string> {
      if (!server) {
        const type = strategy.startsWith('reset_') ? 'recovery' : 'magiclink'
        const { data, error } = await admin.generateLink({ type, email: made.email })
        if (error) throw error
        return data.properties.email_otp
      }
      const isTheirs = (to: string) => to === made.email || `+${to}` === made.phone || to.endsWith(String(1_000_000 + people))
      const message = server.outbox.findLast(
        ({ to, channel }) => isTheirs(to) && (channel === 'email') !== strategy.includes('phone'),
      )
      if (!message) throw new Error('No message was delivered.')
      return strategy === 'email_link' ? visit(message.link ?? '') : message.code
    }

    async function visit(url: string, as = made.email): Promise<string> {
      if (server) server.settings.provider = as
      return (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
    }

    return {
      identifier,
      password,
      phone,
      delivered,
      credential,
      visit: (url) => visit(url),
      deny: (url) => visit(url, ''),
      wallet: {
        address: wallet,
        chainId: 1,
        origin: 'https://app.example',
        sign: async (message) => walletSignature(wallet, message),
      },
      solanaWallet: { address: solana.address, origin: 'https://app.example', sign: solana.signText },
      ...(totp && { totp: async () => codeOf(place, made.secret) }),
    }
  }

  return {
    adapter: open(storage),
    redirectUrl: 'http://localhost/callback',
    another: async () => open(createStorage()),
    reloaded: async () => open(storage),
    person,
    authenticator: async (secret) => codeOf(place, secret),
    ...(server && { passTime: (ms: number) => server.advance(ms) }),
    loseNextReply: (act) => proxy.cut(pathOf(act), 'before-headers'),
    answerNext(act, trouble) {
      const { told, ...reply } = replyOf(act, trouble)
      words.answerNext(pathOf(act), reply)
      return told
    },
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    sent: (act) => proxy.log.filter(({ path }) => pathOf(act).test(path)).length,
    secrets: () => {
      const kept = JSON.parse(storage.items.get('sb') ?? '{}') as { access_token?: string; refresh_token?: string }
      return [kept.access_token, kept.refresh_token].filter((token) => token !== undefined)
    },
    ...(server && { captchas: () => server.settings.captchas }),
    async refusedForStepUp() {
      const { email, phone } = await addPerson(place, { totp: true, phone: options.identifiers?.[0] === 'phone' }, note)
      const { auth } = openPage(place)
      await auth.signInWithPassword(email ? { email, password } : { phone, password })
      return (await auth.updateUser({ password: `${password}-new` })).error
    },
    async close() {
      device.remove()
      await proxy.close()
      await words.close()
      await forwarder?.close()
      // The stand-in's go with it.
      const left = await Promise.all(
        (server ? [] : everybody).map(async (id) => ((await admin.deleteUser(id)).error ? [id] : [])),
      )
      if (left.flat().length > 0) throw new Error(`Left behind on the server: ${left.flat().join(', ')}`)
      if (server && server.violations.length > 0) throw new Error(`Undocumented: ${server.violations.join('; ')}`)
    },
  }
}
