// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { httpAdapter } from '../../../src/adapters/http/index.js'
import { workosAdapter } from '../../../src/adapters/workos/index.js'
import { startAuthServer } from '../../servers/authServer.js'
import { cookieFetch } from '../../servers/cookieFetch.js'
import { credentials, openHouse, refused, type House } from './house.js'

let house: House

beforeAll(async () => (house = await openHouse()))
afterEach(() => {
  house.workos.requireMfa(false)
  expect(house.workos.refusals).toEqual([])
})
afterAll(() => house.workos.close())

const minutes = 60_000
const routesSince = (from: number) => house.workos.calls.slice(from).map(({ route }) => route)

describe('a password alone', () => {
  it('ends in a session at aal1, which WorkOS knows', async () => {
    const { adapter } = house.browser()
    const person = house.person()
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt).toMatchObject({ status: 'complete', purpose: 'sign_in', identifier: person.email, cancelSignsOut: true })
    expect(await adapter.session.get()).toBeNull()
    const session = await adapter.signIn.finish(attempt)
    expect(session).toMatchObject({ user: { id: person.id, label: person.email }, currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['password'])
    expect(session.firstFactorAgeMs).toBeLessThan(5000)
    expect(session.secondFactorAgeMs).toBeUndefined()
    expect(house.workos.sessions.get(session.id ?? '')?.status).toBe('active')
    expect(await adapter.session.get()).toMatchObject({ id: session.id })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ id: session.id })
  })

  it('SI-12 refuses an unknown user and a wrong password alike', async () => {
    const { adapter } = house.browser()
    const { email } = house.person()
    const wrong = await refused(adapter.signIn.create({ identifier: email, password: 'not-it' }))
    const unknown = await refused(adapter.signIn.create({ identifier: 'nobody@example.com', password: 'not-it' }))
    expect(wrong).toMatchObject({ code: 'invalid_credentials', outcome: 'refused', field: 'password' })
    const seen = (error: typeof wrong) => ({ ...error, message: error.message, cause: error.cause })
    expect(seen(unknown)).toEqual(seen(wrong))
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('HA-17 is a step of its own where it is not given at once, and WorkOS is asked nothing before it', async () => {
    const { adapter } = house.browser()
    const person = house.person()
    const from = house.workos.calls.length
    const attempt = await adapter.signIn.create({ identifier: person.email })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', supportedSecondFactors: null, cancelSignsOut: false })
    expect(attempt.supportedFirstFactors.map(({ id }) => id)).toEqual(['password', 'email_code'])
    expect(routesSince(from)).toEqual([])
    const wrong = await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password', password: 'not-it' }))
    expect(wrong.code).toBe('invalid_credentials')
    expect((await adapter.signIn.resume({})).attempt).toEqual(attempt)
    const done = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password', password: person.password })
    expect(done.status).toBe('complete')
  })

  it('goes as it is, with who asks', async () => {
    const { adapter } = house.browser()
    const { email } = house.person()
    const password = '  Zoë e\u0301 👩‍🚀 '
    await refused(adapter.signIn.create({ identifier: email, password }))
    expect(house.workos.calls.at(-1)?.body).toMatchObject({ email, password, ip_address: '203.0.113.7', user_agent: 'Test/1' })
  })
})

describe('a code by e-mail', () => {
  it('is delivered by the app, tells how long it lives, and signs in', async () => {
    const { adapter, cells } = house.browser()
    const person = house.person()
    const attempt = await adapter.signIn.create({ identifier: person.email })
    const sent = await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
    expect(sent.firstFactorVerification).toEqual({ status: 'unverified', factorId: 'email_code', expiresInMs: 10 * minutes })
    const { code = '', email } = house.mail.at(-1) ?? {}
    expect(email).toBe(person.email)
    expect(JSON.stringify([sent, cells])).not.toContain(code)
    const wrong = await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code: '000000' }))
    expect(wrong).toMatchObject({ code: 'code_incorrect', field: 'code' })
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)} `
    const done = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code: typed })
    const session = await adapter.signIn.finish(done)
    expect(session.methods.map(({ method }) => method)).toEqual(['email_code'])
  })

  it('expires, and works once', async () => {
    const { adapter } = house.browser()
    const person = house.person()
    const again = () => adapter.signIn.create({ identifier: person.email })
    const first = await again()
    await adapter.signIn.prepareFirstFactor(first, { factorId: 'email_code' })
    house.workos.advance(10 * minutes - 1000)
    const late = await again()
    house.workos.advance(2000)
    const { code = '' } = house.mail.at(-1) ?? {}
    const expired = await refused(adapter.signIn.attemptFirstFactor(late, { factorId: 'email_code', code }))
    expect(expired).toMatchObject({ code: 'code_expired', field: 'code' })
    await adapter.signIn.prepareFirstFactor(late, { factorId: 'email_code' })
    const fresh = { factorId: 'email_code', code: house.mail.at(-1)?.code ?? '' }
    await adapter.signIn.attemptFirstFactor(late, fresh)
    const reused = await refused(adapter.signIn.attemptFirstFactor(await again(), fresh))
    expect(reused.code).toBe('code_incorrect')
  })

  it('is not sent, and said so, when the app cannot send it', async () => {
    const deliver = () => Promise.reject(new Error('mail down 123456'))
    const { adapter } = house.browser({ deliver })
    const attempt = await adapter.signIn.create({ identifier: house.person().email })
    const error = await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code' }))
    expect(error).toMatchObject({ code: 'send_failed', outcome: 'refused' })
    expect(error.cause).toBeUndefined()
  })

  it('is not offered unless the app says so', async () => {
    const { adapter } = house.browser({ firstFactors: ['password'] })
    const attempt = await adapter.signIn.create({ identifier: house.person().email })
    const error = await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code' }))
    expect(error.code).toBe('factor_not_found')
  })
})

describe('a user of WorkOS with an authenticator app', () => {
  it('is challenged, and ends at aal2', async () => {
    const { adapter } = house.browser()
    const person = house.person({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt).toMatchObject({ status: 'needs_second_factor', cancelSignsOut: false })
    expect(attempt.supportedSecondFactors).toEqual([{ id: `totp:${person.factorId}`, strategy: 'totp' }])
    expect(await adapter.session.get()).toBeNull()
    expect(
      house.workos.sessions.size === [...house.workos.sessions.values()].filter(({ userId }) => userId !== person.id).length,
    ).toBe(true)
    const code = house.workos.totp(person.secret)
    const factorId = `totp:${person.factorId}`
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(done.status).toBe('complete')
    const session = await adapter.signIn.finish(done)
    expect(session).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(session.methods.map(({ method }) => method)).toEqual(['password', 'totp'])
    expect(session.secondFactorAgeMs).toBeLessThan(5000)
  })

  it('can be wrong, and right after that', async () => {
    const { adapter } = house.browser()
    const person = house.person({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const factorId = `totp:${person.factorId}`
    const wrong = await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '000000' }))
    expect(wrong).toMatchObject({ code: 'code_incorrect', field: 'code', outcome: 'refused' })
    expect((await adapter.signIn.reload(attempt)).status).toBe('needs_second_factor')
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: ' ' }))).code).toBe('code_incorrect')
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: house.workos.totp(person.secret) })
    expect(done.status).toBe('complete')
  })

  it('resumes in the same browser without WorkOS’s token being shown', async () => {
    const { adapter, cells } = house.browser()
    const attempt = await adapter.signIn.create(credentials(house.person({ totp: true })))
    const { token = 'none' } = JSON.parse(cells.attempt ?? '{}') as { token?: string }
    expect(token).not.toBe('none')
    const found = await adapter.signIn.resume({})
    expect(found.attempt).toEqual(attempt)
    expect(JSON.stringify(found)).not.toContain(token)
  })

  it('is refused in a replay of an older request, by WorkOS’s single use', async () => {
    const { adapter, cells } = house.browser()
    const person = house.person({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const older = cells.attempt
    const proof = { factorId: `totp:${person.factorId}`, code: house.workos.totp(person.secret) }
    await adapter.signIn.attemptSecondFactor(attempt, proof)
    cells.attempt = older
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, proof))).code).toBe('attempt_lost')
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('HA-17 cannot be passed by, and comes after the first factor', async () => {
    const { adapter } = house.browser()
    const person = house.person({ totp: true })
    const factorId = `totp:${person.factorId}`
    const fresh = await adapter.signIn.create({ identifier: person.email })
    const early = await refused(adapter.signIn.attemptSecondFactor(fresh, { factorId, code: '123456' }))
    expect(early.code).toBe('not_supported')
    const attempt = await adapter.signIn.create(credentials(person))
    expect((await refused(adapter.signIn.finish(attempt))).code).toBe('not_supported')
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: 'totp:other', code: '1' }))).code).toBe(
      'factor_not_found',
    )
    expect((await refused(adapter.signIn.reload(fresh))).code).toBe('attempt_lost')
  })

  it('HA-18 meets a new challenge once, silently, when WorkOS lets the first expire', async () => {
    const { adapter } = house.browser()
    const person = house.person({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const expired = { code: 'authentication_challenge_expired', message: 'expired' }
    const route = 'POST /user_management/authenticate urn:workos:oauth:grant-type:mfa-totp'
    house.workos.answerNext(route, 422, expired)
    const proof = { factorId: `totp:${person.factorId}`, code: house.workos.totp(person.secret) }
    expect((await adapter.signIn.attemptSecondFactor(attempt, proof)).status).toBe('complete')
    const other = await adapter.signIn.create(credentials(person))
    house.workos.answerNext(route, 422, expired)
    house.workos.answerNext(route, 422, expired)
    expect((await refused(adapter.signIn.attemptSecondFactor(other, proof))).code).toBe('code_expired')
  })

  it('HA-05 lost the answer: not moved, and the step cannot be taken again', async () => {
    const { adapter } = house.browser()
    const person = house.person({ totp: true })
    const attempt = await adapter.signIn.create(credentials(person))
    const factorId = `totp:${person.factorId}`
    house.workos.loseNext('POST /user_management/authenticate urn:workos:oauth:grant-type:mfa-totp')
    const code = house.workos.totp(person.secret)
    const lost = await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code }))
    expect(lost).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect((await adapter.signIn.reload(attempt)).status).toBe('needs_second_factor')
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code }))).code).toBe('attempt_lost')
  })
})

describe('a user whom the environment wants enrolled', () => {
  it('enrols inside the sign-in, which goes on from there', async () => {
    house.workos.requireMfa(true)
    const { adapter, cells } = house.browser()
    const person = house.person()
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt).toMatchObject({ status: 'needs_enrollment', enroll: ['totp'] })
    const setup = await adapter.mfa!.enroll({ type: 'totp', issuer: 'Acme', attempt: { id: attempt.id } })
    if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
    expect(setup.uri).toContain('issuer=Acme')
    expect(cells.attempt).not.toContain(setup.secret)
    const enrollmentId = setup.id
    const wrong = await refused(adapter.mfa!.verify({ enrollmentId, code: '000000' }))
    expect(wrong).toMatchObject({ code: 'code_incorrect' })
    expect((await refused(adapter.signIn.finish(attempt))).code).toBe('not_supported')
    const code = house.workos.totp(setup.secret)
    const verified = await adapter.mfa!.verify({ enrollmentId, code })
    expect(verified).toMatchObject({
      factor: { id: setup.id, status: 'verified' },
      attempt: { id: attempt.id, status: 'complete' },
    })
    expect(await adapter.mfa!.verify({ enrollmentId, code })).toEqual(verified)
    await adapter.mfa!.abandon?.({ enrollmentId })
    expect(house.workos.factors.has(setup.id.replace('totp:', ''))).toBe(true)
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('leaves no unproved factor behind when it gives up', async () => {
    house.workos.requireMfa(true)
    const { adapter } = house.browser()
    const attempt = await adapter.signIn.create(credentials(house.person()))
    const enroll = () => adapter.mfa!.enroll({ type: 'totp', attempt: { id: attempt.id } })
    const before = house.workos.factors.size
    await enroll()
    const setup = await enroll()
    expect(house.workos.factors.size).toBe(before + 1)
    if (setup.status === 'pending') await adapter.mfa!.abandon?.({ enrollmentId: setup.id })
    expect(house.workos.factors.size).toBe(before)
    await enroll()
    await adapter.signIn.cancel(attempt)
    expect(house.workos.factors.size).toBe(before)
    expect((await refused(enroll())).code).toBe('attempt_lost')
  })

  it('cannot enrol where nobody asked', async () => {
    const { adapter } = house.browser()
    const attempt = await adapter.signIn.create(credentials(house.person({ totp: true })))
    expect((await refused(adapter.mfa!.enroll({ type: 'totp', attempt }))).code).toBe('not_supported')
  })
})

describe('what else WorkOS asks for', () => {
  it.each(['email_verification_required', 'organization_selection_required', 'sso_required', 'radar_email_challenge'] as const)(
    '%s is unsupported, with its key',
    async (asks) => {
      const { adapter } = house.browser()
      const { email, password } = house.workos.addUser({ email: `${asks}@example.com`, password: 'pw-sentinel', asks })
      const attempt = await adapter.signIn.create({ identifier: email, password })
      expect(attempt).toMatchObject({ status: 'unsupported', detail: asks })
      expect((await refused(adapter.signIn.finish(attempt))).code).toBe('not_supported')
      await adapter.signIn.cancel(attempt)
      expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
    },
  )

  it('comes after the second factor too', async () => {
    const { adapter } = house.browser()
    const asks = 'organization_selection_required'
    const { id, email, password } = house.workos.addUser({ email: 'two-orgs@example.com', password: 'pw-sentinel', asks })
    const app = house.workos.addTotp(id)
    const attempt = await adapter.signIn.create({ identifier: email, password })
    const proof = { factorId: `totp:${app.id}`, code: house.workos.totp(app.secret) }
    expect(await adapter.signIn.attemptSecondFactor(attempt, proof)).toMatchObject({ status: 'unsupported', detail: asks })
  })
})

describe('giving up, and other browsers', () => {
  it('revokes the session that the attempt made', async () => {
    const { adapter } = house.browser()
    const person = house.person()
    const attempt = await adapter.signIn.create(credentials(person))
    await adapter.signIn.cancel(attempt)
    const mine = [...house.workos.sessions.values()].filter(({ userId }) => userId === person.id)
    expect(mine.map(({ status }) => status)).toEqual(['revoked'])
    expect((await refused(adapter.signIn.finish(attempt))).code).toBe('attempt_lost')
  })

  it('leaves a finished one alone', async () => {
    const { adapter } = house.browser()
    const attempt = await adapter.signIn.create(credentials(house.person()))
    await adapter.signIn.finish(attempt)
    await adapter.signIn.cancel(attempt)
    expect(await adapter.session.get()).not.toBeNull()
  })

  it('does not lend an attempt to another browser', async () => {
    const attempt = await house.browser().adapter.signIn.create(credentials(house.person()))
    const { signIn } = house.browser().adapter
    expect((await refused(signIn.finish(attempt))).code).toBe('attempt_lost')
    await signIn.cancel(attempt)
  })

  it('refuses to finish again once somebody else is signed in, or nobody', async () => {
    const one = house.browser()
    const attempt = await one.adapter.signIn.create(credentials(house.person()))
    await one.adapter.signIn.finish(attempt)
    const { attempt: kept, session } = one.cells
    const two = await one.adapter.signIn.create(credentials(house.person()))
    await one.adapter.signIn.finish(two)
    one.cells.attempt = kept
    expect((await refused(one.adapter.signIn.finish(attempt))).code).toBe('session_mismatch')
    one.cells.session = session
    await one.adapter.session.signOut()
    expect((await refused(one.adapter.signIn.finish(attempt))).code).toBe('session_lost')
  })

  it('is over after ten minutes without an answer', async () => {
    const { adapter } = house.browser()
    const attempt = await adapter.signIn.create(credentials(house.person({ totp: true })))
    house.workos.advance(10 * minutes)
    expect((await refused(adapter.signIn.reload(attempt))).code).toBe('attempt_lost')
  })
})

describe('behind the handler', () => {
  it('HA-19 is over ten minutes after it began, however often a wrong code is tried meanwhile', async () => {
    const { now, advance, totp } = house.workos
    const server = await startAuthServer({ adapter: workosAdapter(house.sdk), now })
    const adapter = await httpAdapter({ url: server.url, fetch: cookieFetch(server.origin).fetch })
    const { secret, factorId, ...person } = house.person({ totp: true })
    const proof = (code: string) => ({ factorId: `totp:${factorId}`, code })
    const attempt = await adapter.signIn.create(credentials(person))
    expect(attempt.status).toBe('needs_second_factor')
    advance(9 * minutes)
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, proof('000000')))).code).toBe('code_incorrect')
    expect((await adapter.signIn.reload(attempt)).expiresInMs).toBeLessThanOrEqual(minutes)
    advance(minutes)
    expect((await refused(adapter.signIn.attemptSecondFactor(attempt, proof(totp(secret))))).code).toBe('attempt_lost')
    const anew = await adapter.signIn.create(credentials(person))
    advance(9 * minutes)
    await adapter.signIn.attemptSecondFactor(anew, proof(totp(secret)))
    expect(await adapter.signIn.finish(anew)).toMatchObject({ currentLevel: 'aal2' })
    await server.close()
  })
})
