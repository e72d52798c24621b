import { randomBytes, randomInt } from 'node:crypto'
import type { UserSettingsJSON } from '@clerk/shared/types'
import { Secret } from 'otpauth'
import { clerkAdapter, type ClerkAdapterOptions } from '../../../src/adapters/clerk/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import { createAuthenticators } from '../../support/authenticators.js'
import { openClerk, type ClerkBrowser } from '../../servers/clerkBrowser.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import type { Asked } from '../../servers/forwarder.js'
import { openVendorWire } from '../../servers/vendorWire.js'
import { lineOf, refusals, sharedGaps, told } from './harness.js'
import { redirectUrl } from './house.js'
import { adminOf, Refused, type Place } from './place.js'

/** What every test address is sent, where nothing is sent (Clerk's guide "Test emails and phones"). */
const testCode = '424242'

/** What no real instance is asked here, and why. Printed, because a strategy that is not claimed has no case that would say so. */
export const unasked = {
  'first/email_link, second/email_link': 'A link to a test address is sent to nobody, and one that was sent cannot be read.',
  'first/oauth_*, first/enterprise_sso': 'A provider’s pages want a person.',
  'first/web3_*': 'A wallet has to be linked by a signature first, and the Backend API links it without a key that the test has.',
  'first/passkey, second/passkey, enroll/webauthn': 'A passkey is of the instance’s own domain and wants a real browser.',
  'second/email_code': 'E-mail as a second factor is of the instance’s settings and not of a person.',
} as const

const oneCode = 'A test address has one code, however often it is asked for.'
const named = 'Of second factors Clerk names passkeys only.'

/** A strategy and what it rests on in the instance's settings. */
type Attributes = UserSettingsJSON['attributes']
const needs: Readonly<Record<string, (on: Attributes) => boolean>> = {
  'identifier email': (on) => on.email_address.enabled && on.email_address.used_for_first_factor,
  'identifier phone': (on) => on.phone_number.enabled && on.phone_number.used_for_first_factor,
  'first password': (on) => on.password.enabled,
  'first email_code': (on) => on.email_address.first_factors.includes('email_code'),
  'first phone_code': (on) => on.phone_number.first_factors.includes('phone_code'),
  'first reset_password_email_code': (on) => on.password.enabled && on.email_address.first_factors.includes('email_code'),
  'first reset_password_phone_code': (on) => on.password.enabled && on.phone_number.first_factors.includes('phone_code'),
  'second totp': (on) => on.authenticator_app.second_factors.includes('totp'),
  'second phone_code': (on) => on.phone_number.second_factors.includes('phone_code'),
  'second backup_code': (on) => on.backup_code.second_factors.includes('backup_code'),
  'enroll totp': (on) => on.authenticator_app.second_factors.includes('totp'),
  'enroll phone': (on) => on.phone_number.second_factors.includes('phone_code'),
}

export interface LiveClerk {
  readonly harness: AdapterHarness
  /** What could be asked and is switched off in the instance. */
  readonly off: readonly string[]
}

/** The contract on a real instance, in which people are made and removed with the secret key. */
export async function clerkLive(place: Place): Promise<LiveClerk> {
  const testingToken = await adminOf(place).testingToken()
  const way = { key: place.key, url: place.frontend, testingToken }
  const { clerk } = await openClerk(way)
  const { user_settings: settings, auth_config: config } = await environmentOf(place, testingToken)
  const claimed = (step: string) =>
    Object.entries(needs).flatMap(([name, holds]) => {
      const [of, what = ''] = name.split(' ')
      return of === step && holds(settings.attributes) ? [what] : []
    })
  const options = {
    identifiers: claimed('identifier'),
    firstFactors: claimed('first'),
    secondFactors: claimed('second'),
    enroll: claimed('enroll'),
  } as ClerkAdapterOptions
  const isHidden = settings.attack_protection?.enumeration_protection.enabled ?? false
  const sent = (steps: readonly string[] = []) => steps.filter((one) => one.endsWith('_code') && one !== 'backup_code')
  const firsts = sent(options.firstFactors)
  const codes = [...new Set([...firsts, ...sent(options.secondFactors)])]
  return {
    off: Object.keys(needs).filter((name) => !needs[name]?.(settings.attributes)),
    harness: {
      name: 'clerk live',
      evidence: 'real server',
      sample: clerkAdapter(clerk, options),
      open: () => openStage(place, options),
      gaps: {
        ...(!isHidden && Object.fromEntries(firsts.map((one) => [`first/${one}/unknown-user`, told]))),
        ...Object.fromEntries(codes.map((one) => [`*/${one}/reused`, oneCode])),
        ...(codes.some((one) => !one.startsWith('reset_')) && { '*/*/superseded': oneCode }),
        ...(config.single_session_mode && { 'cancel/somebody-signed-in': sharedGaps['cancel/somebody-signed-in'] }),
        ...(options.enroll?.includes('totp') && {
          'enroll/forced': 'The settings of an instance make everybody enrol or nobody; here nobody.',
          'rename/right': named,
          'rename/lost-reply': named,
        }),
        ...(options.secondFactors?.length === 0 && {
          'offers/second-factor': 'The instance has no second factor on that can be asked for here.',
        }),
        captchas: sharedGaps.captchas,
        passTime: 'The time of a real server passes by itself.',
      },
    },
  }
}

interface Environment {
  readonly user_settings: Pick<UserSettingsJSON, 'attributes' | 'attack_protection'>
  readonly auth_config: { readonly single_session_mode: boolean }
}

/** As Clerk's own client asks for it, whose copy is not handed out. */
async function environmentOf({ frontend }: Place, testingToken: string): Promise<Environment> {
  const query = new URLSearchParams({
    __clerk_api_version: '2026-08-20',
    _clerk_js_version: '6.40.0',
    _is_native: '1',
    __clerk_testing_token: testingToken,
  })
  const answer = await fetch(`${frontend}/v1/environment?${query}`)
  if (!answer.ok) throw new Error(`${frontend}/v1/environment answered with ${answer.status}.`)
  return (await answer.json()) as Environment
}

/** As the stand-in's lines are written: the method that is meant, and the path without its version. */
function nameOf({ method, path }: Asked): string {
  const { pathname, searchParams } = new URL(path, 'http://wire')
  return `${searchParams.get('_method') ?? method} ${pathname.replace(/^\/v1/, '')}`
}

const replyOf = ({ status, error, headers }: Refusal) => ({ status, body: { errors: [error] }, headers })

async function openStage(place: Place, options: ClerkAdapterOptions): Promise<Stage> {
  const admin = adminOf(place)
  // One for each case: all of them, with the waits for Clerk's limits, may take longer than a token holds.
  const testingToken = await admin.testingToken()
  const wire = await openVendorWire(place.frontend, nameOf, place)
  const way = { key: place.key, url: `http://127.0.0.1:${wire.port}`, testingToken }
  const device = createDeviceClock()
  const browsers: ClerkBrowser[] = []
  const made: string[] = []
  const adapterOf = ({ clerk }: ClerkBrowser): AuthAdapter => device.on(clerkAdapter(clerk, options))
  const newBrowser = async () => {
    const browser = await openClerk(way)
    browsers.push(browser)
    return browser
  }
  const browser = await newBrowser()
  const authenticator = createAuthenticators(place)

  async function person(wants: PersonWants = {}): Promise<Person> {
    const { totp, phoneCode, backupCodes, emailCode, webauthn, mustEnroll, first = [] } = wants
    if (emailCode || webauthn || mustEnroll) throw new Error('The Backend API gives nobody such a second factor.')
    const password = `Pw-${randomBytes(12).toString('base64url')}`
    const identifier = `latchkey-${randomBytes(8).toString('hex')}+clerk_test@example.com`
    const secret = new Secret({ size: 20 }).base32
    const codes = backupCodes ? [newBackupCode(), newBackupCode()] : []
    const id = await withNumber((number) =>
      admin.createUser({
        email_address: [identifier],
        ...(first.some((one) => one.includes('phone')) && { phone_number: [number] }),
        password,
        skip_password_checks: true,
        ...(totp && { totp_secret: secret }),
        ...(backupCodes && { backup_codes: codes }),
        bypass_client_trust: true,
      }),
    )
    made.push(id)
    if (phoneCode)
      await withNumber((number) =>
        admin.addPhone({ user_id: id, phone_number: number, verified: true, reserved_for_second_factor: true }),
      )
    return {
      identifier,
      password,
      phone: testNumber(),
      delivered: async () => testCode,
      ...(totp && { totp: () => authenticator(secret) }),
      ...(backupCodes && { backupCodes: codes }),
    }
  }

  return {
    adapter: adapterOf(browser),
    redirectUrl,
    another: async () => adapterOf(await newBrowser()),
    async reloaded() {
      await browser.reload()
      return adapterOf(browser)
    },
    person,
    authenticator,
    loseNextReply: (act) => wire.lose(lineOf(act)),
    answerNext(act, trouble) {
      wire.answerNext(lineOf(act), replyOf(refusals[trouble]()))
      return trouble === 'throttled' ? { retryInMs: 30_000 } : {}
    },
    // Not on the wire: a read that is not answered is tried eleven times.
    offline: (on) => void browsers.forEach((one) => (one.offline = on)),
    skewClock: device.set,
    sent: (act) => wire.sent(lineOf(act)),
    secrets: () => browsers.flatMap(({ token }) => token ?? []),
    refusedForStepUp() {
      wire.answerNext(/^POST \/me\/totp$/, replyOf(new Refusal(403, 'session_reverification_required')))
      return browser.clerk.user?.createTOTP().catch((thrown: unknown) => thrown)
    },
    async close() {
      device.remove()
      await wire.close()
      const left = await Promise.allSettled(made.map((id) => admin.deleteUser(id)))
      const failed = left.flatMap((one, index) => (one.status === 'rejected' ? [`${made[index]}: ${String(one.reason)}`] : []))
      if (failed.length > 0) throw new Error(`Left behind in the instance: ${failed.join('; ')}`)
    },
  }
}

const newBackupCode = () => randomBytes(4).toString('hex')

/** Real area codes: a number has to be one. Each has a hundred test numbers. */
const areas = [201, 206, 212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 612, 617, 702, 713, 718, 808, 816, 917]
const testNumber = () => `+1${areas[randomInt(areas.length)]}55501${String(randomInt(100)).padStart(2, '0')}`

/** With test numbers until one is free: what a run that was broken off has left behind still has its own. */
async function withNumber<T>(ask: (number: string) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask(testNumber())
    } catch (thrown) {
      const isTaken =
        thrown instanceof Refused &&
        thrown.errors.some(({ code, meta }) => code === 'form_identifier_exists' && meta?.param_name === 'phone_number')
      if (!isTaken || tries >= 10) throw thrown
    }
  }
}
