// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Enrollment } from '../../../src/core/enrollment.js'
import {
  addPerson,
  codeOf,
  credentialFor,
  openPage,
  password,
  refused,
  startStandInPlace,
  wrongCode,
  type StandInPlace,
} from './world.js'

let place: StandInPlace
beforeAll(async () => (place = await startStandInPlace()))
beforeEach(() => place.server.reset())
afterEach(() => {
  place.proxy.heal()
  expect(place.server.violations).toEqual([])
})
afterAll(() => place.close())

const secondFactors = ['totp', 'phone_code', 'security_key'] as const

async function signedIn({ totp = false } = {}) {
  const ada = await addPerson(place, { totp })
  const page = openPage(place, { secondFactors })
  const attempt = await page.create({ identifier: ada.email, password })
  if (totp) await page.attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
  return { ada, ...page }
}

type Of<T, E = Enrollment> = E extends { readonly type: infer K } ? (T extends K ? E : never) : never

function pending<T extends 'totp' | 'phone' | 'webauthn'>(enrollment: Enrollment, type: T) {
  if (enrollment.status !== 'pending' || enrollment.type !== type) return expect.unreachable()
  return enrollment as Of<T>
}

describe('an authenticator app', () => {
  it('is enrolled, raises the session, and is listed', async () => {
    const { mfa, session } = await signedIn()
    expect(await mfa.listFactors()).toEqual([])
    const enrollment = pending(await mfa.enroll({ type: 'totp', issuer: 'Acme Inc', friendlyName: 'Phone' }), 'totp')
    expect(enrollment.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(enrollment.uri).toMatch(/^otpauth:\/\/totp\/.*issuer=Acme%20Inc/)
    const wrong = { enrollmentId: enrollment.id, code: wrongCode(codeOf(place, enrollment.secret)) }
    expect(await refused(mfa.verify(wrong))).toMatchObject({ code: 'code_incorrect', field: 'code' })
    const { factor, backupCodes, attempt, otherSessions } = await mfa.verify({
      enrollmentId: enrollment.id,
      code: codeOf(place, enrollment.secret),
    })
    const expected = {
      id: enrollment.id,
      strategy: 'totp',
      status: 'verified',
      removable: true,
      friendlyName: 'Phone',
      createdAt: expect.any(String) as string,
      changes: [],
    }
    expect([factor, backupCodes, attempt, otherSessions]).toEqual([expected, undefined, undefined, 'ended'])
    expect(await mfa.listFactors()).toEqual([expected])
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(await mfa.verify({ enrollmentId: enrollment.id, code: '000000' })).toMatchObject({ factor: expected })
  })

  it('gets a name, which the next one does not share', async () => {
    const { mfa } = await signedIn()
    const { id, secret } = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    await mfa.verify({ enrollmentId: id, code: codeOf(place, secret) })
    await new Promise((resolve) => setTimeout(resolve, 1_001))
    await mfa.enroll({ type: 'totp' })
    const names = (await mfa.listFactors()).map(({ friendlyName }) => friendlyName)
    expect(names).toEqual([expect.stringMatching(/^totp 20/), expect.stringMatching(/^totp 20/)])
    expect(new Set(names).size).toBe(2)
  })

  it('TE-14 leftovers that nobody proved make room', async () => {
    const { mfa, auth } = await signedIn()
    await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'Phone' })
    const again = pending(await mfa.enroll({ type: 'totp', friendlyName: 'Phone' }), 'totp')
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([again.id])
    place.server.settings.maxFactors = 1
    const fits = pending(await mfa.enroll({ type: 'totp', friendlyName: 'Tablet' }), 'totp')
    await mfa.verify({ enrollmentId: fits.id, code: codeOf(place, fits.secret) })
    expect(await refused(mfa.enroll({ type: 'totp', friendlyName: 'Watch' }))).toMatchObject({ code: 'factor_limit' })
    expect(await refused(mfa.enroll({ type: 'totp', friendlyName: 'Tablet' }))).toMatchObject({
      code: 'factor_name_taken',
      field: 'friendlyName',
    })
  })

  it('TE-12 given up is removed, and a verified one is never touched', async () => {
    const { mfa } = await signedIn()
    const first = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    await mfa.abandon!({ enrollmentId: first.id })
    expect(await mfa.listFactors()).toEqual([])
    expect(await refused(mfa.verify({ enrollmentId: first.id, code: '1' }))).toMatchObject({ code: 'factor_not_found' })
    const second = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    await mfa.verify({ enrollmentId: second.id, code: codeOf(place, second.secret) })
    await mfa.abandon!({ enrollmentId: second.id })
    expect(await mfa.listFactors()).toHaveLength(1)
  })

  it('TE-12 given up leaves alone what is being enrolled elsewhere', async () => {
    const { mfa, auth } = await signedIn()
    const mine = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    const { data } = await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'Tablet' })
    await mfa.abandon!({ enrollmentId: mine.id })
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([data?.id])
  })

  it('HA-08 is asked for once, whatever the refusal, unless leftovers stood in the way', async () => {
    const { mfa, auth } = await signedIn()
    const { data } = await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'Tablet' })
    place.server.settings.enabled.delete('totp')
    await refused(mfa.enroll({ type: 'totp' }))
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([data?.id])
  })

  it('whose proof was lost on the way is found, and so is the level', async () => {
    const ada = await addPerson(place)
    const { create, mfa, session } = openPage(place, { port: place.proxy.port })
    await create({ identifier: ada.email, password })
    const { id, secret } = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    place.proxy.cut(`/factors/${id}/verify`, 'before-headers')
    const proof = { enrollmentId: id, code: codeOf(place, secret) }
    expect(await refused(mfa.verify(proof))).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect((await mfa.verify(proof)).factor).toMatchObject({ id, status: 'verified' })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2' })
  })

  it('removed at the server meanwhile is said to be gone', async () => {
    const { mfa, auth } = await signedIn()
    const { id, secret } = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    await auth.mfa.unenroll({ factorId: id })
    expect(await refused(mfa.verify({ enrollmentId: id, code: codeOf(place, secret) }))).toMatchObject({
      code: 'factor_not_found',
    })
  })

  it('is not enrolled by whoever is only half signed in', async () => {
    const ada = await addPerson(place, { totp: true })
    const { create, mfa } = openPage(place)
    await create({ identifier: ada.email, password })
    expect(await refused(mfa.enroll({ type: 'totp', friendlyName: 'Mine' }))).toMatchObject({
      code: 'step_up_required',
      stepUp: { level: 'second_factor' },
    })
    expect(await refused(mfa.unenroll({ factorId: ada.factorId }))).toMatchObject({ code: 'step_up_required' })
    expect(await mfa.listFactors()).toHaveLength(1)
  })

  it('needs no message, and no other kind is taken for it', async () => {
    const { mfa } = await signedIn()
    const { id } = pending(await mfa.enroll({ type: 'totp' }), 'totp')
    expect(await refused(mfa.challenge({ enrollmentId: id }))).toMatchObject({ code: 'not_supported' })
    expect(await refused(mfa.enroll({ type: 'email' }))).toMatchObject({ code: 'not_supported' })
    expect(await refused(mfa.enroll({ type: 'totp', attempt: { id: 'x' } }))).toMatchObject({ code: 'not_supported' })
  })

  it('that the project has switched off is not supported', async () => {
    const { mfa } = await signedIn()
    place.server.settings.enabled.delete('totp')
    expect(await refused(mfa.enroll({ type: 'totp' }))).toMatchObject({ code: 'not_supported' })
  })
})

describe('HA-21 a factor that is removed', () => {
  it('takes the level along at once, by a new token', async () => {
    const { ada, mfa, session, auth } = await signedIn({ totp: true })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2' })
    await mfa.unenroll({ factorId: ada.factorId })
    const { data } = await auth.mfa.getAuthenticatorAssuranceLevel()
    expect(data).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(await mfa.listFactors()).toEqual([])
  })

  it('takes it along although the new token did not come', async () => {
    const { ada, mfa, session } = await signedIn({ totp: true })
    place.server.answerNext('/token', {
      status: 429,
      body: { code: 'over_request_rate_limit', message: 'Request rate limit reached' },
    })
    await mfa.unenroll({ factorId: ada.factorId })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('elsewhere is seen, whatever the client has kept of its person', async () => {
    const { ada, session, storage } = await signedIn({ totp: true })
    const other = openPage(place)
    const attempt = await other.create({ identifier: ada.email, password })
    await other.attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
    await other.mfa.unenroll({ factorId: ada.factorId })
    expect(storage.items.get('sb')).toContain(ada.factorId)
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('is there no more for a second time', async () => {
    const { ada, mfa } = await signedIn({ totp: true })
    await mfa.unenroll({ factorId: ada.factorId })
    expect(await refused(mfa.unenroll({ factorId: ada.factorId }))).toMatchObject({ code: 'factor_not_found' })
  })

  it('HA-21 one that was added elsewhere is asked for here', async () => {
    const { ada, session, auth } = await signedIn()
    const other = openPage(place)
    await other.create({ identifier: ada.email, password })
    const user = place.server.users.find(({ id }) => id === ada.id)
    user?.factors.push({ id: 'f-1', type: 'totp', name: 'x', secret: 'JBSWY3DPEHPK3PXP', verified: true, createdAt: 0 })
    expect((await auth.mfa.getAuthenticatorAssuranceLevel()).data?.nextLevel).toBe('aal1')
    expect(await session.get()).toMatchObject({ pending: 'second_factor', currentLevel: 'aal1', nextLevel: 'aal2' })
  })
})

describe('a phone', () => {
  const phone = '+491701234567'

  it('is sent a code, and again after the wait', async () => {
    const { mfa } = await signedIn()
    const enrollment = pending(await mfa.enroll({ type: 'phone', phone, friendlyName: 'Mine' }), 'phone')
    expect(enrollment).toMatchObject({ sent: true })
    expect(enrollment.expiresInMs).toBeGreaterThan(298_000)
    expect(enrollment.expiresInMs).toBeLessThanOrEqual(301_000)
    const enrollmentId = enrollment.id
    expect(await refused(mfa.challenge({ enrollmentId }))).toMatchObject({ code: 'rate_limited', retryInMs: 60_000 })
    place.server.advance(61_000)
    const { code: old } = place.mail(phone)
    expect(await mfa.challenge({ enrollmentId, channel: 'whatsapp' })).toMatchObject({ id: enrollmentId, sent: true })
    const { code, channel } = place.mail(phone)
    expect(channel).toBe('whatsapp')
    expect(await refused(mfa.verify({ enrollmentId, code: wrongCode(code) }))).toMatchObject({ code: 'code_incorrect' })
    if (old !== code) expect(await refused(mfa.verify({ enrollmentId, code: old }))).toMatchObject({ code: 'code_incorrect' })
    const { factor } = await mfa.verify({ enrollmentId, code })
    expect(factor).toMatchObject({ strategy: 'phone_code', friendlyName: 'Mine' })
    expect(await mfa.listFactors()).toMatchObject([{ strategy: 'phone_code', hint: '••••••••••67' }])
    expect(await refused(mfa.enroll({ type: 'phone', phone, friendlyName: 'Other' }))).toMatchObject({ code: 'factor_exists' })
  })

  it('that is none is said to be wrong', async () => {
    const { mfa } = await signedIn()
    expect(await refused(mfa.enroll({ type: 'phone', phone: 'abc' }))).toMatchObject({
      code: 'identifier_invalid',
      field: 'phone',
    })
  })

  it('that could not be sent anything leaves nothing behind', async () => {
    const { mfa } = await signedIn()
    place.server.settings.enabled.delete('phone')
    place.server.settings.enabled.add('phone')
    place.server.answerNext('/factors/', {
      status: 400,
      body: { code: 'sms_send_failed', message: 'no' },
      headers: { 'x-supabase-api-version': '2024-01-01' },
    })
    expect(await refused(mfa.enroll({ type: 'phone', phone }))).toMatchObject({ code: 'send_failed' })
    expect(await mfa.listFactors()).toEqual([])
  })

  it('its code signs in, is good once, and runs out', async () => {
    const { ada, mfa } = await signedIn()
    const { id } = pending(await mfa.enroll({ type: 'phone', phone, friendlyName: 'Mine' }), 'phone')
    await mfa.verify({ enrollmentId: id, code: place.mail(phone).code })
    place.server.advance(61_000)
    const page = openPage(place)
    const attempt = await page.create({ identifier: ada.email, password })
    const factorId = `phone:${id}`
    expect(attempt.supportedSecondFactors).toEqual([
      { id: factorId, strategy: 'phone_code', label: 'Mine', hint: '••••••••••67' },
    ])
    expect(await refused(page.attemptSecondFactor(attempt, { factorId, code: '1' }))).toMatchObject({ code: 'code_expired' })
    const sent = await page.prepareSecondFactor(attempt, { factorId })
    expect(sent.secondFactorVerification).toMatchObject({ factorId, status: 'unverified' })
    expect(sent.secondFactorVerification?.expiresInMs).toBeGreaterThan(298_000)
    place.server.advance(302_000)
    expect(await refused(page.attemptSecondFactor(attempt, { factorId, code: place.mail(phone).code }))).toMatchObject({
      code: 'code_expired',
      field: 'code',
    })
    await page.prepareSecondFactor(attempt, { factorId })
    const done = await page.attemptSecondFactor(attempt, { factorId, code: place.mail(phone).code })
    expect(await page.finish(done)).toMatchObject({ currentLevel: 'aal2', secondFactorAgeMs: expect.any(Number) as number })
  })
})

describe('a security key', () => {
  it('is enrolled and then asked for, in JSON', async () => {
    const { ada, mfa } = await signedIn()
    const enrollment = pending(await mfa.enroll({ type: 'webauthn', friendlyName: 'Key' }), 'webauthn')
    expect(enrollment.publicKey).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(ada.id).toString('base64url') },
    })
    const credential = credentialFor(enrollment.publicKey, 'a2V5LTE', 'create')
    const { factor } = await mfa.verify({ enrollmentId: enrollment.id, credential })
    expect(factor).toMatchObject({ strategy: 'security_key', friendlyName: 'Key' })

    const page = openPage(place)
    const attempt = await page.create({ identifier: ada.email, password })
    const factorId = `webauthn:${enrollment.id}`
    const { secondFactorVerification } = await page.prepareSecondFactor(attempt, { factorId })
    const publicKey = secondFactorVerification?.publicKey
    expect(publicKey).toMatchObject({ allowCredentials: [{ id: 'a2V5LTE', type: 'public-key' }] })
    const wrong = { factorId, credential: credentialFor(publicKey, 'b3RoZXI', 'get') }
    expect(await refused(page.attemptSecondFactor(attempt, wrong))).toMatchObject({ outcome: 'refused' })
    const right = { factorId, credential: credentialFor(publicKey, 'a2V5LTE', 'get') }
    const done = await page.attemptSecondFactor(attempt, right)
    expect(await page.finish(done)).toMatchObject({ currentLevel: 'aal2' })
    expect((await page.session.get())?.methods.map(({ method }) => method)).toContain('mfa/webauthn')
  })
})

describe('stepping up', () => {
  it('asks for the second factor again, and the session is younger', async () => {
    const { ada, stepUp, attemptSecondFactor, finish, session, reload } = await signedIn({ totp: true })
    place.server.advance(600_000)
    const attempt = await stepUp.create({ level: 'second_factor' })
    expect(attempt).toMatchObject({
      purpose: 'step_up',
      status: 'needs_second_factor',
      cancelSignsOut: false,
      identifier: ada.email,
    })
    expect(await reload(attempt)).toMatchObject({ status: 'needs_second_factor' })
    const done = await attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: false })
    const now = await finish(done)
    expect(now.secondFactorAgeMs).toBeLessThan(5_000)
    expect(now.firstFactorAgeMs).toBeGreaterThanOrEqual(599_000)
    expect(await session.get()).toMatchObject({ id: now.id })
  })

  it('given up keeps the session', async () => {
    const { stepUp, cancel, session } = await signedIn({ totp: true })
    await cancel(await stepUp.create({ level: 'second_factor' }))
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2' })
  })

  it('is not possible without a factor, without a session, and not for the first', async () => {
    const { stepUp, auth } = await signedIn()
    expect(stepUp.levels).toEqual(['second_factor'])
    expect(await refused(stepUp.create({ level: 'second_factor' }))).toMatchObject({ code: 'not_supported' })
    expect(await refused(stepUp.create({ level: 'first_factor' }))).toMatchObject({ code: 'not_supported' })
    await auth.signOut({ scope: 'local' })
    expect(await refused(stepUp.create({ level: 'second_factor' }))).toMatchObject({ code: 'session_lost' })
  })

  it('is what a refusal for the level asks for', () => {
    const { stepUp } = openPage(place)
    expect(stepUp.detect?.({ code: 'insufficient_aal', status: 401 })).toEqual({ level: 'second_factor' })
    expect(stepUp.detect?.({ error: { code: 'insufficient_aal' } })).toEqual({ level: 'second_factor' })
    for (const other of [null, undefined, 'insufficient_aal', { code: 'bad_jwt' }, new Error('x')])
      expect(stepUp.detect?.(other)).toBeNull()
  })
})
