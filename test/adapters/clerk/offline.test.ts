// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { newPhone } from '../../servers/clerkStandInFactors.js'
import { browse, redirectUrl, refused, signedIn, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
beforeAll(async () => (server = await startClerkStandIn()))
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

const noAnswer = { code: 'network', outcome: 'unknown' } as const

/** Offline, clerk-js resolves with what it had. */
describe('HA-05 an unchanged answer is no answer', () => {
  it('for Clerk’s client it is one', async () => {
    const { browser } = await browse(server)
    browser.offline = true
    await expect(browser.clerk.client?.signIn.create({ identifier: 'a@example.com' })).resolves.toBeDefined()
  })

  it('to the verbs of a sign-in', async () => {
    const user = withTotp(server, { phones: [{ ...newPhone('+15550100100'), verified: true, reserved: true }] })
    const { browser, signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    browser.offline = true
    const code = attempt.supportedFirstFactors.find(({ strategy }) => strategy === 'email_code')?.id ?? ''
    const asked = [
      () => signIn.create({ identifier: user.email }),
      () => signIn.create({ identifier: user.email, password: user.password }),
      () => signIn.create({ strategy: 'oauth_google', redirectUrl }),
      () => signIn.create({ strategy: 'enterprise_sso', identifier: user.email, redirectUrl }),
      () => signIn.create({ strategy: 'reset_password_email_code', identifier: user.email }),
      () => signIn.reload(attempt),
      () => signIn.prepareFirstFactor(attempt, { factorId: code }),
      () => signIn.attemptFirstFactor(attempt, { factorId: code, code: '123456' }),
      () => signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password }),
    ]
    for (const ask of asked) expect(await refused(ask())).toMatchObject(noAnswer)
    browser.offline = false
    const next = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    browser.offline = true
    const phone = next.supportedSecondFactors?.find(({ strategy }) => strategy === 'phone_code')?.id ?? ''
    expect(await refused(signIn.prepareSecondFactor(next, { factorId: phone }))).toMatchObject(noAnswer)
    expect(await refused(signIn.attemptSecondFactor(next, { factorId: 'totp', code: '123456' }))).toMatchObject(noAnswer)
    browser.offline = false
    const done = await signIn.attemptSecondFactor(next, { factorId: 'totp', code: totpOf(server, user.totp?.secret ?? '') })
    browser.offline = true
    expect(await refused(signIn.finish(done))).toMatchObject(noAnswer)
    browser.offline = false
    expect((await signIn.finish(done)).user.id).toBe(user.id)
  })

  it('to a passkey’s options and to a new password', async () => {
    const user = server.addUser()
    const { browser, signIn } = await browse(server)
    browser.offline = true
    expect(await refused(signIn.passkeyOptions?.() ?? Promise.resolve())).toMatchObject(noAnswer)
    browser.offline = false
    let attempt = await signIn.create({ strategy: 'reset_password_email_code', identifier: user.email })
    const factorId = attempt.supportedFirstFactors[0]?.id ?? ''
    attempt = await signIn.prepareFirstFactor(attempt, { factorId })
    const code = server.delivered(user.email, 'reset_password_email_code')
    attempt = await signIn.attemptFirstFactor(attempt, { factorId, code })
    browser.offline = true
    const reset = signIn.resetPassword?.(attempt, { password: 'A new password 1' })
    expect(await refused(reset ?? Promise.resolve())).toMatchObject(noAnswer)
  })

  it('to the session and the factors', async () => {
    const user = withTotp(server)
    const { browser, session, mfa, stepUp, adapter } = await signedIn(server, user)
    browser.offline = true
    const asked = [
      () => session.get(),
      () => session.get({ fresh: true }),
      () => session.signOut({ scope: 'others' }),
      () => session.signOut({ scope: 'all' }),
      () => mfa.listFactors(),
      () => mfa.enroll({ type: 'totp' }),
      () => mfa.enroll({ type: 'phone', phone: '+15550100199' }),
      () => mfa.unenroll({ factorId: 'totp' }),
      () => adapter.mfa?.backupCodes?.generate({}) ?? Promise.resolve(),
      () => adapter.mfa?.backupCodes?.status?.() ?? Promise.resolve(),
      () => stepUp.create({ level: 'second_factor' }),
    ]
    for (const ask of asked) expect(await refused(ask())).toMatchObject(noAnswer)
  })

  it('to the verbs of an enrolment and a step-up', async () => {
    const user = server.addUser()
    const { browser, mfa, stepUp, signIn } = await signedIn(server, user)
    const app = await mfa.enroll({ type: 'totp' })
    const phone = await mfa.enroll({ type: 'phone', phone: '+15550100198' })
    const attempt = await stepUp.create({ level: 'first_factor' })
    if (app.status !== 'pending' || phone.status !== 'pending') return expect.unreachable()
    browser.offline = true
    const asked = [
      () => mfa.verify({ enrollmentId: app.id, code: '123456' }),
      () => mfa.challenge({ enrollmentId: phone.id }),
      () => mfa.verify({ enrollmentId: phone.id, code: '123456' }),
      () => signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password }),
      () => signIn.reload(attempt),
    ]
    for (const ask of asked) expect(await refused(ask())).toMatchObject(noAnswer)
  })

  it('to a sign-out: Clerk’s client forgets all the same, and that is said', async () => {
    const { browser, session } = await signedIn(server, server.addUser())
    browser.offline = true
    expect(await refused(session.signOut())).toMatchObject(noAnswer)
    expect(browser.clerk.session).toBeNull()
    browser.offline = false
    expect(await session.get({ fresh: true })).not.toBeNull()
  })
})
