// @vitest-environment node
import { afterAll, afterEach, expect, it } from 'vitest'
import { startWorkOSStandIn } from '../../servers/workosStandIn.js'
import { patient, runContract } from '../../testing/runContract.js'
import { workosLive } from './liveHarness.js'
import { placeOf } from './place.js'

/**
 * What runs on WorkOS itself where there are keys, on the stand-in as if it were WorkOS: told by the same names in the environment, and no more is
 * touched of it than its clock, so that nobody waits.
 */
const workos = await startWorkOSStandIn()
const named = placeOf({
  WORKOS_API_KEY: workos.apiKey,
  WORKOS_CLIENT_ID: workos.options.clientId,
  WORKOS_API_URL: `http://127.0.0.1:${workos.options.port}`,
})
if (!named) throw new Error('The environment names WorkOS.')
const waits: number[] = []
const place = {
  ...named,
  now: workos.now,
  async wait(ms: number) {
    waits.push(ms)
    workos.advance(ms)
  },
}

afterEach(() => {
  expect(workos.refusals.splice(0)).toEqual([])
  // Whoever was made for a case is gone after it, and what was enrolled.
  expect([...workos.users.keys(), ...workos.factors.keys()]).toEqual([])
})
afterAll(() => workos.close())

runContract(
  { ...workosLive(place, 'users'), name: 'workos users as if live' },
  {
    ...patient,
    timeout: 20_000,
    only: [
      'harness/gaps',
      'offers/as-the-sample',
      'first/password/right',
      'first/password/too-many',
      'first/email_code/right',
      'first/email_code/unknown-user',
      'second/totp/right',
      'second/totp/too-many',
      'order/not-claimed',
      'lost-reply/send-email_code',
      'lost-reply/second-factor',
      'offline/second-factor',
      'answers/second-factor/failure',
      'answers/second-factor/throttled',
      'enroll/totp/unenroll',
      'enroll/forced/right',
      'session/sign-out-all',
      'secrets/answers',
      'clock/ahead',
    ],
  },
)

runContract(
  { ...workosLive(place, 'plain factors'), name: 'workos plain factors as if live' },
  {
    ...patient,
    timeout: 20_000,
    only: [
      'harness/gaps',
      'second/totp/right',
      'second/totp/too-many',
      'second/phone_code/right',
      'enroll/totp/right',
      'enroll/totp/lost-reply',
      'enroll/phone/right',
      'answers/second-factor/failure',
    ],
  },
)

it('HA-20 waits in a run as if live for codes of an app that were not used yet, and for nothing longer', () => {
  expect(waits.length).toBeGreaterThan(0)
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
})
