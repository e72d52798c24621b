// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AuthAdapter, MfaApi } from '../../../src/core/adapter.js'
import { credentials, openHouse, refused, type House } from './house.js'

let house: House

beforeAll(async () => (house = await openHouse()))
afterEach(() => expect(house.workos.refusals).toEqual([]))
afterAll(() => house.workos.close())

async function signedIn(wants?: { totp?: boolean }) {
  const browser = house.browser()
  const person = house.person(wants)
  const attempt = await browser.adapter.signIn.create(credentials(person))
  const done = wants?.totp ? await pass(browser.adapter, person) : attempt
  const session = await browser.adapter.signIn.finish(done)
  return { ...browser, mfa: browser.adapter.mfa as MfaApi & Required<Pick<MfaApi, 'abandon'>>, person, session }
}

async function pass({ signIn }: AuthAdapter, { secret, factorId }: { secret: string; factorId: string }) {
  const { attempt } = await signIn.resume({})
  if (!attempt) throw new Error('no attempt')
  return signIn.attemptSecondFactor(attempt, { factorId: `totp:${factorId}`, code: house.workos.totp(secret) })
}

async function begin(mfa: MfaApi) {
  const setup = await mfa.enroll({ type: 'totp', issuer: 'Acme' })
  if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
  return setup
}

describe('enrolling an authenticator app', () => {
  it('raises the session, and the app is asked for at the next sign-in', async () => {
    const { adapter, mfa, person, cells } = await signedIn()
    expect(await mfa.listFactors()).toEqual([])
    const setup = await begin(mfa)
    expect(setup.uri).toMatch(/^otpauth:\/\/totp\/Acme:/)
    expect(decodeURIComponent(setup.uri)).toContain(person.email)
    expect(JSON.stringify(cells)).not.toContain(setup.secret)
    expect(await mfa.listFactors()).toEqual([])
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    const wrong = await refused(mfa.verify({ enrollmentId: setup.id, code: '000000' }))
    expect(wrong).toMatchObject({ code: 'code_incorrect', field: 'code' })
    const verified = await mfa.verify({ enrollmentId: setup.id, code: house.workos.totp(setup.secret) })
    expect(verified.factor).toMatchObject({ id: setup.id, strategy: 'totp', status: 'verified', removable: true })
    expect(verified).not.toHaveProperty('attempt')
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([setup.id])
    expect((await mfa.listFactors())[0]?.createdAt).toMatch(/^\d{4}-/)
    const session = await adapter.session.get()
    expect(session).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(session?.methods.map(({ method }) => method)).toEqual(['password', 'totp'])
    const next = await house.browser().adapter.signIn.create(credentials(person))
    expect(next.supportedSecondFactors).toEqual([{ id: setup.id, strategy: 'totp' }])
  })

  it('is not shown as an attempt', async () => {
    const { adapter, mfa } = await signedIn()
    await begin(mfa)
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('may be verified again when the answer was lost, and is never removed by mistake', async () => {
    const { mfa } = await signedIn()
    const setup = await begin(mfa)
    const proof = { enrollmentId: setup.id, code: house.workos.totp(setup.secret) }
    house.workos.loseNext('POST /auth/challenges')
    expect(await refused(mfa.verify(proof))).toMatchObject({ outcome: 'unknown' })
    await mfa.abandon({ enrollmentId: setup.id })
    expect(house.workos.factors.has(setup.id.slice(5))).toBe(true)
  })

  it('HA-05 is proved by a challenge that a lost answer had passed already', async () => {
    const { mfa } = await signedIn()
    const setup = await begin(mfa)
    const proof = { enrollmentId: setup.id, code: house.workos.totp(setup.secret) }
    house.workos.loseNext('POST /auth/challenges')
    await refused(mfa.verify(proof))
    const verified = await mfa.verify(proof)
    expect(verified.factor.status).toBe('verified')
    expect(await mfa.verify(proof)).toEqual(verified)
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([setup.id])
  })

  it('leaves nothing behind when it is abandoned or begun anew', async () => {
    const { mfa, person } = await signedIn()
    const mine = () => [...house.workos.factors.values()].filter(({ userId }) => userId === person.id).length
    const first = await begin(mfa)
    const setup = await begin(mfa)
    expect(mine()).toBe(1)
    expect((await refused(mfa.verify({ enrollmentId: first.id, code: '123456' }))).code).toBe('attempt_lost')
    await mfa.abandon({ enrollmentId: first.id })
    expect(mine()).toBe(1)
    await mfa.abandon({ enrollmentId: setup.id })
    expect(mine()).toBe(0)
    expect((await refused(mfa.verify({ enrollmentId: setup.id, code: '123456' }))).code).toBe('attempt_lost')
  })

  it('is for whoever is signed in, in this browser', async () => {
    const { mfa } = house.browser().adapter
    expect((await refused(mfa!.enroll({ type: 'totp' }))).code).toBe('session_lost')
    expect((await refused(mfa!.listFactors())).code).toBe('session_lost')
    const one = await signedIn()
    const setup = await begin(one.mfa)
    const code = house.workos.totp(setup.secret)
    expect((await refused(mfa!.verify({ enrollmentId: setup.id, code }))).code).toBe('attempt_lost')
    await one.adapter.session.signOut()
    expect((await refused(one.mfa.verify({ enrollmentId: setup.id, code }))).code).toBe('session_lost')
  })

  it('offers nothing else', async () => {
    const { mfa } = await signedIn()
    expect((await refused(mfa.enroll({ type: 'phone', phone: '+15555550100' }))).code).toBe('not_supported')
    expect((await refused(mfa.enroll({ type: 'webauthn' }))).code).toBe('not_supported')
    const setup = await begin(mfa)
    expect((await refused(mfa.challenge({ enrollmentId: setup.id }))).code).toBe('not_supported')
  })
})

describe('changing factors', () => {
  it('wants the second factor first from whoever has one', async () => {
    const one = await signedIn()
    const { id } = house.workos.addTotp(one.person.id)
    const error = await refused(one.mfa.unenroll({ factorId: `totp:${id}` }))
    expect(error).toMatchObject({ code: 'step_up_required', stepUp: { level: 'second_factor' } })
    expect((await refused(one.mfa.enroll({ type: 'totp' }))).code).toBe('step_up_required')
    expect(await one.adapter.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
    expect(await one.mfa.listFactors()).toHaveLength(1)
  })

  it('removes one’s own factor, and nobody else’s', async () => {
    const one = await signedIn({ totp: true })
    const other = house.person({ totp: true })
    const error = await refused(one.mfa.unenroll({ factorId: `totp:${other.factorId}` }))
    expect(error.code).toBe('factor_not_found')
    expect(house.workos.factors.has(other.factorId)).toBe(true)
    await one.mfa.unenroll({ factorId: `totp:${one.person.factorId}` })
    expect(await one.mfa.listFactors()).toEqual([])
  })

  it('does not know of a removal whose answer was lost, and finds it done', async () => {
    const one = await signedIn({ totp: true })
    house.workos.loseNext('DELETE /auth/factors')
    const error = await refused(one.mfa.unenroll({ factorId: `totp:${one.person.factorId}` }))
    expect(error.outcome).toBe('unknown')
    expect(await one.mfa.listFactors()).toEqual([])
  })
})

describe('a step-up', () => {
  it('proves the second factor anew, on the session as it is', async () => {
    const one = await signedIn({ totp: true })
    house.workos.advance(60_000)
    const attempt = await one.adapter.stepUp!.create({ level: 'second_factor' })
    expect(attempt).toMatchObject({ purpose: 'step_up', status: 'needs_second_factor', cancelSignsOut: false })
    expect(attempt.identifier).toBe(one.person.email)
    expect((await refused(one.adapter.signIn.finish(attempt))).code).toBe('not_supported')
    const done = await pass(one.adapter, one.person)
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: false })
    expect(await one.adapter.signIn.finish(done)).toMatchObject({ id: one.session.id, currentLevel: 'aal2' })
    await one.adapter.signIn.cancel(done)
    expect(await one.adapter.session.get()).not.toBeNull()
  })

  it('raises a session at aal1', async () => {
    const one = await signedIn()
    const app = house.workos.addTotp(one.person.id)
    await one.adapter.stepUp!.create({ level: 'second_factor' })
    await one.adapter.signIn.finish(await pass(one.adapter, { secret: app.secret, factorId: app.id }))
    expect(await one.adapter.session.get()).toMatchObject({ currentLevel: 'aal2' })
  })

  it('keeps the session when it is given up', async () => {
    const one = await signedIn({ totp: true })
    const attempt = await one.adapter.stepUp!.create({ level: 'second_factor' })
    await one.adapter.signIn.cancel(attempt)
    expect(await one.adapter.session.get()).toMatchObject({ id: one.session.id })
  })

  it('needs a session, a second factor, and this level', async () => {
    const { stepUp } = house.browser().adapter
    expect((await refused(stepUp!.create({ level: 'second_factor' }))).code).toBe('session_lost')
    const one = await signedIn()
    expect((await refused(one.adapter.stepUp!.create({ level: 'second_factor' }))).code).toBe('not_supported')
    expect((await refused(one.adapter.stepUp!.create({ level: 'first_factor' }))).code).toBe('not_supported')
  })

  it('is no help to a session that is over or another’s by then', async () => {
    const one = await signedIn({ totp: true })
    await one.adapter.stepUp!.create({ level: 'second_factor' })
    const done = await pass(one.adapter, one.person)
    const other = await signedIn()
    const { session } = one.cells
    one.cells.session = other.cells.session
    expect((await refused(one.adapter.signIn.finish(done))).code).toBe('session_mismatch')
    one.cells.session = session
    await house.sdk.userManagement.revokeSession({ sessionId: one.session.id ?? '' })
    expect((await refused(one.adapter.signIn.finish(done))).code).toBe('session_lost')
  })
})

describe('sessions', () => {
  it('are over when WorkOS says so', async () => {
    const one = await signedIn()
    await house.sdk.userManagement.revokeSession({ sessionId: one.session.id ?? '' })
    expect(await one.adapter.session.get()).toBeNull()
    expect(one.cells.session).toBeNull()
  })

  it('end here, elsewhere, or everywhere', async () => {
    const person = house.person()
    const enter = async () => {
      const { adapter } = house.browser()
      await adapter.signIn.finish(await adapter.signIn.create(credentials(person)))
      return adapter.session
    }
    const [a, b, c] = [await enter(), await enter(), await enter()]
    await a.signOut()
    expect([await a.get(), await b.get()]).toMatchObject([null, {}])
    await b.signOut({ scope: 'others' })
    expect([await b.get(), await c.get()]).toMatchObject([{}, null])
    const d = await enter()
    await b.signOut({ scope: 'all' })
    expect([await b.get(), await d.get()]).toEqual([null, null])
    await b.signOut()
  })

  it('are left behind in this browser even if WorkOS cannot be reached', async () => {
    const one = await signedIn()
    house.workos.answerNext('POST /user_management/sessions/revoke', 503, { message: 'later' })
    expect((await refused(one.adapter.session.signOut())).outcome).toBe('unknown')
    expect(one.cells.session).toBeNull()
    expect(await one.adapter.session.get()).toBeNull()
  })

  it('MG-03 do not read as signed out when WorkOS does not answer', async () => {
    const one = await signedIn()
    house.workos.offline(true)
    expect(await refused(one.adapter.session.get())).toMatchObject({ code: 'network', outcome: 'unknown' })
    house.workos.offline(false)
    expect(await one.adapter.session.get()).not.toBeNull()
  })

  it('keep no token of WorkOS’s', async () => {
    const one = await signedIn()
    expect(Object.keys(JSON.parse(one.cells.session ?? '{}') as object).toSorted()).toEqual(['id', 'label', 'proved', 'userId'])
  })
})
