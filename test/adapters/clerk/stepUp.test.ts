// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { newPhone } from '../../servers/clerkStandInFactors.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import { browse, refused, signedIn, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
beforeAll(async () => (server = await startClerkStandIn()))
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

const secretOf = (user: { totp: { secret: string } | null }) => user.totp?.secret ?? expect.unreachable()

describe('a step-up', () => {
  it('by the second factor raises the session', async () => {
    const user = withTotp(server)
    const { stepUp, signIn, session } = await signedIn(server, user)
    server.advance(30 * 60_000)
    const attempt = await stepUp.create({ level: 'second_factor' })
    expect(attempt).toMatchObject({
      purpose: 'step_up',
      status: 'needs_second_factor',
      identifier: user.email,
      cancelSignsOut: false,
    })
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totpOf(server, secretOf(user)) })
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: false })
    expect(await signIn.finish(done)).toMatchObject({ secondFactorAgeMs: 0, firstFactorAgeMs: 30 * 60_000 })
    expect(await session.get()).toMatchObject({ secondFactorAgeMs: 0 })
  })

  it('by both', async () => {
    const user = withTotp(server, { phones: [{ ...newPhone('+15550300001'), verified: true, reserved: true }] })
    const { stepUp, signIn } = await signedIn(server, user)
    let attempt = await stepUp.create({ level: 'multi_factor' })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', supportedSecondFactors: null })
    attempt = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    expect(attempt.status).toBe('needs_second_factor')
    const factorId = attempt.supportedSecondFactors?.find(({ strategy }) => strategy === 'phone_code')?.id ?? ''
    attempt = await signIn.prepareSecondFactor(attempt, { factorId })
    expect(attempt.secondFactorVerification).toMatchObject({ factorId, status: 'unverified' })
    const code = server.delivered('+15550300001', 'phone_code')
    attempt = await signIn.attemptSecondFactor(attempt, { factorId, code })
    expect(attempt.status).toBe('complete')
  })

  it('by an e-mailed code', async () => {
    const user = server.addUser()
    const { stepUp, signIn } = await signedIn(server, user)
    const attempt = await stepUp.create({ level: 'first_factor' })
    const factorId = `email_code:${user.emailId}`
    await signIn.prepareFirstFactor(attempt, { factorId })
    const wrong = signIn.attemptFirstFactor(attempt, { factorId, code: '000000' })
    expect(await refused(wrong)).toMatchObject({ code: 'code_incorrect', field: 'code' })
    const done = await signIn.attemptFirstFactor(attempt, { factorId, code: server.delivered(user.email, 'email_code') })
    expect(done.status).toBe('complete')
  })

  it('makes a token that tells the new ages', async () => {
    const user = withTotp(server)
    const { stepUp, signIn } = await signedIn(server, user)
    const attempt = await stepUp.create({ level: 'second_factor' })
    await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totpOf(server, secretOf(user)) })
    const before = server.requests.length
    await signIn.finish(attempt)
    expect(server.requests.slice(before).map(({ line }) => line.replace(/sess_\w+/, 'id'))).toContain(
      'POST /client/sessions/id/tokens',
    )
  })

  it('HA-05 whose proof was taken and the answer lost, is found done by the age of the factor', async () => {
    const user = withTotp(server)
    const { stepUp, signIn } = await signedIn(server, user)
    server.advance(5 * 60_000)
    const attempt = await stepUp.create({ level: 'multi_factor' })
    expect((await signIn.reload(attempt)).status).toBe('needs_first_factor')
    server.lose(/attempt_first_factor/)
    const tried = signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    expect(await refused(tried)).toMatchObject({ outcome: 'unknown' })
    const now = await signIn.reload(attempt)
    expect(now.status).toBe('needs_second_factor')
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    const code = totpOf(server, secretOf(user))
    expect((await signIn.attemptSecondFactor(now, { factorId: 'totp', code })).status).toBe('complete')
  })

  it('HA-05 whose second proof was taken and the answer lost', async () => {
    const user = withTotp(server)
    const { stepUp, signIn } = await signedIn(server, user)
    server.advance(5 * 60_000)
    const attempt = await stepUp.create({ level: 'second_factor' })
    server.lose(/attempt_second_factor/)
    const code = totpOf(server, secretOf(user))
    await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code }))
    expect((await signIn.reload(attempt)).status).toBe('complete')
    expect(await signIn.finish(attempt)).toMatchObject({ secondFactorAgeMs: 0 })
  })

  it('leaves the session alone when it is cancelled', async () => {
    const { stepUp, signIn, session } = await signedIn(server, withTotp(server))
    await signIn.cancel(await stepUp.create({ level: 'second_factor' }))
    expect(await session.get()).not.toBeNull()
  })

  it('needs a session', async () => {
    const { stepUp } = await browse(server)
    expect(await refused(stepUp.create({ level: 'second_factor' }))).toMatchObject({ code: 'session_lost' })
  })

  it('is asked for by Clerk when factors are changed late', async () => {
    const { mfa } = await signedIn(server, withTotp(server))
    server.advance(11 * 60_000)
    expect(await refused(mfa.unenroll({ factorId: 'totp' }))).toMatchObject({ code: 'step_up_required' })
  })
})

describe('a refusal of the app’s own call', () => {
  const hint = (reverification?: unknown) => ({
    clerk_error: { type: 'forbidden', reason: 'reverification-error', metadata: { reverification } },
  })

  it.each([
    ['strict_mfa', hint('strict_mfa'), { level: 'multi_factor', maxAgeMs: 600_000 }],
    ['strict', hint('strict'), { level: 'second_factor', maxAgeMs: 600_000 }],
    ['moderate', hint('moderate'), { level: 'second_factor', maxAgeMs: 3_600_000 }],
    ['lax', hint('lax'), { level: 'second_factor', maxAgeMs: 86_400_000 }],
    ['a policy of the app’s own', hint({ level: 'first_factor', afterMinutes: 5 }), { level: 'first_factor', maxAgeMs: 300_000 }],
    ['no policy', hint(), { level: 'second_factor' }],
    ['a policy that is new', hint('__proto__'), { level: 'second_factor' }],
    ['Clerk’s own code', { errors: [{ code: 'session_reverification_required' }] }, { level: 'second_factor' }],
    ['the adapter’s error', new AuthError('step_up_required'), { level: 'second_factor' }],
    ['another code of Clerk’s', { errors: [{ code: 'form_code_incorrect' }] }, null],
    ['another refusal', { clerk_error: { type: 'forbidden', reason: 'missing-entitlement' } }, null],
    ['another error', new Error('no'), null],
    ['nothing', undefined, null],
  ])('%s', async (_, refusal, wanted) => {
    const { stepUp } = await browse(server)
    expect(stepUp.detect?.(refusal)).toEqual(wanted)
  })

  it('what Clerk’s client throws', async () => {
    const { stepUp, browser } = await signedIn(server, server.addUser())
    server.refuse(/me\/totp/, new Refusal(403, 'session_reverification_required'))
    const thrown: unknown = await browser.clerk.user?.createTOTP().catch((error: unknown) => error)
    expect(stepUp.detect?.(thrown)).toEqual({ level: 'second_factor' })
  })
})
