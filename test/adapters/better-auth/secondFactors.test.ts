// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import type { Json } from '../../../src/core/json.js'
import { startBetterAuthServer, totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'
import { createAuthenticator } from './authenticator.js'
import { byEmail } from './harness.js'
import { minutes, newest, refused } from './house.js'
import { addPasskey, addPhone } from './ways.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
const phone = '+15550107777'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

type User = { readonly email: string; readonly password: string; readonly totpSecret?: string }

function open(browser: Browser = server.browser()) {
  const adapter = betterAuthAdapter(browser.client, byEmail)
  const { mfa, stepUp } = adapter
  if (!mfa?.rename || !stepUp) return expect.unreachable()
  return { browser, ...adapter, mfa: { ...mfa, rename: mfa.rename }, stepUp }
}

async function signedIn({ email, password, totpSecret }: User) {
  const page = open()
  let attempt = await page.signIn.create({ identifier: email, password })
  if (totpSecret) attempt = await page.signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(totpSecret) })
  await page.signIn.finish(attempt)
  return page
}

type Page = Awaited<ReturnType<typeof signedIn>>

async function enrollPhone({ mfa }: Page, { password }: User = withoutMfa, number = phone) {
  const { id: enrollmentId } = pending(await mfa.enroll({ type: 'phone', phone: number, password }))
  return mfa.verify({ enrollmentId, code: newest(server) })
}

async function enrollPasskey({ mfa }: Page, { password }: User = withoutMfa, friendlyName = 'Laptop') {
  const authenticator = createAuthenticator(server.origin, true)
  const enrollment = pending(await mfa.enroll({ type: 'webauthn', password, friendlyName }))
  if (enrollment.type !== 'webauthn') return expect.unreachable()
  const credential = authenticator.create(enrollment.publicKey)
  return { ...(await mfa.verify({ enrollmentId: enrollment.id, credential })), authenticator, enrollment, credential }
}

function pending(enrollment: Awaited<ReturnType<Page['mfa']['enroll']>>) {
  return enrollment.status === 'pending' ? enrollment : expect.unreachable()
}

const offered = async ({ signIn }: Page, { email: identifier, password }: User) => {
  const attempt = await signIn.create({ identifier, password })
  return { attempt, ids: attempt.supportedSecondFactors?.map(({ id }) => id) }
}

describe('a phone', () => {
  it('is enrolled by its code, listed with a masked number, and takes the session to aal2', async () => {
    const page = await signedIn(withoutMfa)
    const { factor, backupCodes } = await enrollPhone(page, withoutMfa, '+1 (555) 010-7777')
    const hint = '+•••••••••77'
    expect(factor).toEqual({ id: 'phone_code', strategy: 'phone_code', status: 'verified', removable: true, changes: [], hint })
    expect(backupCodes).toBeUndefined()
    expect(await page.mfa.listFactors()).toEqual([factor])
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
  })

  it('is asked for from then on, with nothing of its number but the mask', async () => {
    const page = await signedIn(withoutMfa)
    await enrollPhone(page)
    const later = open()
    const { attempt, ids } = await offered(later, withoutMfa)
    expect(attempt).toMatchObject({ status: 'needs_second_factor' })
    expect(ids).toEqual(['phone_code', 'email_code'])
    expect(JSON.stringify(attempt)).not.toContain(phone)
    await later.signIn.prepareSecondFactor(attempt, { factorId: 'phone_code' })
    expect(server.outbox[0]).toMatchObject({ by: 'sms', to: phone })
    const done = await later.signIn.attemptSecondFactor(attempt, { factorId: 'phone_code', code: newest(server) })
    const session = await later.signIn.finish(done)
    expect(session.currentLevel).toBe('aal2')
    expect(session.methods.map(({ method }) => method)).toEqual(['password', 'phone_code'])
  })

  it('is not the number by which somebody is found, and leaves that alone', async () => {
    const page = await signedIn(withoutMfa)
    await enrollPhone(page)
    const { data } = await page.browser.client.$fetch<{ user: Record<string, unknown> }>('/get-session')
    expect(data?.user.phoneNumber).toBe(withoutMfa.phone)
    expect(JSON.stringify(data)).not.toContain(phone)
    await page.mfa.unenroll({ factorId: 'phone_code', password: withoutMfa.password })
    const after = await page.browser.client.$fetch<{ user: Record<string, unknown> }>('/get-session')
    expect(after.data?.user.phoneNumber).toBe(withoutMfa.phone)
  })

  it('wants the password, a number, and one that is not enrolled yet', async () => {
    const page = await signedIn(withoutMfa)
    const enroll = (number: string, password: string) => refused(page.mfa.enroll({ type: 'phone', phone: number, password }))
    expect(await enroll(phone, 'not-it-0')).toMatchObject({ code: 'invalid_credentials', field: 'password' })
    expect(await enroll('12', withoutMfa.password)).toMatchObject({ code: 'identifier_invalid', field: 'phone' })
    expect(server.outbox).toEqual([])
    await enrollPhone(page)
    expect(await enroll(phone, withoutMfa.password)).toMatchObject({ code: 'factor_exists' })
  })

  it('is sent a new code on demand, and the one before is dead', async () => {
    const { mfa } = await signedIn(withoutMfa)
    const { id: enrollmentId } = pending(await mfa.enroll({ type: 'phone', phone, password: withoutMfa.password }))
    const old = newest(server)
    await mfa.challenge({ enrollmentId })
    expect(server.outbox.map(({ to }) => to)).toEqual([phone, phone])
    expect(await refused(mfa.verify({ enrollmentId, code: old }))).toMatchObject({ code: 'code_incorrect', field: 'code' })
    expect((await mfa.verify({ enrollmentId, code: newest(server) })).factor.id).toBe('phone_code')
  })

  it('TE-12 that was not proved in ten minutes, or whose codes were guessed at, is none', async () => {
    const { mfa } = await signedIn(withoutMfa)
    const begin = async () => pending(await mfa.enroll({ type: 'phone', phone, password: withoutMfa.password })).id
    const guessed = await begin()
    for (let tries = 0; tries < 3; tries++) await refused(mfa.verify({ enrollmentId: guessed, code: '000000' }))
    expect(await refused(mfa.verify({ enrollmentId: guessed, code: newest(server) }))).toMatchObject({
      code: 'too_many_attempts',
    })
    const late = await begin()
    server.advance(11 * minutes)
    expect(await refused(mfa.verify({ enrollmentId: late, code: newest(server) }))).toMatchObject({ code: 'factor_not_found' })
    expect(await mfa.listFactors()).toEqual([])
  })

  it('HA-05 whose proof was accepted and the answer lost, is found done', async () => {
    const { mfa, browser } = await signedIn(withoutMfa)
    const { id: enrollmentId } = pending(await mfa.enroll({ type: 'phone', phone, password: withoutMfa.password }))
    browser.faults.next = { path: '/latchkey/verify-phone', when: 'after' }
    const proof = { enrollmentId, code: newest(server) }
    expect(await refused(mfa.verify(proof))).toMatchObject({ outcome: 'unknown' })
    expect((await mfa.verify(proof)).factor.id).toBe('phone_code')
    expect(server.requests.get('POST /latchkey/verify-phone')).toBe(1)
  })

  it('that was the first factor is not the second too', async () => {
    const page = await signedIn(withoutMfa)
    await enrollPhone(page)
    const byPhone = betterAuthAdapter(server.browser().client, { identifiers: ['phone'], firstFactors: ['phone_code'] })
    const attempt = await byPhone.signIn.create({ identifier: withoutMfa.phone })
    await byPhone.signIn.prepareFirstFactor(attempt, { factorId: 'phone_code' })
    const between = await byPhone.signIn.attemptFirstFactor(attempt, { factorId: 'phone_code', code: newest(server) })
    expect(between.supportedSecondFactors?.map(({ id }) => id)).toEqual(['email_code'])
    const asked = await refused(byPhone.signIn.prepareSecondFactor(between, { factorId: 'phone_code' }))
    expect(asked.code).toBe('factor_not_found')
  })

  it('locks after ten wrong codes in a row, over sign-ins, although there is no app', async () => {
    const page = await signedIn(withoutMfa)
    await enrollPhone(page)
    for (let round = 0; round < 2; round++) {
      const { signIn } = open()
      const attempt = await signIn.create({ identifier: withoutMfa.email, password: withoutMfa.password })
      await signIn.prepareSecondFactor(attempt, { factorId: 'phone_code' })
      for (let tries = 0; tries < 5; tries++)
        await refused(signIn.attemptSecondFactor(attempt, { factorId: 'phone_code', code: 'x1' }))
    }
    const { signIn } = open()
    const attempt = await signIn.create({ identifier: withoutMfa.email, password: withoutMfa.password })
    expect(await refused(signIn.prepareSecondFactor(attempt, { factorId: 'phone_code' }))).toMatchObject({ code: 'locked' })
  })

  it('removed, is not asked for, and mailed codes that nobody wanted do not take its place', async () => {
    const page = await signedIn(withoutMfa)
    await enrollPhone(page)
    const wrong = await refused(page.mfa.unenroll({ factorId: 'phone_code', password: 'not-it-0' }))
    expect(wrong).toMatchObject({ code: 'invalid_credentials' })
    await page.mfa.unenroll({ factorId: 'phone_code', password: withoutMfa.password })
    expect(await page.mfa.listFactors()).toEqual([])
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect((await offered(open(), withoutMfa)).attempt.status).toBe('complete')
    const again = await refused(page.mfa.unenroll({ factorId: 'phone_code', password: withoutMfa.password }))
    expect(again).toMatchObject({ code: 'factor_not_found' })
  })
})

describe('a passkey', () => {
  it('PK-15 is enrolled with its name, listed with its date, renamed and removed', async () => {
    const page = await signedIn(withoutMfa)
    const { factor } = await enrollPasskey(page)
    expect(factor).toMatchObject({ strategy: 'passkey', status: 'verified', removable: true, friendlyName: 'Laptop' })
    expect(factor.id).toMatch(/^passkey:./)
    expect(new Date(factor.createdAt ?? '').getTime()).toBeGreaterThan(0)
    expect(await page.mfa.listFactors()).toEqual([factor])
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    const renamed = await page.mfa.rename({ factorId: factor.id, friendlyName: 'Desk' })
    expect(renamed).toEqual({ ...factor, friendlyName: 'Desk' })
    expect(await page.mfa.listFactors()).toEqual([renamed])
    const { password } = withoutMfa
    expect(await refused(page.mfa.unenroll({ factorId: factor.id, password: 'not-it-0' }))).toMatchObject({
      code: 'invalid_credentials',
    })
    await page.mfa.unenroll({ factorId: factor.id, password })
    expect(await page.mfa.listFactors()).toEqual([])
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect((await offered(open(), withoutMfa)).attempt.status).toBe('complete')
  })

  it('is the second factor after a password, of its own person only', async () => {
    const page = await signedIn(withoutMfa)
    const { authenticator } = await enrollPasskey(page)
    const others = await addPasskey((await signedIn(withTotp)).browser, server.origin, true)
    const later = open()
    const { attempt, ids } = await offered(later, withoutMfa)
    expect(ids).toEqual(['passkey', 'email_code'])
    const prove = async (with_: typeof others) => {
      const { secondFactorVerification } = await later.signIn.prepareSecondFactor(attempt, { factorId: 'passkey' })
      const credential = with_.get(secondFactorVerification?.publicKey as Json)
      return { credential, done: await later.signIn.attemptSecondFactor(attempt, { factorId: 'passkey', credential }) }
    }
    expect(await refused(prove(others))).toMatchObject({ code: 'passkey_unknown' })
    expect(await later.session.get()).toBeNull()
    const { done, credential } = await prove(authenticator)
    const session = await later.signIn.finish(done)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal2' })
    expect(session.methods.map(({ method }) => method)).toEqual(['password', 'passkey'])
    const again = open()
    const { attempt: next } = await offered(again, withoutMfa)
    await again.signIn.prepareSecondFactor(next, { factorId: 'passkey' })
    expect(await refused(again.signIn.attemptSecondFactor(next, { factorId: 'passkey', credential }))).toMatchObject({
      code: 'passkey_unknown',
    })
  })

  it('steps a session up, and keeps it', async () => {
    const page = await signedIn(withoutMfa)
    const before = await page.session.get()
    const { authenticator } = await enrollPasskey(page)
    server.advance(30 * minutes)
    const attempt = await page.stepUp.create({ level: 'second_factor' })
    const { secondFactorVerification } = await page.signIn.prepareSecondFactor(attempt, { factorId: 'passkey' })
    const credential = authenticator.get(secondFactorVerification?.publicKey as Json)
    const done = await page.signIn.attemptSecondFactor(attempt, { factorId: 'passkey', credential })
    const raised = await page.signIn.finish(done)
    expect(raised.id).toBe(before?.id)
    expect(raised.secondFactorAgeMs).toBeLessThan(minutes)
  })

  it('trusts the browser where the person wishes it', async () => {
    const page = await signedIn(withoutMfa)
    const { authenticator } = await enrollPasskey(page)
    const later = open()
    const { attempt } = await offered(later, withoutMfa)
    const { secondFactorVerification } = await later.signIn.prepareSecondFactor(attempt, { factorId: 'passkey' })
    const credential = authenticator.get(secondFactorVerification?.publicKey as Json)
    await later.signIn.finish(
      await later.signIn.attemptSecondFactor(attempt, { factorId: 'passkey', credential, trustDevice: true }),
    )
    await later.session.signOut()
    expect((await offered(later, withoutMfa)).attempt.status).toBe('complete')
  })
})

describe('more than one', () => {
  it('TE-19 what is left is asked for when another one goes, an app too', async () => {
    const page = await signedIn(withTotp)
    await enrollPhone(page, withTotp)
    const { factor } = await enrollPasskey(page, withTotp)
    expect((await page.mfa.listFactors()).map(({ id }) => id)).toEqual(['totp', 'phone_code', factor.id])
    await page.mfa.unenroll({ factorId: 'totp', password: withTotp.password })
    expect((await page.mfa.listFactors()).map(({ id }) => id)).toEqual(['phone_code', factor.id])
    // The passkey, which was enrolled last, still stands.
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect((await offered(open(), withTotp)).ids).toEqual(['passkey', 'phone_code', 'email_code'])
    await page.mfa.unenroll({ factorId: factor.id, password: withTotp.password })
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
    expect((await offered(open(), withTotp)).ids).toEqual(['phone_code', 'email_code'])
  })

  it('a passkey alone keeps two-factor on when the app goes, and the session that it raised', async () => {
    const page = await signedIn(withTotp)
    await enrollPasskey(page, withTotp)
    await page.mfa.unenroll({ factorId: 'totp', password: withTotp.password })
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect((await offered(open(), withTotp)).ids).toEqual(['passkey', 'email_code'])
  })

  it('mailed codes that were there first stay when a phone goes', async () => {
    const page = open()
    const attempt = await page.signIn.create({ identifier: withEmailCode.email, password: withEmailCode.password })
    await page.signIn.prepareSecondFactor(attempt, { factorId: 'email_code' })
    await page.signIn.finish(await page.signIn.attemptSecondFactor(attempt, { factorId: 'email_code', code: newest(server) }))
    await enrollPhone(page, withEmailCode)
    expect((await page.mfa.listFactors()).map(({ id }) => id)).toEqual(['phone_code', 'email_code'])
    await page.mfa.unenroll({ factorId: 'phone_code', password: withEmailCode.password })
    expect((await page.mfa.listFactors()).map(({ id }) => id)).toEqual(['email_code'])
    expect((await offered(open(), withEmailCode)).ids).toEqual(['email_code'])
  })

  it('MG-20 nobody adds one of their own to an account whose second factor they have not proved', async () => {
    const setUp = await signedIn(withTotp)
    await addPhone(setUp.browser, server, phone, withTotp.password)
    server.advance(minutes)
    const { browser } = setUp
    const trusting = await setUp.signIn.create({ identifier: withTotp.email, password: withTotp.password })
    const proof = { factorId: 'totp', code: totp(withTotp.totpSecret), trustDevice: true }
    await setUp.signIn.finish(await setUp.signIn.attemptSecondFactor(trusting, proof))
    await setUp.session.signOut()
    const page = open(browser)
    await page.signIn.finish(await page.signIn.create({ identifier: withTotp.email, password: withTotp.password }))
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
    const { password } = withTotp
    const stepUp = { code: 'step_up_required', stepUp: { level: 'second_factor' } }
    expect(await refused(page.mfa.enroll({ type: 'totp', password }))).toMatchObject(stepUp)
    expect(await refused(page.mfa.enroll({ type: 'phone', phone: '+15550100099', password }))).toMatchObject(stepUp)
    expect(await refused(page.mfa.enroll({ type: 'webauthn', password }))).toMatchObject(stepUp)
    expect(await refused(page.mfa.unenroll({ factorId: 'totp', password }))).toMatchObject(stepUp)
    expect(await refused(page.mfa.unenroll({ factorId: 'phone_code', password }))).toMatchObject(stepUp)
    expect(await refused(page.mfa.backupCodes!.generate({ password }))).toMatchObject(stepUp)
    expect(await page.mfa.listFactors()).toHaveLength(2)
  })
})

describe('backup codes', () => {
  it('BC-10 one that signs in switches nothing off, is told of the session, so that its people are led to renew, and is gone', async () => {
    const { email: identifier, password, backupCodes } = withTotp
    const page = open()
    const attempt = await page.signIn.create({ identifier, password })
    const proof = { factorId: 'backup_code', code: backupCodes[0] ?? '' }
    await page.signIn.finish(await page.signIn.attemptSecondFactor(attempt, proof))
    const session = await page.session.get()
    expect(session).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(session?.methods.map(({ method }) => method)).toContain('backup_code')
    const factors = await page.mfa.listFactors()
    expect(factors).toEqual([expect.objectContaining({ strategy: 'totp', status: 'verified' })])
    expect(await page.mfa.backupCodes?.status?.()).toMatchObject({ remaining: backupCodes.length - 1 })

    const later = open()
    const next = await later.signIn.create({ identifier, password })
    expect(next.status).toBe('needs_second_factor')
    expect(next.supportedSecondFactors?.map(({ strategy }) => strategy)).toContain('totp')
    expect(await refused(later.signIn.attemptSecondFactor(next, proof))).toMatchObject({ code: 'code_incorrect' })
    await later.signIn.finish(await later.signIn.attemptSecondFactor(next, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    const told = (await later.session.get())?.methods.map(({ method }) => method)
    expect(told).toContain('totp')
    expect(told).not.toContain('backup_code')
  })

  it('BC-10 one alone lets nobody in', async () => {
    const { signIn, session } = open()
    const attempt = await signIn.create({ identifier: withTotp.email })
    expect(attempt.supportedFirstFactors.map(({ strategy }) => strategy)).not.toContain('backup_code')
    const proof = { factorId: 'backup_code', code: withTotp.backupCodes[0] ?? '' }
    await refused(signIn.attemptFirstFactor(attempt, proof))
    await refused(signIn.attemptSecondFactor(attempt, proof))
    expect(await session.get()).toBeNull()
  })

  it('are counted, and can be made for a phone or a passkey too', async () => {
    const page = await signedIn(withoutMfa)
    const { status, generate } = page.mfa.backupCodes!
    expect(await status?.()).toEqual({ remaining: 0 })
    await enrollPhone(page)
    expect(await status?.()).toEqual({ remaining: 0 })
    const codes = await generate({ password: withoutMfa.password })
    expect(await status?.()).toEqual({ remaining: 10 })
    const later = open()
    const { attempt, ids } = await offered(later, withoutMfa)
    expect(ids).toEqual(['phone_code', 'email_code', 'backup_code'])
    await later.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code', code: codes[0] ?? '' })
    expect(await status?.()).toEqual({ remaining: 9 })
  })
})
