// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MfaApi } from '../../../src/core/adapter.js'
import { credentials, memoryFactors, openHouse, refused, type House } from './house.js'

let house: House

beforeAll(async () => (house = await openHouse()))
afterEach(() => expect(house.workos.refusals).toEqual([]))
afterAll(() => house.workos.close())

const minutes = 60_000
const phone = '+15555550142'
const smsTemplate = 'Acme: {{code}} is your code.'

/** A person with plain factors, and a browser of theirs. */
function open({ totp = false, sms = false } = {}) {
  const factors = memoryFactors()
  const person = house.person()
  const app = totp ? house.workos.addPlain() : undefined
  const text = sms ? house.workos.addPlain(phone) : undefined
  factors.of.set(person.id, new Set([app, text].flatMap((one) => one?.id ?? [])))
  const browser = () => house.browser({ factors, smsTemplate })
  return { factors, person, app, text, browser, ...browser() }
}

const sentCode = () => house.workos.texts.at(-1)?.code ?? ''

describe('a sign-in of somebody with plain factors', () => {
  it('TE-10 asks for one although WorkOS would have made a session', async () => {
    const { adapter, person, app, text, cells } = open({ totp: true, sms: true })
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt.status).toBe('needs_second_factor')
    expect(attempt.supportedSecondFactors).toEqual([
      { id: `totp:${app?.id}`, strategy: 'totp' },
      { id: `phone_code:${text?.id}`, strategy: 'phone_code', hint: '+•••••••••42' },
    ])
    expect(cells.session).toBeNull()
    expect((await refused(adapter.signIn.finish(attempt))).code).toBe('not_supported')
    const factorId = `totp:${app?.id}`
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '000000' }))).code).toBe('code_incorrect')
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: house.workos.totp(app?.secret ?? '') })
    expect(await adapter.signIn.finish(done)).toMatchObject({ currentLevel: 'aal2', user: { id: person.id } })
  })

  it.each(['attemptFirstFactor', 'create'] as const)(
    'HA-17 TE-10 asks for one also of who tries again after the list of factors could not be read: %s',
    async (begun) => {
      const { adapter, factors, person } = open({ totp: true })
      const { identifier, password } = credentials(person)
      const attempt = await adapter.signIn.create({ identifier })
      const again = () =>
        begun === 'create'
          ? adapter.signIn.create({ identifier, password })
          : adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password', password })
      factors.fail = true
      expect(await refused(again())).toMatchObject({ outcome: 'unknown' })
      const second = await again()
      expect(second.status).toBe('needs_second_factor')
      expect((await refused(adapter.signIn.finish(second))).code).toBe('not_supported')
    },
  )

  it('gets a text in the app’s words, tells how long it lives, and takes its code', async () => {
    const { adapter, person, text } = open({ sms: true })
    const factorId = `phone_code:${text?.id}`
    const attempt = await adapter.signIn.create(credentials(person))
    const sentBefore = house.workos.texts.length
    const early = await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '123456' }))
    expect(early).toMatchObject({ code: 'code_expired', field: 'code' })
    expect(house.workos.texts).toHaveLength(sentBefore)
    const sent = await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    expect(sent.secondFactorVerification).toEqual({ status: 'unverified', factorId, expiresInMs: 10 * minutes })
    expect(house.workos.texts.at(-1)).toMatchObject({ to: phone, text: `Acme: ${sentCode()} is your code.` })
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '000000' }))).code).toBe('code_incorrect')
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: sentCode() })
    const session = await adapter.signIn.finish(done)
    expect(session.methods.map(({ method }) => method)).toEqual(['password', 'phone_code'])
  })

  it('OT-19 takes the newest code only', async () => {
    const { adapter, person, text } = open({ sms: true })
    const factorId = `phone_code:${text?.id}`
    const attempt = await adapter.signIn.create(credentials(person))
    await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    const old = sentCode()
    await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: old }))).code).toBe('code_incorrect')
    expect((await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: sentCode() })).status).toBe('complete')
  })

  it('sees a text expire, and works with a new one', async () => {
    const { adapter, person, text } = open({ sms: true })
    const factorId = `phone_code:${text?.id}`
    const attempt = await adapter.signIn.create(credentials(person))
    await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    const late = sentCode()
    // A text lives as long as an attempt does, so by time alone none ends before it.
    house.workos.answerNext('POST /auth/challenges/:id/verify', 422, { code: 'authentication_challenge_expired' })
    const error = await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: late }))
    expect(error).toMatchObject({ code: 'code_expired', field: 'code' })
    await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    expect((await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: sentCode() })).status).toBe('complete')
  })

  it('lets no replay of a passed step through, by the challenge’s single use', async () => {
    const { adapter, person, app, cells } = open({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const older = cells.attempt
    const proof = { factorId: `totp:${app?.id}`, code: house.workos.totp(app?.secret ?? '') }
    await adapter.signIn.attemptSecondFactor(attempt, proof)
    cells.attempt = older
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, proof))).code).toBe('attempt_lost')
    const mine = [...house.workos.sessions.values()].filter(({ userId }) => userId === person.id)
    expect(mine.map(({ status }) => status)).toEqual(['revoked'])
    expect((await refused(adapter.signIn.prepareSecondFactor(attempt, proof))).code).toBe('attempt_lost')
  })

  it('cannot be given a second challenge for an app', async () => {
    const { adapter, person, app } = open({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    expect((await refused(adapter.signIn.prepareSecondFactor(attempt, { factorId: `totp:${app?.id}` }))).code).toBe(
      'not_supported',
    )
  })

  it('HA-05 meets a new challenge after a lost answer', async () => {
    const { adapter, person, app } = open({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const factorId = `totp:${app?.id}`
    house.workos.loseNext('POST /auth/challenges')
    const code = house.workos.totp(app?.secret ?? '')
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code }))).outcome).toBe('unknown')
    expect((await adapter.signIn.reload(attempt)).status).toBe('needs_second_factor')
    const next = house.workos.totp(app?.secret ?? '', 1)
    expect((await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: next })).status).toBe('complete')
  })

  it('is challenged at the try if it could not be before', async () => {
    const { adapter, person, app } = open({ totp: true })
    house.workos.answerNext('POST /auth/factors/:id/challenge', 503, { message: 'later' })
    const attempt = await adapter.signIn.create(credentials(person))
    const proof = { factorId: `totp:${app?.id}`, code: house.workos.totp(app?.secret ?? '') }
    expect((await adapter.signIn.attemptSecondFactor(attempt, proof)).status).toBe('complete')
  })

  it('gives up the session that WorkOS had made', async () => {
    const { adapter, person } = open({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    await adapter.signIn.cancel(attempt)
    const mine = [...house.workos.sessions.values()].filter(({ userId }) => userId === person.id)
    expect(mine.map(({ status }) => status)).toEqual(['revoked'])
  })

  it('does not pass while the app cannot say which factors there are', async () => {
    const { adapter, person, factors, cells } = open({ totp: true })
    factors.fail = true
    const error = await refused(adapter.signIn.create(credentials(person)))
    expect(error).toMatchObject({ outcome: 'unknown', cause: 'Error' })
    expect(cells).toEqual({ attempt: null, session: null })
  })

  it('goes without a factor that WorkOS no longer has', async () => {
    const { adapter, person, app } = open({ totp: true })
    house.workos.factors.delete(app?.id ?? '')
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt.status).toBe('complete')
  })
})

describe('plain factors of whoever is signed in', () => {
  async function enter(wants?: Parameters<typeof open>[0]) {
    const one = open(wants)
    await one.adapter.signIn.finish(await one.adapter.signIn.create(credentials(one.person)))
    return { ...one, mfa: one.adapter.mfa as MfaApi & Required<Pick<MfaApi, 'abandon'>> }
  }

  it('are enrolled by app', async () => {
    const { mfa, factors, person, adapter } = await enter()
    const setup = await mfa.enroll({ type: 'totp' })
    if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
    expect(setup.uri).toContain('issuer=Latchkey')
    expect([...(factors.of.get(person.id) ?? [])]).toEqual([])
    await mfa.verify({ enrollmentId: setup.id, code: house.workos.totp(setup.secret) })
    expect([...(factors.of.get(person.id) ?? [])]).toEqual([setup.id.slice(5)])
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal2' })
    expect(house.workos.calls.map(({ route }) => route)).not.toContain('POST /user_management/users/:id/auth_factors totp')
  })

  it('are enrolled by text', async () => {
    const { mfa, factors, person } = await enter()
    const setup = await mfa.enroll({ type: 'phone', phone })
    if (setup.status !== 'pending' || setup.type !== 'phone') throw new Error('not pending')
    expect(setup).toMatchObject({ sent: false })
    const enrollmentId = setup.id
    expect((await refused(mfa.verify({ enrollmentId, code: '123456' }))).code).toBe('code_expired')
    expect(await mfa.challenge({ enrollmentId })).toMatchObject({ sent: true, expiresInMs: 10 * minutes })
    expect((await refused(mfa.verify({ enrollmentId, code: '000000' }))).code).toBe('code_incorrect')
    const verified = await mfa.verify({ enrollmentId, code: sentCode() })
    expect(verified.factor).toMatchObject({ id: enrollmentId, strategy: 'phone_code', status: 'verified' })
    expect(await mfa.listFactors()).toMatchObject([{ id: enrollmentId, hint: '+•••••••••42' }])
    expect(factors.of.get(person.id)?.size).toBe(1)
  })

  it('refuse a number that is none', async () => {
    const { mfa } = await enter()
    const error = await refused(mfa.enroll({ type: 'phone', phone: 'foo' }))
    expect(error).toMatchObject({ code: 'identifier_invalid', field: 'phone', outcome: 'refused' })
    expect(String(error.cause)).not.toContain('foo')
  })

  it('are stored at the second try if the first could not', async () => {
    const { mfa, factors, person } = await enter()
    const setup = await mfa.enroll({ type: 'totp' })
    if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
    const proof = { enrollmentId: setup.id, code: house.workos.totp(setup.secret) }
    const { add } = factors
    let broken = true
    factors.add = (...given) => (broken ? Promise.reject(new Error('database down')) : add(...given))
    expect(await refused(mfa.verify(proof))).toMatchObject({ outcome: 'unknown' })
    broken = false
    await mfa.verify(proof)
    expect(factors.of.get(person.id)?.size).toBe(1)
  })

  it('are removed from both', async () => {
    const { adapter, person, factors, app, mfa } = await (async () => {
      const one = open({ totp: true, sms: true })
      const attempt = await one.adapter.signIn.create(credentials(one.person))
      const proof = { factorId: `totp:${one.app?.id}`, code: house.workos.totp(one.app?.secret ?? '') }
      await one.adapter.signIn.finish(await one.adapter.signIn.attemptSecondFactor(attempt, proof))
      return { ...one, mfa: one.adapter.mfa! }
    })()
    await mfa.unenroll({ factorId: `totp:${app?.id}` })
    expect(factors.of.get(person.id)?.size).toBe(1)
    expect(house.workos.factors.has(app?.id ?? '')).toBe(false)
    expect((await mfa.listFactors()).map(({ strategy }) => strategy)).toEqual(['phone_code'])
    expect(await adapter.session.get()).toMatchObject({ nextLevel: 'aal2' })
  })
})
