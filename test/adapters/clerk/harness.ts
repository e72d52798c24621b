import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { Secret } from 'otpauth'
import { clerkAdapter, type ClerkAdapterOptions } from '../../../src/adapters/clerk/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { Json } from '../../../src/core/json.js'
import type { Act, AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import type { Trouble } from '../../../src/testing/adapterHarness.js'
import { createAuthenticator } from '../../servers/clerkAuthenticator.js'
import { openClerk, type ClerkBrowser } from '../../servers/clerkBrowser.js'
import type { ClerkStandIn } from '../../servers/clerkStandIn.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import { newPhone } from '../../servers/clerkStandInFactors.js'
import { newId, type UserRecord } from '../../servers/clerkStandInState.js'
import { base58 } from '../../support/solanaKey.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { everything, redirectUrl, totpOf } from './house.js'

/** A wallet more than the pages of the other tests offer. */
const offered = {
  ...everything,
  firstFactors: [...everything.firstFactors, 'web3_base_signature'],
} as const satisfies ClerkAdapterOptions

export const told = 'Clerk tells known identifiers from unknown ones at the first step, unless the instance hides it.'

/** Of Clerk, whichever server answers. */
export const sharedGaps = {
  captchas: 'Clerk’s own client shows the captcha and sends what it gave.',
  'cancel/somebody-signed-in': 'With one session for a browser, Clerk refuses to begin a sign-in while somebody is signed in.',
}

/** Puts a fault on each adapter. */
type Broken = (adapter: AuthAdapter) => AuthAdapter

/** `server`: shared by all stages; everybody in it is of one stage only. */
export async function clerkHarness(server: ClerkStandIn, broken: Broken = (adapter) => adapter): Promise<AdapterHarness> {
  const { clerk } = await openClerk(server.url)
  return {
    name: 'clerk',
    evidence: 'vendor client, stand-in server',
    sample: clerkAdapter(clerk, offered),
    open: () => openStage(server, broken),
    gaps: {
      'first/email_code/unknown-user': told,
      'first/phone_code/unknown-user': told,
      'first/reset_password_email_code/unknown-user': told,
      'first/reset_password_phone_code/unknown-user': told,
      '*/email_link/wrong': 'Clerk checks a link before it leads back to the app; the address that comes back proves nothing.',
      'rename/taken': 'Clerk lets passkeys have one name.',
      ...sharedGaps,
    },
  }
}

/** The request in which each act is asked for. */
export function lineOf({ verb, strategy }: Act): RegExp {
  const phone = strategy === 'phone_code'
  const line = {
    'signIn.create': 'POST /client/sign_ins',
    'signIn.prepareFirstFactor': 'POST /client/sign_ins/[^/]+/prepare_first_factor',
    'signIn.attemptFirstFactor': 'POST /client/sign_ins/[^/]+/attempt_first_factor',
    'signIn.prepareSecondFactor': 'POST /client/sign_ins/[^/]+/prepare_second_factor',
    'signIn.attemptSecondFactor': 'POST /client/sign_ins/[^/]+/attempt_second_factor',
    'mfa.enroll': phone ? 'POST /me/phone_numbers/' : 'POST /me/totp',
    'mfa.verify': phone ? 'POST /me/phone_numbers/[^/]+/attempt_verification' : 'POST /me/totp/attempt_verification',
    'mfa.unenroll': phone
      ? 'PATCH /me/phone_numbers/[^/]+'
      : strategy === 'passkey'
        ? 'DELETE /me/passkeys/[^/]+'
        : 'DELETE /me/totp',
    'mfa.rename': 'PATCH /me/passkeys/[^/]+',
    'mfa.makeDefault': 'PATCH /me/phone_numbers/[^/]+',
    'mfa.backupCodes.generate': 'POST /me/backup_codes/',
    'session.signOut': 'DELETE /client/sessions',
  }[verb]
  return new RegExp(`^${line}$`)
}

/** Of a lock clerk-js keeps no wait. */
export const refusals: Readonly<Record<Trouble, () => Refusal>> = {
  failure: () => new Refusal(500, 'internal_clerk_error'),
  throttled: () => new Refusal(429, 'too_many_requests', undefined, { 'retry-after': '30' }),
  locked: () => new Refusal(403, 'user_locked'),
}

async function openStage(server: ClerkStandIn, broken: Broken): Promise<Stage> {
  const device = createDeviceClock()
  const browsers: ClerkBrowser[] = []
  const adapterOf = ({ clerk }: ClerkBrowser) => device.on(broken(clerkAdapter(clerk, offered)))
  const newBrowser = async () => {
    const browser = await openClerk(server.url)
    browsers.push(browser)
    return browser
  }
  const browser = await newBrowser()
  const seen = server.requests.length

  return {
    adapter: adapterOf(browser),
    redirectUrl,
    another: async () => adapterOf(await newBrowser()),
    async reloaded() {
      await browser.reload()
      return adapterOf(browser)
    },
    person: async (wants) => person(server, browser, wants),
    authenticator: async (secret) => totpOf(server, secret),
    passTime: (ms) => server.advance(ms),
    loseNextReply: (act) => server.lose(lineOf(act)),
    answerNext(act, trouble) {
      server.refuse(lineOf(act), refusals[trouble]())
      return trouble === 'throttled' ? { retryInMs: 30_000 } : {}
    },
    offline: (on) => void browsers.forEach((one) => (one.offline = on)),
    skewClock: device.set,
    sent: (act) => server.requests.slice(seen).filter(({ line }) => lineOf(act).test(line)).length,
    secrets: () => browsers.flatMap(({ token }) => token ?? []),
    refusedForStepUp() {
      server.refuse(/me\/totp/, new Refusal(403, 'session_reverification_required'))
      return browser.clerk.user?.createTOTP().catch((thrown: unknown) => thrown)
    },
    async close() {
      device.remove()
      if (server.violations.length > 0) throw new Error(`Undocumented: ${server.violations.splice(0).join('; ')}`)
    },
  }
}

let numbers = 0
const newNumber = () => `+1555010${String(++numbers).padStart(4, '0')}`

/** Whoever was made last sits at `browser` with their authenticator. */
export function person(server: ClerkStandIn, browser: Pick<ClerkBrowser, 'clerk'>, wants: PersonWants = {}): Person {
  const { totp: app, emailCode, phoneCode, backupCodes, webauthn, mustEnroll, first = [] } = wants
  const secret = new Secret({ size: 20 }).base32
  const codes = backupCodes ? [newId('c'), newId('c')].map((one) => one.slice(-8)) : []
  const verified = (more: object) => ({ ...newPhone(newNumber()), verified: true, ...more })
  const authenticator = createAuthenticator()
  const { credentialId, publicKey } = authenticator
  authenticator.attachTo(browser.clerk)
  const isPasskey = webauthn || first.includes('passkey')
  const passkey = { id: newId('psk'), name: 'Laptop', credentialId, publicKey, challenge: '', createdAt: 1 }
  const provider = first.map((one) => /^web3_(\w+)_signature$/.exec(one)?.[1]).find(Boolean)
  const isSolana = provider === 'solana'
  const wallet = isSolana ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const address = isSolana
    ? base58(wallet.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
    : `0x${createHash('sha256').update(credentialId).digest('hex').slice(0, 40)}`
  const origin = 'http://localhost'
  const user = server.addUser({
    ...(app && { totp: { id: newId('totp'), secret, verified: true, lastStep: 0 } }),
    backupCodes: new Set(codes),
    emailSecond: emailCode ? ['email_code', 'email_link'] : [],
    phones: [
      ...(phoneCode ? [verified({ reserved: true, isDefault: true })] : []),
      ...(first.some((one) => one.includes('phone')) ? [verified({})] : []),
    ],
    passkeys: isPasskey ? [passkey] : [],
    // Whoever has a passkey to begin with, needs no other factor.
    passkeySecond: !first.includes('passkey'),
    tasks: mustEnroll ? [{ key: 'setup-mfa' }] : [],
    oauth: ['google'],
    sso: 'enterprise_sso',
    wallets: provider ? [{ id: newId('idn'), address, provider: provider as 'metamask', publicKey: wallet.publicKey }] : [],
  })

  return {
    identifier: user.email,
    password: user.password,
    delivered: (strategy) => delivered(server, user, strategy),
    ...(app && { totp: async () => totpOf(server, secret) }),
    ...(backupCodes && { backupCodes: codes }),
    phone: newNumber(),
    credential: async (options: Json) => authenticator.assert(options),
    ...(isSolana && {
      solanaWallet: {
        address,
        origin,
        sign: async (message: string) => sign(null, Buffer.from(message), wallet.privateKey).toString('base64'),
      },
    }),
    ...(provider &&
      !isSolana && {
        wallet: {
          address,
          chainId: 1,
          origin,
          sign: async (message: string) => `0x${sign('sha256', Buffer.from(message), wallet.privateKey).toString('hex')}`,
        },
      }),
    async visit(to) {
      return landing(`${to}&as=${user.id}`)
    },
    deny: (to) => landing(`${to}&denied`),
  }
}

/** Links lead to Clerk first, and from there to the app. */
async function delivered(server: ClerkStandIn, user: UserRecord, strategy: string): Promise<string> {
  const to = [user.email, ...user.phones.map(({ number }) => number)]
  const message = server.outbox.findLast((one) => to.includes(one.to) && one.strategy === strategy)
  if (!message) throw new Error(`Nothing was delivered for ${strategy}.`)
  return strategy === 'email_link' ? landing(message.text) : message.text
}

export async function landing(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: 'manual' })
  return headers.get('location') ?? ''
}
