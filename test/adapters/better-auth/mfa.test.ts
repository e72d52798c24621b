// @vitest-environment node
import { TOTP, URI } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../../demo/server/movableClock.js'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import type { MfaApi } from '../../../src/core/adapter.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import type { Enrollment } from '../../../src/core/enrollment.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )

async function signIn(user: { email: string; password: string; totpSecret?: string }) {
  const browser = server.browser()
  const adapter = betterAuthAdapter(browser.client)
  let attempt = await adapter.signIn.create({ identifier: user.email, password: user.password })
  if (user.totpSecret)
    attempt = await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(user.totpSecret) })
  await adapter.signIn.finish(attempt)
  return { browser, ...adapter, mfa: adapter.mfa ?? expect.unreachable(), stepUp: adapter.stepUp ?? expect.unreachable() }
}

function requireTotp(enrollment: Enrollment) {
  if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
  return enrollment
}

async function enroll(mfa: MfaApi, password: string = withoutMfa.password) {
  return requireTotp(await mfa.enroll({ type: 'totp', password }))
}

describe('an enrolment', () => {
  it('TE-01 answers with the server’s URI, its spaces as apps read them, and holds the backup codes back', async () => {
    const { mfa, browser } = await signIn(withoutMfa)
    const enrollment = await enroll(mfa)
    const uri = URI.parse(enrollment.uri) as TOTP
    expect(uri).toMatchObject({ issuer: 'Latchkey demo', label: withoutMfa.email, algorithm: 'SHA1', digits: 6, period: 30 })
    expect(uri.secret.base32).toBe(enrollment.secret)
    expect(enrollment.uri).toContain('issuer=Latchkey%20demo')
    expect(JSON.stringify(enrollment)).not.toMatch(/\w{5}-\w{5}/)
    expect(browser.sent.at(-1)?.body).toEqual({ password: withoutMfa.password, method: 'totp' })
  })

  it('TE-10 is none until a code was accepted', async () => {
    const { mfa, session } = await signIn(withoutMfa)
    const { id } = await enroll(mfa)
    const error = await refused(mfa.verify({ enrollmentId: id, code: '000000' }))
    expect(error).toMatchObject({ code: 'code_incorrect', field: 'code' })
    expect(await mfa.listFactors()).toEqual([])
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('gives the backup codes with the proof, and makes the session aal2', async () => {
    const { mfa, session } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    const { factor, backupCodes, attempt } = await mfa.verify({ enrollmentId: id, code: totp(secret) })
    expect(factor).toEqual({ id: 'totp', strategy: 'totp', status: 'verified', removable: true, changes: [] })
    expect(backupCodes).toHaveLength(10)
    expect(attempt).toBeUndefined()
    expect(await mfa.listFactors()).toEqual([factor])
    const now = await session.get()
    expect(now).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(now?.methods.map(({ method }) => method)).toEqual(['password', 'totp'])

    const { signIn: again } = betterAuthAdapter(server.browser().client)
    const next = await again.create({ identifier: withoutMfa.email, password: withoutMfa.password })
    const done = await again.attemptSecondFactor(next, { factorId: 'backup_code', code: backupCodes?.[3] ?? '' })
    expect(done.status).toBe('complete')
  })

  it('asked again after it has succeeded, answers with the factor and without codes', async () => {
    const { mfa } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    await mfa.verify({ enrollmentId: id, code: totp(secret) })
    const again = await mfa.verify({ enrollmentId: id, code: totp(secret) })
    expect(again).toEqual({ factor: { id: 'totp', strategy: 'totp', status: 'verified', removable: true, changes: [] } })
    expect(server.requests.get('POST /two-factor/verify-totp')).toBe(1)
  })

  it('HA-05 whose proof was accepted and the answer lost, is found done, codes and all', async () => {
    const { mfa, browser } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    browser.faults.next = { path: '/verify-totp', when: 'after' }
    expect(await refused(mfa.verify({ enrollmentId: id, code: totp(secret) }))).toMatchObject({ outcome: 'unknown' })
    const { backupCodes } = await mfa.verify({ enrollmentId: id, code: totp(secret) })
    expect(backupCodes).toHaveLength(10)
    expect(server.requests.get('POST /two-factor/verify-totp')).toBe(1)
  })

  it('HA-05 whose proof never arrived, is proved by the next try', async () => {
    const { mfa, browser } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    browser.faults.next = { path: '/verify-totp', when: 'before' }
    await refused(mfa.verify({ enrollmentId: id, code: totp(secret) }))
    expect((await mfa.verify({ enrollmentId: id, code: totp(secret) })).backupCodes).toHaveLength(10)
  })

  it('does not count wrong codes: who enrols holds the secret', async () => {
    const { mfa } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    for (let tries = 0; tries < 12; tries++) await refused(mfa.verify({ enrollmentId: id, code: '000000' }))
    expect((await mfa.verify({ enrollmentId: id, code: totp(secret) })).factor.status).toBe('verified')
  })

  it('TE-12 abandoned, is forgotten; another one’s is not', async () => {
    const { mfa } = await signIn(withoutMfa)
    const first = await enroll(mfa)
    const second = await enroll(mfa)
    await mfa.abandon?.({ enrollmentId: first.id })
    expect(await refused(mfa.verify({ enrollmentId: first.id, code: totp(first.secret) }))).toMatchObject({
      code: 'attempt_lost',
    })
    expect((await mfa.verify({ enrollmentId: second.id, code: totp(second.secret) })).backupCodes).toHaveLength(10)
    await mfa.abandon?.({ enrollmentId: second.id })
    expect(await mfa.listFactors()).toHaveLength(1)
  })

  it('wants the password, offers apps only, one of them, and to nobody who is signed out', async () => {
    const { mfa, session } = await signIn(withoutMfa)
    for (const password of ['not-it-0', undefined])
      expect(await refused(mfa.enroll({ type: 'totp', ...(password && { password }) }))).toMatchObject({
        code: 'invalid_credentials',
        field: 'password',
      })
    expect(await refused(mfa.enroll({ type: 'phone', phone: '+1' }))).toMatchObject({ code: 'not_supported' })
    expect(await refused(mfa.challenge({ enrollmentId: 'x' }))).toMatchObject({ code: 'attempt_lost' })
    expect(mfa.rename).toBeUndefined()
    const { mfa: enrolled } = await signIn(withTotp)
    expect(await refused(enroll(enrolled, withTotp.password))).toMatchObject({ code: 'factor_exists' })
    await session.signOut()
    expect(await refused(enroll(mfa))).toMatchObject({ code: 'session_lost' })
    expect(await refused(mfa.listFactors())).toMatchObject({ code: 'session_lost' })
  })
})

describe('OT-28', () => {
  it('the code that confirmed an enrolment cannot be used in a step-up; the next one can', async () => {
    const { mfa, stepUp, signIn: api } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    const code = totp(secret)
    await mfa.verify({ enrollmentId: id, code })
    const attempt = await stepUp.create({ level: 'second_factor' })
    const error = await refused(api.attemptSecondFactor(attempt, { factorId: 'totp', code }))
    expect(error).toMatchObject({ code: 'already_used', field: 'code', outcome: 'refused' })
    server.advance(30_000)
    expect((await api.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(secret) })).status).toBe('complete')
  })

  it('nor in a sign-in, as long as Better Auth would take it', async () => {
    const { mfa } = await signIn(withoutMfa)
    const { id, secret } = await enroll(mfa)
    // Early in its step, so that it is good for two more.
    server.advance(30_000 - (movableClock.now() % 30_000))
    const code = totp(secret, 1)
    await mfa.verify({ enrollmentId: id, code })
    const { signIn: api } = betterAuthAdapter(server.browser().client)
    const attempt = await api.create({ identifier: withoutMfa.email, password: withoutMfa.password })
    for (let steps = 0; steps < 3; steps++) {
      expect(await refused(api.attemptSecondFactor(attempt, { factorId: 'totp', code }))).toMatchObject({ code: 'already_used' })
      server.advance(29_000)
    }
  })
})

describe('removing', () => {
  it('takes the second factor off and lowers every session of the person', async () => {
    const { mfa, session } = await signIn(withTotp)
    server.advance(30_000)
    const elsewhere = await signIn(withTotp)
    expect(await mfa.listFactors()).toEqual([{ id: 'totp', strategy: 'totp', status: 'verified', removable: true, changes: [] }])
    await mfa.unenroll({ factorId: 'totp', password: withTotp.password })
    expect(await mfa.listFactors()).toEqual([])
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect((await session.get())?.secondFactorAgeMs).toBeUndefined()
    expect(await elsewhere.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('wants the right password', async () => {
    const { mfa } = await signIn(withTotp)
    const error = await refused(mfa.unenroll({ factorId: 'totp', password: 'not-it-0' }))
    expect(error).toMatchObject({ code: 'invalid_credentials', field: 'password' })
    expect(await mfa.listFactors()).toHaveLength(1)
  })

  it('lists mailed codes where they are the factor', async () => {
    const { signIn: api, mfa } = betterAuthAdapter(server.browser().client)
    const attempt = await api.create({ identifier: withEmailCode.email, password: withEmailCode.password })
    await api.prepareSecondFactor(attempt, { factorId: 'email_code' })
    await api.attemptSecondFactor(attempt, { factorId: 'email_code', code: server.outbox[0]?.code ?? '' })
    expect(await mfa?.listFactors()).toEqual([
      { id: 'email_code', strategy: 'email_code', status: 'verified', removable: true, changes: [], hint: 'm•••@example.com' },
    ])
  })
})

describe('new backup codes', () => {
  it('take the place of the old ones', async () => {
    const { mfa } = await signIn(withTotp)
    const codes = (await mfa.backupCodes?.generate({ password: withTotp.password })) ?? []
    expect(codes).toHaveLength(10)
    const { signIn: api } = betterAuthAdapter(server.browser().client)
    const attempt = await api.create({ identifier: withTotp.email, password: withTotp.password })
    const old = api.attemptSecondFactor(attempt, { factorId: 'backup_code', code: withTotp.backupCodes[0] })
    expect(await refused(old)).toMatchObject({ code: 'code_incorrect' })
    expect((await api.attemptSecondFactor(attempt, { factorId: 'backup_code', code: codes[0] ?? '' })).status).toBe('complete')
  })

  it('want the password, and a second factor that they stand in for', async () => {
    const { mfa } = await signIn(withTotp)
    expect(await refused(mfa.backupCodes!.generate({ password: 'not-it-0' }))).toMatchObject({ code: 'invalid_credentials' })
    const { mfa: none } = await signIn(withoutMfa)
    const error = await refused(none.backupCodes!.generate({ password: withoutMfa.password }))
    expect(error).toMatchObject({ code: 'factor_not_found' })
  })
})
