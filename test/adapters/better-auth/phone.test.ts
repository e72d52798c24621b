// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'
import { byPhone } from './harness.js'
import { minutes, newest, openPage, refused, seen } from './house.js'

const { withoutMfa, withTotp } = demoUsers
const [phone, guarded] = ['+15550100001', '+15550100002']
const factorId = 'phone_code'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(async () => {
  await server.reset()
  await server.give(withoutMfa.email, { phone })
  await server.give(withTotp.email, { phone: guarded })
})
afterAll(() => server.close())

async function sent(identifier: string) {
  const page = openPage(server, byPhone)
  const attempt = await page.create({ identifier })
  const prepared = await page.prepareFirstFactor(attempt, { factorId })
  return { ...page, attempt, prepared }
}

describe('a code by phone', () => {
  it('signs in, whichever way the number was typed', async () => {
    const { attempt, attemptFirstFactor, finish, browser } = await sent('+1 (555) 010-0001')
    expect(browser.sent.find(({ path }) => path === '/phone-number/send-otp')?.body).toEqual({ phoneNumber: phone })
    const done = await attemptFirstFactor(attempt, { factorId, code: ` ${newest(server)} ` })
    const session = await finish(done)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['phone_code'])
  })

  it('is offered for a number, and not for an address', async () => {
    const { create } = openPage(server, { firstFactors: ['password', 'email_code', 'phone_code', 'email_link', 'passkey'] })
    const offered = async (identifier: string) =>
      (await create({ identifier })).supportedFirstFactors.map(({ strategy }) => strategy)
    expect(await offered(phone)).toEqual(['password', 'phone_code', 'passkey'])
    expect(await offered('ada@example.com')).toEqual(['password', 'email_code', 'email_link', 'passkey'])
  })

  it('is followed by the second factor', async () => {
    const { attempt, attemptFirstFactor, attemptSecondFactor, finish, session } = await sent(guarded)
    const between = await attemptFirstFactor(attempt, { factorId, code: newest(server) })
    expect(between).toMatchObject({ status: 'needs_second_factor' })
    expect(await session.get()).toBeNull()
    const done = await attemptSecondFactor(between, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect((await finish(done)).methods.map(({ method }) => method)).toEqual(['phone_code', 'totp'])
  })

  it('is wrong, expired after five minutes, and dead after the fourth try', async () => {
    const { attempt, attemptFirstFactor, prepareFirstFactor } = await sent(phone)
    const answer = (code: string) => refused(attemptFirstFactor(attempt, { factorId, code }))
    expect(await answer('000000')).toMatchObject({ code: 'code_incorrect', field: 'code' })
    server.advance(6 * minutes)
    expect(await answer(newest(server))).toMatchObject({ code: 'code_expired' })
    await prepareFirstFactor(attempt, { factorId })
    for (let tries = 0; tries < 3; tries++) expect(await answer('000000')).toMatchObject({ code: 'code_incorrect' })
    expect(await answer(newest(server))).toMatchObject({ code: 'too_many_attempts' })
  })

  it('SI-13 treats an unknown number like a known one', async () => {
    const [known, unknown] = [await sent(phone), await sent('+15550100009')]
    expect({ ...unknown.prepared, id: '', identifier: '' }).toEqual({ ...known.prepared, id: '', identifier: '' })
    const errors = []
    for (const { attempt, attemptFirstFactor } of [known, unknown])
      errors.push(seen(await refused(attemptFirstFactor(attempt, { factorId, code: '000000' }))))
    expect(errors[1]).toEqual(errors[0])
    expect(server.outbox.map(({ to }) => to)).toEqual([phone])
  })

  it('HA-05 whose answer was lost is found by a reload, by the number', async () => {
    const { attempt, attemptFirstFactor, reload, finish, browser } = await sent(phone)
    browser.faults.next = { path: '/phone-number/verify', when: 'after' }
    expect(await refused(attemptFirstFactor(attempt, { factorId, code: newest(server) }))).toMatchObject({ outcome: 'unknown' })
    const found = await reload(attempt)
    expect(found.status).toBe('complete')
    expect(await finish(found)).toMatchObject({ user: { label: withoutMfa.email } })
  })
})

describe('a password by phone', () => {
  it('SI-12 signs in, and is refused alike for an unknown number', async () => {
    const { create, finish } = openPage(server, byPhone)
    const { password } = withoutMfa
    expect(await finish(await create({ identifier: phone, password }))).toMatchObject({ user: { label: withoutMfa.email } })
    const wrong = await refused(create({ identifier: phone, password: 'not-it-0' }))
    expect(wrong).toMatchObject({ code: 'invalid_credentials' })
    expect(seen(await refused(create({ identifier: '+15550100009', password: 'not-it-0' })))).toEqual(seen(wrong))
  })
})
