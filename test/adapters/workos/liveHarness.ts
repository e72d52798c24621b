import { randomUUID } from 'node:crypto'
import { workosAdapter, type WorkOSAdapterOptions } from '../../../src/adapters/workos/index.js'
import type { AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import type { Asked } from '../../servers/forwarder.js'
import { openVendorWire } from '../../servers/vendorWire.js'
import { readCall } from '../../servers/workosShapes.js'
import { createAuthenticators } from '../../support/authenticators.js'
import { replies, routeOf, workosHarness, type Kind } from './harness.js'
import { memoryFactors, standInBrowser, type Browser } from './house.js'
import { sdkOf, type Place } from './place.js'

const firstFactors = ['password', 'email_code'] as const

/** What is a gap wherever WorkOS answers; that the stand-in has one too is no reason here. */
const shared = [
  'second/totp/reused',
  'first/email_code/superseded',
  'session/subscribe',
  'answers/*/locked',
  'captchas',
  'offers/backup-codes',
  'enroll/totp/right',
]
const texted = 'A text message goes to a real phone, which a test has not.'

/** The contract on WorkOS itself, in whose environment people are made and removed. */
export function workosLive(place: Place, kind: Kind): AdapterHarness {
  const { gaps = {} } = workosHarness(kind)
  const withFactors = kind === 'plain factors' && { factors: memoryFactors() }
  return {
    name: `workos ${kind} live`,
    evidence: 'real server',
    sample: standInBrowser(workosAdapter(sdkOf(place), { firstFactors, ...withFactors })).adapter,
    open: () => openStage(place, kind),
    gaps: {
      ...Object.fromEntries(shared.flatMap((key) => (gaps[key] ? [[key, gaps[key].replace(/; the stand-in.*$/, '.')]] : []))),
      ...(kind === 'plain factors' && {
        'second/totp/too-many': 'Of the MFA API WorkOS documents no limit of tries that a client could see.',
        'second/phone_code': texted,
        'enroll/phone': texted,
      }),
      'enroll/forced': 'The settings of an environment make everybody enrol or nobody; here nobody.',
      passTime: 'The time of a real server passes by itself.',
    },
  }
}

/** As the stand-in calls it, where it knows the request. */
function nameOf({ method, path, body }: Asked): string {
  try {
    return readCall(method, path, body).route
  } catch {
    return `${method} ${path}`
  }
}

async function openStage(place: Place, kind: Kind): Promise<Stage> {
  const admin = sdkOf(place)
  const made = new Set<string>()
  const mail: { email: string; code: string }[] = []
  // Its limits are for each person and challenge, which are of one case only, so that none is waited out.
  const wire = await openVendorWire(place.url, nameOf, {
    hear(line, { status, body }) {
      if (line !== 'POST /user_management/magic_auth' || status !== 201) return
      // The code of WorkOS's own e-mail, which nobody can read here. Whoever was not known has become a user by this.
      const said = JSON.parse(body.toString()) as { user_id: string; email: string; code: string }
      made.add(said.user_id)
      mail.push(said)
    },
  })
  const sdk = sdkOf(place, `http://127.0.0.1:${wire.port}`)
  const device = createDeviceClock()
  const factors = memoryFactors()
  const options: WorkOSAdapterOptions = { firstFactors, ...(kind === 'plain factors' && { factors }) }
  const newBrowser = () => standInBrowser(workosAdapter(sdk, options), place.now, { 'user-agent': 'Test/1' })
  const browser = newBrowser()
  const on = ({ adapter }: Browser) => device.on(adapter)
  const authenticator = createAuthenticators(place)
  const lineOf = (act: Parameters<typeof routeOf>[0]) => new RegExp(`^${routeOf(act, kind).replaceAll(/[/:]/g, '\\$&')}`)

  /** An app that the person has proved. */
  async function newApp(userId: string, user: string): Promise<string> {
    const { factor, challengeId } =
      kind === 'users'
        ? await admin.userManagement
            .enrollAuthFactor({ userId, type: 'totp', totpIssuer: 'Latchkey', totpUser: user })
            .then((one) => ({ factor: one.authenticationFactor, challengeId: one.authenticationChallenge.id }))
        : await admin.mfa.enrollFactor({ type: 'totp', issuer: 'Latchkey', user }).then(async (one) => ({
            factor: one,
            challengeId: (await admin.mfa.challengeFactor({ authenticationFactorId: one.id })).id,
          }))
    if (kind === 'plain factors') await factors.add(userId, factor.id)
    const secret = factor.totp?.secret ?? ''
    const code = await authenticator(secret)
    const { valid } = await admin.mfa.verifyChallenge({ authenticationChallengeId: challengeId, code })
    if (!valid) throw new Error('WorkOS did not take the first code of an app.')
    return secret
  }

  async function person(wants: PersonWants = {}): Promise<Person> {
    const { totp, phoneCode, emailCode, backupCodes, webauthn, mustEnroll } = wants
    if (phoneCode) throw new Error(texted)
    if (emailCode || backupCodes || webauthn || mustEnroll) throw new Error('Nobody can be given such a second factor.')
    const email = `latchkey-${randomUUID()}@example.com`
    const password = `Pw-${randomUUID()}`
    const { id } = await admin.userManagement.createUser({ email, password, emailVerified: true })
    made.add(id)
    const secret = totp ? await newApp(id, email) : ''
    return {
      identifier: email,
      password,
      async delivered() {
        const message = mail.findLast((one) => one.email === email)
        if (!message) throw new Error('No message was delivered.')
        return message.code
      },
      ...(totp && { totp: () => authenticator(secret) }),
    }
  }

  return {
    adapter: on(browser),
    another: async () => on(newBrowser()),
    // The adapter keeps nothing between two requests as it is, so a page that is loaded anew finds what the cells hold.
    reloaded: async () => on(browser),
    person,
    authenticator,
    loseNextReply: (act) => wire.lose(lineOf(act)),
    answerNext(act, trouble) {
      if (trouble === 'locked') throw new Error('WorkOS documents no lock.')
      wire.answerNext(lineOf(act), replies[trouble])
      return trouble === 'throttled' ? { retryInMs: 30_000 } : {}
    },
    offline: wire.cut,
    skewClock: device.set,
    sent: (act) => wire.sent(lineOf(act)),
    secrets() {
      const { token, challenges = {} } = JSON.parse(browser.cells.attempt ?? '{}') as { token?: string; challenges?: object }
      return [token, ...Object.values(challenges).map(String)].filter((text) => text !== undefined)
    },
    async close() {
      device.remove()
      await wire.close()
      const plain = [...factors.of.values()].flatMap((ids) => [...ids])
      // A user's own factors go with them.
      const people = [...made]
      const left = await Promise.allSettled([
        ...people.map((id) => admin.userManagement.deleteUser(id)),
        ...plain.map((id) => admin.mfa.deleteFactor(id)),
      ])
      const failed = left.flatMap((one, at) => (one.status === 'rejected' ? [`${[...people, ...plain][at]}: ${one.reason}`] : []))
      if (failed.length > 0) throw new Error(`Left behind in the environment: ${failed.join('; ')}`)
    },
  }
}
