// @vitest-environment node
import { URI } from 'otpauth'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Enrollment } from '../../../src/core/enrollment.js'
import { createAuthenticator } from '../../servers/clerkAuthenticator.js'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { newPhone } from '../../servers/clerkStandInFactors.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import type { UserRecord } from '../../servers/clerkStandInState.js'
import { browse, refused, signedIn, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
let user: UserRecord
beforeAll(async () => (server = await startClerkStandIn()))
beforeEach(() => (user = server.addUser()))
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

let numbers = 0
const newNumber = () => `+1555040${String(++numbers).padStart(4, '0')}`
const app = { id: 'totp', strategy: 'totp', status: 'verified', removable: true, changes: [] }

function pending(enrollment: Enrollment) {
  return enrollment.status === 'pending' ? enrollment : expect.unreachable()
}

function totp(enrollment: Enrollment) {
  return enrollment.status === 'pending' && enrollment.type === 'totp' ? enrollment : expect.unreachable()
}

describe('an authenticator app', () => {
  it('TE-01 is set up by Clerk’s own URI', async () => {
    const { mfa } = await signedIn(server, user)
    const enrollment = totp(await mfa.enroll({ type: 'totp' }))
    expect(URI.parse(enrollment.uri)).toMatchObject({ issuer: 'Acme', label: user.email, digits: 6, period: 30 })
    expect(enrollment.uri).toContain(`secret=${enrollment.secret}`)
  })

  it('TE-10 is none until a code was accepted; then backup codes come, once', async () => {
    const { mfa } = await signedIn(server, user)
    const { id, secret } = totp(await mfa.enroll({ type: 'totp' }))
    const wrong = mfa.verify({ enrollmentId: id, code: '000000' })
    expect(await refused(wrong)).toMatchObject({ code: 'code_incorrect', field: 'code' })
    expect(await mfa.listFactors()).toEqual([])
    const code = totpOf(server, secret)
    const { factor, backupCodes } = await mfa.verify({ enrollmentId: id, code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(factor).toEqual(app)
    expect(backupCodes).toHaveLength(10)
    expect(await mfa.listFactors()).toEqual([app])
    expect(await mfa.verify({ enrollmentId: id, code })).toEqual({ factor: app })
  })

  it('HA-05 proved by an answer that was lost, is found done', async () => {
    const { mfa } = await signedIn(server, user)
    const { id, secret } = totp(await mfa.enroll({ type: 'totp' }))
    server.lose(/totp\/attempt_verification/)
    const code = totpOf(server, secret)
    expect(await refused(mfa.verify({ enrollmentId: id, code }))).toMatchObject({ outcome: 'unknown' })
    expect(await mfa.verify({ enrollmentId: id, code })).toEqual({ factor: app })
    const asked = server.requests.filter(({ line }) => line === 'POST /me/totp/attempt_verification')
    expect(asked.at(-1)?.form).toEqual({ code })
  })

  it('TE-12 abandoned, is forgotten', async () => {
    const { mfa } = await signedIn(server, user)
    const { id } = totp(await mfa.enroll({ type: 'totp' }))
    await mfa.abandon?.({ enrollmentId: id })
    expect(await refused(mfa.verify({ enrollmentId: id, code: '123456' }))).toMatchObject({ code: 'attempt_lost' })
    expect(await refused(mfa.challenge({ enrollmentId: id }))).toMatchObject({ code: 'attempt_lost' })
  })

  it('is taken away', async () => {
    const { mfa, session } = await signedIn(server, withTotp(server))
    await mfa.unenroll({ factorId: 'totp' })
    expect(await mfa.listFactors()).toEqual([])
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(await refused(mfa.unenroll({ factorId: 'totp' }))).toMatchObject({ code: 'factor_not_found' })
  })

  it('there is one of', async () => {
    const { mfa } = await signedIn(server, withTotp(server))
    expect(await refused(mfa.enroll({ type: 'totp' }))).toMatchObject({ code: 'factor_exists' })
  })
})

describe('a phone', () => {
  it('is added, proved and kept for the second factor', async () => {
    const { mfa } = await signedIn(server, user)
    const number = newNumber()
    const { id, ...more } = pending(await mfa.enroll({ type: 'phone', phone: number }))
    expect(more).toEqual({ status: 'pending', type: 'phone', sent: true })
    expect(await refused(mfa.verify({ enrollmentId: id, code: '000000' }))).toMatchObject({ code: 'code_incorrect' })
    expect(await mfa.listFactors()).toEqual([])
    await mfa.challenge({ enrollmentId: id })
    const code = server.delivered(number, 'phone_code')
    const { factor, backupCodes } = await mfa.verify({ enrollmentId: id, code })
    expect(factor).toEqual({
      id,
      strategy: 'phone_code',
      status: 'verified',
      removable: true,
      isDefault: false,
      changes: ['make_default'],
      hint: `+•••••••${number.slice(-4)}`,
    })
    expect(backupCodes).toHaveLength(10)
    expect(await mfa.listFactors()).toEqual([factor])
    expect(server.users.find(({ id: one }) => one === user.id)?.phones[0]).toMatchObject({ verified: true, reserved: true })
  })

  it('that was proved before is taken as it is', async () => {
    const number = newNumber()
    user.phones.push({ ...newPhone(number), verified: true })
    const { mfa } = await signedIn(server, user)
    const { status, result } = (await mfa.enroll({ type: 'phone', phone: number.replace(/(\d{3})/, '$1 ') })) as Enrollment & {
      status: 'verified'
    }
    expect(status).toBe('verified')
    expect(result.factor).toMatchObject({ strategy: 'phone_code' })
  })

  it('HA-05 proved by an answer that was lost, or kept by one, is found done', async () => {
    for (const line of [/attempt_verification/, /^PATCH/]) {
      const number = newNumber()
      const { mfa } = await signedIn(server, server.addUser())
      const { id } = pending(await mfa.enroll({ type: 'phone', phone: number }))
      const code = server.delivered(number, 'phone_code')
      server.lose(line)
      expect(await refused(mfa.verify({ enrollmentId: id, code }))).toMatchObject({ outcome: 'unknown' })
      expect((await mfa.verify({ enrollmentId: id, code })).factor).toMatchObject({ id, status: 'verified' })
    }
  })

  it('TE-12 abandoned, is taken off the account; a proved one never', async () => {
    const { mfa } = await signedIn(server, user)
    const first = pending(await mfa.enroll({ type: 'phone', phone: newNumber() }))
    await mfa.abandon?.({ enrollmentId: first.id })
    expect(user.phones).toEqual([])
    const number = newNumber()
    const second = pending(await mfa.enroll({ type: 'phone', phone: number }))
    await mfa.verify({ enrollmentId: second.id, code: server.delivered(number, 'phone_code') })
    await mfa.abandon?.({ enrollmentId: second.id })
    expect(user.phones).toHaveLength(1)
  })

  it('is made the default one by Clerk’s own client; nothing else can be', async () => {
    const { mfa } = await signedIn(server, user)
    const kept = { verified: true, reserved: true }
    user.phones.push({ ...newPhone(newNumber()), ...kept, isDefault: true }, { ...newPhone(newNumber()), ...kept })
    const [first, second] = await mfa.listFactors()
    await mfa.makeDefault?.({ factorId: second?.id ?? '' })
    expect(server.requests.at(-1)).toMatchObject({ line: expect.stringMatching(/^PATCH \/me\/phone_numbers\//) as string })
    expect(server.requests.at(-1)?.form).toMatchObject({ default_second_factor: 'true' })
    expect((await mfa.listFactors()).map(({ id, isDefault }) => ({ id, isDefault }))).toEqual([
      { id: first?.id, isDefault: false },
      { id: second?.id, isDefault: true },
    ])
    for (const factorId of ['totp', 'phone_code:none'])
      expect(await refused(mfa.makeDefault?.({ factorId }) ?? Promise.resolve())).toMatchObject({ code: 'not_supported' })
  })

  it('is taken away as a factor, and stays a number of theirs', async () => {
    user.phones.push({ ...newPhone(newNumber()), verified: true, reserved: true, isDefault: true })
    user.emailSecond = []
    const { mfa } = await browse(server).then(async (house) => {
      const attempt = await house.signIn.create({ identifier: user.email, password: user.password })
      const factorId = attempt.supportedSecondFactors?.[0]?.id ?? ''
      await house.signIn.prepareSecondFactor(attempt, { factorId })
      const code = server.delivered(user.phones[0]?.number ?? '', 'phone_code')
      await house.signIn.finish(await house.signIn.attemptSecondFactor(attempt, { factorId, code }))
      return house
    })
    const [factor] = await mfa.listFactors()
    expect(factor).toMatchObject({ isDefault: true })
    await mfa.unenroll({ factorId: factor?.id ?? '' })
    expect(await mfa.listFactors()).toEqual([])
    expect(user.phones[0]).toMatchObject({ verified: true, reserved: false })
  })

  it.each([
    [{ phone: 'none' }, 'identifier_invalid'],
    [{ phone: '+15550499999' }, 'factor_exists'],
  ])('%j', async ({ phone }, code) => {
    if (code === 'factor_exists') server.addUser({ phones: [newPhone(phone)] })
    const { mfa } = await signedIn(server, user)
    expect(await refused(mfa.enroll({ type: 'phone', phone }))).toMatchObject({ code })
  })
})

describe('a passkey', () => {
  async function withAuthenticator() {
    const house = await signedIn(server, user)
    createAuthenticator().attachTo(house.browser.clerk)
    return house
  }

  it('is made by Clerk’s own ceremony, named and taken away', async () => {
    const { mfa, adapter } = await withAuthenticator()
    expect(adapter.capabilities.enroll).toContainEqual({ type: 'webauthn', many: true, ceremony: 'vendor' })
    const made = await mfa.enroll({ type: 'webauthn' })
    if (made.status !== 'verified') return expect.unreachable()
    const { factor } = made.result
    expect(factor).toMatchObject({ strategy: 'passkey', status: 'verified', removable: true })
    expect(factor.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/)
    const renamed = await mfa.rename?.({ factorId: factor.id, friendlyName: 'Laptop' })
    expect(renamed).toEqual({ ...factor, friendlyName: 'Laptop' })
    expect(await mfa.listFactors()).toEqual([renamed])
    await mfa.unenroll({ factorId: factor.id })
    expect(await mfa.listFactors()).toEqual([])
  })

  it('that the person did not want', async () => {
    const { mfa, browser } = await withAuthenticator()
    const error = Object.assign(new Error('no'), { code: 'passkey_registration_cancelled' })
    Object.assign(browser.clerk, { __internal_createPublicCredentials: async () => ({ error, publicKeyCredential: null }) })
    expect(await refused(mfa.enroll({ type: 'webauthn' }))).toMatchObject({ code: 'cancelled', outcome: 'refused' })
  })

  it('where there are none', async () => {
    const { mfa } = await signedIn(server, user)
    expect(await refused(mfa.enroll({ type: 'webauthn' }))).toMatchObject({ code: 'not_supported' })
  })
})

describe('backup codes', () => {
  it('are made anew, and Clerk tells nobody how many are left', async () => {
    const house = await signedIn(server, withTotp(server))
    const { status, generate } = house.adapter.mfa?.backupCodes ?? expect.unreachable()
    expect(await generate({})).toHaveLength(10)
    expect(await status?.()).toEqual({})
  })

  it('of somebody who has none', async () => {
    const { adapter } = await signedIn(server, user)
    expect(await adapter.mfa?.backupCodes?.status?.()).toEqual({ total: 0, remaining: 0 })
    expect((await refused(adapter.mfa?.backupCodes?.generate({}) ?? Promise.resolve())).outcome).toBe('refused')
  })
})

it('what Clerk has not is not supported', async () => {
  const { mfa } = await signedIn(server, withTotp(server))
  expect(await refused(mfa.enroll({ type: 'email' }))).toMatchObject({ code: 'not_supported' })
  expect(await refused(mfa.rename?.({ factorId: 'totp', friendlyName: 'x' }) ?? Promise.resolve())).toMatchObject({
    code: 'not_supported',
  })
  expect(await refused(mfa.unenroll({ factorId: 'made-up' }))).toMatchObject({ code: 'factor_not_found' })
})

it('nobody signed in has no factors', async () => {
  const { mfa } = await browse(server)
  expect(await refused(mfa.listFactors())).toMatchObject({ code: 'session_lost' })
  expect(await refused(mfa.enroll({ type: 'totp' }))).toMatchObject({ code: 'session_lost' })
})

it('HA-10 an error holds no code of an enrolment', async () => {
  const { mfa } = await signedIn(server, user)
  const { id } = totp(await mfa.enroll({ type: 'totp' }))
  server.refuse(/attempt_verification/, new Refusal(422, '918273'))
  expect((await refused(mfa.verify({ enrollmentId: id, code: '918273' }))).cause).toBe(422)
})
