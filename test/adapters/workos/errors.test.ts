// @vitest-environment node
import { inspect } from 'node:util'
import { WorkOS } from '@workos-inc/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workosAdapter } from '../../../src/adapters/workos/index.js'
import { isAuthError, type AuthErrorCode } from '../../../src/core/AuthError.js'
import { credentials, openHouse, refused, standInBrowser, type House } from './house.js'

let house: House

beforeAll(async () => (house = await openHouse()))
afterAll(() => house.workos.close())

const route = 'POST /user_management/authenticate password'
const given = { identifier: 'someone@example.com', password: 'pw-sentinel' }

function answered(status: number, body: object, headers?: Record<string, string>) {
  house.workos.answerNext(route, status, body, headers)
  return refused(house.browser().adapter.signIn.create(given))
}

/** The codes that WorkOS documents or its emulator gives, and what they are here. */
const table: Record<string, [status: number, ours: AuthErrorCode, field?: string]> = {
  invalid_credentials: [400, 'invalid_credentials', 'password'],
  invalid_one_time_code: [400, 'code_incorrect', 'code'],
  one_time_code_expired: [400, 'code_expired', 'code'],
  one_time_code_previously_used: [400, 'already_used', 'code'],
  authentication_challenge_expired: [422, 'code_expired', 'code'],
  authentication_challenge_previously_verified: [422, 'already_used', 'code'],
  invalid_phone_number: [422, 'identifier_invalid', 'phone'],
  invalid_pending_authentication_token: [400, 'attempt_lost'],
  pending_authentication_token_expired: [400, 'attempt_lost'],
  entity_not_found: [404, 'factor_not_found'],
}

describe('HA-09 the closed list of errors', () => {
  it.each(Object.entries(table))('%s', async (code, [status, ours, field]) => {
    const error = await answered(status, { code, message: 'Their words' })
    expect(isAuthError(error)).toBe(true)
    expect(error).toMatchObject({ code: ours, outcome: 'refused' })
    expect(error.field).toBe(field)
    expect(error.message).not.toContain('Their words')
    expect(JSON.stringify(error)).not.toContain('Their words')
  })

  it.each(['__proto__', 'constructor', 'toString', 'unknown', 'locked', 'new_in_workos', ''])(
    'is generic for %j',
    async (code) => {
      expect(await answered(400, { code, message: 'x' })).toMatchObject({ code: 'unknown', outcome: 'refused' })
      expect(await answered(422, { code, message: 'x' })).toMatchObject({ code: 'unknown', outcome: 'refused' })
    },
  )

  it('is generic where the key is wrong, which is not the person’s fault', async () => {
    const sdk = new WorkOS('sk_test_other', { ...house.workos.options })
    const { adapter } = standInBrowser(workosAdapter(sdk))
    expect(await refused(adapter.signIn.create(given))).toMatchObject({ code: 'unknown', outcome: 'refused' })
  })

  it('tells how long to wait', async () => {
    const limited = await answered(429, { message: 'Too many requests' }, { 'Retry-After': '30' })
    expect(limited).toMatchObject({ code: 'rate_limited', retryInMs: 30_000, outcome: 'refused' })
    expect((await answered(429, { message: 'Too many requests' })).retryInMs).toBeUndefined()
    const dated = { 'Retry-After': 'Sun, 06 Nov 1994 08:50:37 GMT' }
    expect((await answered(429, { message: 'Too many requests' }, dated)).retryInMs).toBeUndefined()
  })

  it('does not know what came of a request that was not answered', async () => {
    expect(await answered(500, { code: 'invalid_credentials', message: 'x' })).toMatchObject({
      code: 'unavailable',
      outcome: 'unknown',
    })
    expect(await answered(503, {})).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    // What the SDK makes of its own time-out.
    expect(await answered(408, { error: 'Request timeout' })).toMatchObject({ code: 'network', outcome: 'unknown' })
    house.workos.loseNext(route)
    expect(await refused(house.browser().adapter.signIn.create(given))).toMatchObject({ code: 'network', outcome: 'unknown' })
    house.workos.offline(true)
    expect(await refused(house.browser().adapter.signIn.create(given))).toMatchObject({ code: 'network', outcome: 'unknown' })
    house.workos.offline(false)
  })

  it('takes what cannot be read for no answer', async () => {
    const bodies = ['<h1>Hello</h1>', '', 'null', '[]', '{}', '{"user":{"id":"u","email":"e"},"access_token":"no-jwt"}']
    for (const body of bodies) {
      for (const status of [200, 502]) {
        const fetchFn = async () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
        const sdk = new WorkOS('sk_test_x', { clientId: 'client_x', fetchFn })
        const error = await refused(standInBrowser(workosAdapter(sdk)).adapter.signIn.create(given))
        expect(error, `${status} ${body}`).toMatchObject({ outcome: 'unknown' })
      }
    }
  })
})

describe('HA-10 no secret in any error', () => {
  it('whatever WorkOS quotes', async () => {
    const person = house.person({ totp: true })
    const { adapter, cells } = house.browser()
    const quoted = { code: 'new_in_workos', message: `No: ${person.email} pw-sentinel 424242 token-sentinel` }
    const errors = [
      await answered(400, quoted),
      await answered(422, quoted),
      await answered(404, quoted),
      await answered(500, quoted),
    ]
    const attempt = await adapter.signIn.create(credentials(person))
    const { token = 'none' } = JSON.parse(cells.attempt ?? '{}') as { token?: string }
    house.workos.answerNext('POST /user_management/authenticate urn', 400, { ...quoted, message: `${quoted.message} ${token}` })
    errors.push(
      await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: `totp:${person.factorId}`, code: '424242' })),
    )
    for (const error of errors) {
      const shown = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${String(error.cause)}`
      for (const secret of ['pw-sentinel', '424242', 'token-sentinel', token, person.email]) expect(shown).not.toContain(secret)
    }
  })

  it('nor in anything handed back', async () => {
    const person = house.person({ totp: true })
    const { adapter, cells } = house.browser()
    const attempt = await adapter.signIn.create(credentials(person))
    const { token = 'none', challenges = {} } = JSON.parse(cells.attempt ?? '{}') as { token?: string; challenges?: object }
    const factorId = `totp:${person.factorId}`
    const code = house.workos.totp(person.secret)
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId, code })
    const handed = JSON.stringify([attempt, done, await adapter.signIn.finish(done), await adapter.session.get()])
    for (const secret of [token, code, person.password, person.secret, ...Object.values(challenges).map(String)]) {
      expect(handed).not.toContain(secret)
    }
  })
})
