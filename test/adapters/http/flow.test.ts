// @vitest-environment node
import { describe, expect, it } from 'vitest'
import {
  lastCode,
  mail,
  minute,
  optionId,
  password,
  plain,
  refused,
  totp,
  totpNow,
  withPassword,
  wrongTotp,
} from '../memory/house.js'
import { rig } from './house.js'

describe('a sign-in over HTTP', () => {
  it('goes from the password over the authenticator app to a session, which a reload finds again', async () => {
    const { backend, browser } = await rig()
    const { adapter, tab, jar } = await browser()
    expect(await adapter.session.get()).toBeNull()
    expect(jar.cookies.size).toBe(0)
    const attempt = await withPassword(adapter, totp)
    expect(attempt).toMatchObject({ status: 'needs_second_factor', identifier: totp.email })
    const ways = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    const complete = await adapter.signIn.attemptSecondFactor(attempt, ways)
    expect(complete).toMatchObject({ id: attempt.id, status: 'complete', cancelSignsOut: true })
    const session = await adapter.signIn.finish(attempt)
    expect(session).toMatchObject({ user: { id: totp.id }, currentLevel: 'aal2' })
    expect(await adapter.signIn.finish(attempt)).toEqual(session)
    expect(await (await tab()).adapter.session.get({ fresh: true })).toEqual(session)
    await adapter.session.signOut()
    expect(await adapter.session.get()).toBeNull()
  })

  it('goes by an e-mailed code', async () => {
    const { backend, browser } = await rig()
    const { adapter } = await browser()
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    const sent = await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(sent.firstFactorVerification).toMatchObject({ status: 'unverified', resendInMs: minute / 2, codeLength: 6 })
    await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }), 'rate_limited', {
      retryInMs: minute / 2,
    })
    await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect((await adapter.signIn.finish(attempt)).user.id).toBe(plain.id)
  })

  it('HA-09 refuses as the backend does, with what it says', async () => {
    const { backend, browser } = await rig()
    const { adapter } = await browser()
    const wrong = { identifier: totp.email, password: 'wrong' }
    await refused(adapter.signIn.create(wrong), 'invalid_credentials', { field: 'password', outcome: 'refused' })
    await refused(adapter.signIn.create({ ...wrong, identifier: 'nobody@example.com' }), 'invalid_credentials', {
      field: 'password',
    })
    const attempt = await withPassword(adapter, totp)
    const factorId = optionId(attempt, 'totp')
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: wrongTotp(backend) }), 'code_incorrect', {
      field: 'code',
      attemptsLeft: 4,
    })
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: 'totp:none', code: '1' }), 'factor_not_found')
  })

  it('HA-17 enforces the order', async () => {
    const { browser } = await rig()
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, totp)
    await refused(adapter.signIn.finish(attempt), 'not_supported')
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password }), 'not_supported')
    expect(await adapter.session.get()).toBeNull()
  })

  it('is resumed after a reload of the page, and is lost once it is cancelled', async () => {
    const { browser } = await rig()
    const { adapter, tab } = await browser()
    const attempt = await withPassword(adapter, totp)
    const again = (await tab()).adapter
    expect(await again.signIn.resume({})).toMatchObject({ attempt: { id: attempt.id, status: 'needs_second_factor' } })
    expect(await again.signIn.reload(attempt)).toMatchObject({ id: attempt.id })
    await again.signIn.cancel(attempt)
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
  })

  it('is nobody’s but the browser’s that began it', async () => {
    const { backend, browser } = await rig()
    const [one, two] = [await browser(), await browser()]
    const attempt = await withPassword(one.adapter, totp)
    await withPassword(two.adapter, totp)
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    await refused(two.adapter.signIn.attemptSecondFactor(attempt, proof), 'attempt_lost')
    await one.adapter.signIn.attemptSecondFactor(attempt, proof)
    await refused(two.adapter.signIn.finish(attempt), 'attempt_lost')
    expect(await two.adapter.session.get()).toBeNull()
  })

  it('is over after ten minutes', async () => {
    const { backend, browser } = await rig({ limits: { attemptMs: 60 * minute } })
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, totp)
    expect(attempt.expiresInMs).toBe(10 * minute)
    backend.clock.advance(10 * minute - 1)
    expect((await adapter.signIn.reload(attempt)).expiresInMs).toBe(1)
    backend.clock.advance(1)
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
  })

  it('trusts this browser when it is told to', async () => {
    const { backend, browser } = await rig()
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, totp)
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend), trustDevice: true }
    await adapter.signIn.finish(await adapter.signIn.attemptSecondFactor(attempt, proof))
    await adapter.session.signOut()
    expect((await withPassword(adapter, totp)).status).toBe('complete')
    expect((await withPassword((await browser()).adapter, totp)).status).toBe('needs_second_factor')
  })
})

describe('a replay', () => {
  it('of a request that was carried out is refused by the backend’s own single use', async () => {
    const { backend, browser, server } = await rig()
    const { adapter, jar } = await browser()
    const attempt = await withPassword(adapter, totp)
    const proof = { attempt: attempt.id, factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    const cookie = [...jar.cookies].map((pair) => pair.join('=')).join('; ')
    const replay = () =>
      fetch(`${server.url}/sign-in/attempt-second-factor`, {
        method: 'POST',
        headers: { origin: server.origin, cookie, 'content-type': 'application/json' },
        body: JSON.stringify(proof),
      })
    expect((await replay()).status).toBe(200)
    expect((await replay()).status).toBe(400)
    await adapter.signIn.finish(attempt)
    const after = await replay()
    expect([after.status, await after.json()]).toEqual([400, { error: { code: 'attempt_lost', outcome: 'refused' } }])
  })
})

describe('a step-up over HTTP', () => {
  it('raises the session', async () => {
    const { backend, browser } = await rig({ users: [{ ...mail, totp: { secret: totp.totp.secret } }] })
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, mail)
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'zzzzz-yyyyy' })
    await adapter.signIn.finish(attempt)
    backend.clock.advance(5 * minute)
    const raising = await adapter.stepUp!.create({ level: 'second_factor' })
    expect(raising).toMatchObject({ purpose: 'step_up', status: 'needs_second_factor', cancelSignsOut: false })
    await adapter.signIn.attemptSecondFactor(raising, { factorId: optionId(raising, 'totp'), code: totpNow(backend) })
    expect(await adapter.signIn.finish(raising)).toMatchObject({ secondFactorAgeMs: 0, firstFactorAgeMs: 5 * minute })
    await refused((await browser()).adapter.stepUp!.create({ level: 'second_factor' }), 'session_lost')
  })

  it('is seen in a refusal of this adapter, and in an app’s own answer in the same words', async () => {
    const { browser } = await rig()
    const detect = (await browser()).adapter.stepUp!.detect!
    expect(detect({ error: { code: 'step_up_required', stepUp: { level: 'multi_factor' } } })).toEqual({ level: 'multi_factor' })
    expect(detect({ code: 'step_up_required' })).toEqual({ level: 'second_factor' })
    for (const other of [null, undefined, 'step_up_required', 403, {}, { code: 'locked' }, { error: null }])
      expect(detect(other)).toBeNull()
  })
})

describe('factors over HTTP', () => {
  it('are enrolled, listed, named, and taken away', async () => {
    const { backend, browser } = await rig()
    const { adapter } = await browser()
    await adapter.signIn.finish(await withPassword(adapter, plain))
    const mfa = adapter.mfa!
    const enrollment = await mfa.enroll({ type: 'totp', issuer: 'Acme', friendlyName: 'Phone' })
    if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
    expect(enrollment.uri).toContain(enrollment.secret)
    const code = totpNow(backend, 0, enrollment.secret)
    const proved = await mfa.verify({ enrollmentId: enrollment.id, code })
    expect(proved.backupCodes).toHaveLength(10)
    expect(await mfa.verify({ enrollmentId: enrollment.id, code })).toEqual({ factor: proved.factor })
    expect((await adapter.session.get())?.currentLevel).toBe('aal2')
    expect(await mfa.listFactors()).toEqual([proved.factor])
    expect(await mfa.backupCodes!.status!()).toEqual({ total: 10, remaining: 10 })
    expect(await mfa.backupCodes!.generate({})).toHaveLength(10)
    expect(await mfa.rename!({ factorId: proved.factor.id, friendlyName: 'Old' })).toMatchObject({ friendlyName: 'Old' })
    await mfa.unenroll({ factorId: proved.factor.id })
    expect(await mfa.listFactors({ fresh: true })).toEqual([])
    await refused(mfa.challenge({ enrollmentId: enrollment.id }), 'factor_not_found')
  })

  it('are enrolled inside a sign-in that asks for it', async () => {
    const { backend, browser } = await rig({ requireMfa: true })
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, plain)
    expect(attempt).toMatchObject({ status: 'needs_enrollment', enroll: ['totp'] })
    await refused((await browser()).adapter.mfa!.enroll({ type: 'totp', attempt }), 'attempt_lost')
    const enrollment = await adapter.mfa!.enroll({ type: 'totp', attempt })
    if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
    const proved = await adapter.mfa!.verify({ enrollmentId: enrollment.id, code: totpNow(backend, 0, enrollment.secret) })
    expect(proved.attempt).toMatchObject({ id: attempt.id, status: 'complete' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('that are not proved are abandoned', async () => {
    const { browser } = await rig()
    const { adapter } = await browser()
    await adapter.signIn.finish(await withPassword(adapter, plain))
    const enrollment = await adapter.mfa!.enroll({ type: 'totp' })
    if (enrollment.status !== 'pending') return expect.unreachable()
    await adapter.mfa!.abandon!({ enrollmentId: enrollment.id })
    expect(await adapter.mfa!.listFactors()).toEqual([])
  })
})
