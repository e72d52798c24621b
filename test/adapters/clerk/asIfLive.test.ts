// @vitest-environment node
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { startClerkStandIn } from '../../servers/clerkStandIn.js'
import { startClerkBackendStandIn } from '../../servers/clerkStandInBackend.js'
import type { Attribute } from '../../servers/clerkStandInDevelopment.js'
import { patient, runContract } from '../../testing/runContract.js'
import { clerkLive } from './liveHarness.js'
import { placeOf } from './place.js'

/**
 * What runs on a real instance where there are keys, on the stand-ins as if they were one: told by the same names in the environment, and no more
 * is touched of them than their clock, so that nobody waits.
 */
async function openInstance(without: readonly Attribute[] = []) {
  const server = await startClerkStandIn({ development: { without } })
  const backend = await startClerkBackendStandIn(server)
  const place = placeOf({
    CLERK_PUBLISHABLE_KEY: `pk_test_${btoa('clerk.local.test$')}`,
    CLERK_SECRET_KEY: backend.secretKey,
    CLERK_FRONTEND_API_URL: server.url,
    CLERK_BACKEND_API_URL: backend.url,
  })
  if (!place) throw new Error('The environment names an instance.')
  const waits: number[] = []
  async function wait(ms: number) {
    waits.push(ms)
    server.advance(ms)
  }
  const { harness, off } = await clerkLive({ ...place, now: server.now, wait })
  return { server, backend, waits, off, harness: { ...harness, name: 'clerk as if live' } }
}

// Of each wait, and clerk-js of development keys in each page.
const quiet = (['info', 'warn'] as const).map((level) => vi.spyOn(console, level).mockImplementation(() => {}))
afterAll(() => quiet.forEach((spy) => spy.mockRestore()))

const all = await openInstance()
const plain = await openInstance(['phone_number', 'authenticator_app', 'backup_code'])

afterEach(() => {
  for (const { server, backend } of [all, plain]) {
    expect([...server.violations.splice(0), ...backend.violations.splice(0)]).toEqual([])
    // Whoever was made for a case is gone after it.
    expect(server.users).toEqual([])
  }
})
afterAll(async () => {
  for (const { server, backend } of [all, plain]) {
    await backend.close()
    await server.close()
  }
})

const timeout = 20_000

runContract(all.harness, {
  ...patient,
  timeout,
  only: [
    'harness/gaps',
    'first/password/right',
    'first/email_code/right',
    'first/phone_code/right',
    'first/reset_password_email_code/right',
    'second/totp/right',
    'second/totp/too-many',
    'second/phone_code/right',
    'second/backup_code/reused',
    'lost-reply/second-factor',
    'offline/second-factor',
    'answers/second-factor/locked',
    'enroll/totp/right',
    'enroll/phone/wrong',
    'enroll/forced/right',
    'default/lost-reply',
    'step-up/detect',
    'secrets/tokens',
    'clock/ahead',
  ],
})

runContract(
  { ...plain.harness, name: 'clerk as if live (no phones, no second factors)' },
  { ...patient, timeout, only: ['harness/gaps', 'offers/second-factor', 'first/password/right', 'first/email_code/right'] },
)

describe('a run as if live', () => {
  it('HA-20 waits as long as the limits by address say, and for codes of an app that were not used yet', () => {
    const [longest = 0] = [...all.waits].toSorted((one, other) => other - one)
    expect(all.waits.filter((ms) => ms % 1000 === 0).length).toBeGreaterThan(0)
    expect(longest).toBeGreaterThan(10_000)
    expect(longest).toBeLessThanOrEqual(30_000)
  })

  it('HA-20 is known to Clerk’s protection against bots by a testing token in each request', () => {
    const asked = all.server.requests.filter(({ line }) => !line.startsWith('GET /environment'))
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.filter(({ testingToken }) => !testingToken)).toEqual([])
  })

  it('HA-20 tells what the instance has switched off', () => {
    expect(all.off).toEqual([])
    expect(plain.off).toEqual([
      'identifier phone',
      'first phone_code',
      'first reset_password_phone_code',
      'second totp',
      'second phone_code',
      'second backup_code',
      'enroll totp',
      'enroll phone',
    ])
  })
})
