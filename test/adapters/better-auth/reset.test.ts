// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'
import { byEmail, byPhone } from './harness.js'
import { minutes, newest, openPage, refused, seen } from './house.js'

const { withoutMfa, withTotp } = demoUsers
const [phone, guarded, password] = ['+15550100001', '+15550100002', 'a-new-password-1']
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(async () => {
  await server.reset()
  await server.give(withoutMfa.email, { phone })
  await server.give(withTotp.email, { phone: guarded })
})
afterAll(() => server.close())

describe.each([
  ['reset_password_email_code', byEmail, withoutMfa.email, withTotp.email, 'nobody@example.com', '/email-otp/reset-password'],
  ['reset_password_phone_code', byPhone, phone, guarded, '+15550100009', '/phone-number/reset-password'],
] as const)('%s', (strategy, options, plain, withApp, nobody, path) => {
  async function begin(identifier: string) {
    const page = openPage(server, options)
    const attempt = await page.create({ strategy, identifier })
    const prepared = await page.prepareFirstFactor(attempt, { factorId: strategy })
    const prove = (code: string) => page.attemptFirstFactor(attempt, { factorId: strategy, code })
    return { ...page, attempt, prepared, prove, resetPassword: page.resetPassword ?? expect.unreachable() }
  }

  it('SI-14 signs in by the new password, and says that it was changed', async () => {
    const { attempt, prove, resetPassword, finish, session, create } = await begin(plain)
    expect(attempt).toMatchObject({ purpose: 'reset_password', status: 'needs_first_factor' })
    const proved = await prove(newest(server))
    expect(proved).toMatchObject({ status: 'needs_new_password' })
    expect(await session.get()).toBeNull()
    const done = await resetPassword(proved, { password })
    expect(done).toMatchObject({ status: 'complete', notice: 'password_changed' })
    expect((await finish(done)).methods.map(({ method }) => method)).toEqual(['password'])
    expect(await refused(create({ identifier: plain, password: withoutMfa.password }))).toMatchObject({
      code: 'invalid_credentials',
    })
  })

  it('is followed by the second factor', async () => {
    const { prove, resetPassword, attemptSecondFactor, finish, session } = await begin(withApp)
    const between = await resetPassword(await prove(newest(server)), { password })
    expect(between).toMatchObject({ status: 'needs_second_factor', notice: 'password_changed' })
    expect(await session.get()).toBeNull()
    const done = await attemptSecondFactor(between, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(await finish(done)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('tells a wrong code before a password is asked for, an expired one, and too many', async () => {
    const { attempt, prove, prepareFirstFactor } = await begin(plain)
    expect(await refused(prove('000000'))).toMatchObject({ code: 'code_incorrect', field: 'code' })
    server.advance(6 * minutes)
    expect(await refused(prove(newest(server)))).toMatchObject({ code: 'code_expired' })
    await prepareFirstFactor(attempt, { factorId: strategy })
    for (let tries = 0; tries < 3; tries++) expect(await refused(prove('000000'))).toMatchObject({ code: 'code_incorrect' })
    expect(await refused(prove(newest(server)))).toMatchObject({ code: 'too_many_attempts' })
  })

  it('SI-13 is begun alike for somebody unknown, whose codes are all wrong', async () => {
    const [known, unknown] = [await begin(plain), await begin(nobody)]
    expect({ ...unknown.prepared, id: '', identifier: '' }).toEqual({ ...known.prepared, id: '', identifier: '' })
    const errors = []
    for (const { prove } of [known, unknown]) errors.push(seen(await refused(prove('000000'))))
    expect(errors[1]).toEqual(errors[0])
  })

  it('takes another password when the first was too short, with the same code', async () => {
    const { prove, resetPassword } = await begin(plain)
    const proved = await prove(newest(server))
    expect(await refused(resetPassword(proved, { password: 'short' }))).toMatchObject({
      code: 'password_weak',
      field: 'password',
    })
    expect(await resetPassword(proved, { password })).toMatchObject({ status: 'complete' })
  })

  it('HA-05 whose answer was lost goes on with the same password, and sets it once', async () => {
    const { prove, resetPassword, reload, finish, browser } = await begin(plain)
    const proved = await prove(newest(server))
    browser.faults.next = { path, when: 'after' }
    expect(await refused(resetPassword(proved, { password }))).toMatchObject({ outcome: 'unknown' })
    expect(await reload(proved)).toMatchObject({ status: 'needs_new_password' })
    const done = await resetPassword(proved, { password })
    expect(await finish(done)).toMatchObject({ user: { label: withoutMfa.email } })
  })

  it('ends the person’s other sessions where that was wanted', async () => {
    const other = openPage(server, options)
    await other.finish(await other.create({ identifier: plain, password: withoutMfa.password }))
    const { prove, resetPassword, finish, session } = await begin(plain)
    await finish(await resetPassword(await prove(newest(server)), { password, signOutOfOtherSessions: true }))
    expect(await other.session.get()).toBeNull()
    expect(await session.get()).not.toBeNull()
  })

  it('given up leaves whoever is signed in alone', async () => {
    const { prove, cancel, session, create, finish } = await begin(plain)
    await finish(await create({ identifier: plain, password: withoutMfa.password }))
    const proved = await prove(newest(server))
    await cancel(proved)
    expect(await session.get()).not.toBeNull()
    expect(await refused(finish(proved))).toMatchObject({ code: 'attempt_lost' })
  })
})
