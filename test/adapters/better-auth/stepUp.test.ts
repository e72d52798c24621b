// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'

const { withTotp } = demoUsers
const minutes = 60_000
const level = 'second_factor'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )

/** Signed in at aal1 on a trusted device, although there is a second factor. */
async function signInAtAal1(by: 'email_code' | 'password' = 'email_code') {
  const browser = server.browser()
  const adapter = betterAuthAdapter(browser.client, { firstFactors: ['password', 'email_code'] })
  const { signIn } = adapter
  const trusting = await signIn.create({ identifier: withTotp.email, password: withTotp.password })
  const proof = { factorId: 'backup_code', code: withTotp.backupCodes[2], trustDevice: true }
  await signIn.finish(await signIn.attemptSecondFactor(trusting, proof))
  await adapter.session.signOut()
  const attempt = await signIn.create({ identifier: withTotp.email })
  const isMailed = by === 'email_code'
  if (isMailed) await signIn.prepareFirstFactor(attempt, { factorId: by })
  const first = isMailed ? { code: server.outbox[0]?.code ?? '' } : { password: withTotp.password }
  await signIn.finish(await signIn.attemptFirstFactor(attempt, { factorId: by, ...first }))
  return { browser, ...adapter, stepUp: adapter.stepUp ?? expect.unreachable() }
}

describe('a step-up', () => {
  it('is an attempt of the signed-in person, with their second factors', async () => {
    const { stepUp, session } = await signInAtAal1()
    const attempt = await stepUp.create({ level })
    expect(attempt).toMatchObject({
      purpose: 'step_up',
      status: 'needs_second_factor',
      identifier: withTotp.email,
      supportedFirstFactors: [],
      cancelSignsOut: false,
    })
    expect(attempt.supportedSecondFactors?.map(({ id }) => id)).toEqual(['totp', 'backup_code'])
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
  })

  it('MG-18 raises the session, which the server’s own check then lets pass', async () => {
    const { stepUp, signIn, session, browser } = await signInAtAal1()
    const before = await session.get()
    expect((await browser.fetch('/api/protected')).status).toBe(403)
    const attempt = await stepUp.create({ level })
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: false })
    const raised = await signIn.finish(done)
    expect(raised).toMatchObject({ id: before?.id, currentLevel: 'aal2' })
    expect(raised.methods.map(({ method }) => method)).toEqual(['email_code', 'totp'])
    expect(raised.secondFactorAgeMs).toBeLessThan(5000)
    expect((await browser.fetch('/api/protected')).status).toBe(200)
  })

  it('renews the age of the second factor, and leaves that of the first', async () => {
    const { stepUp, signIn, session } = await signInAtAal1()
    const pass = async () => {
      const attempt = await stepUp.create({ level })
      return signIn.finish(await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    }
    await pass()
    server.advance(30 * minutes)
    expect((await session.get())?.secondFactorAgeMs).toBeGreaterThanOrEqual(30 * minutes)
    const renewed = await pass()
    expect(renewed.secondFactorAgeMs).toBeLessThan(5000)
    expect(renewed.firstFactorAgeMs).toBeGreaterThanOrEqual(30 * minutes)
    expect(renewed.methods.map(({ method }) => method)).toEqual(['email_code', 'totp'])
  })

  it('passes with an e-mailed code and with a backup code too', async () => {
    const { stepUp, signIn } = await signInAtAal1('password')
    const byMail = await stepUp.create({ level })
    await signIn.prepareSecondFactor(byMail, { factorId: 'email_code' })
    const code = server.outbox[0]?.code ?? ''
    expect((await signIn.attemptSecondFactor(byMail, { factorId: 'email_code', code })).status).toBe('complete')
    const byBackup = await stepUp.create({ level })
    const [backup] = withTotp.backupCodes
    expect((await signIn.attemptSecondFactor(byBackup, { factorId: 'backup_code', code: backup })).status).toBe('complete')
  })

  it('MG-05 given up, leaves the session as it was', async () => {
    const { stepUp, signIn, session } = await signInAtAal1()
    const before = await session.get()
    await signIn.cancel(await stepUp.create({ level }))
    expect(await session.get()).toMatchObject({ id: before?.id, currentLevel: 'aal1' })
  })

  it('HA-05 whose answer was lost, is found passed by a reload; one that never arrived is not', async () => {
    const { stepUp, signIn, browser } = await signInAtAal1()
    const attempt = await stepUp.create({ level })
    const lose = async (when: 'before' | 'after') => {
      browser.faults.next = { path: '/verify-totp', when }
      const code = totp(withTotp.totpSecret)
      expect(await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code }))).toMatchObject({ outcome: 'unknown' })
      return signIn.reload(attempt)
    }
    expect(await lose('before')).toEqual(attempt)
    expect(await lose('after')).toMatchObject({ status: 'complete' })
    // The session is at aal2 by now, but not through this one.
    const next = await stepUp.create({ level })
    expect(await signIn.reload(next)).toMatchObject({ status: 'needs_second_factor' })
  })

  it('is for whoever is signed in, as long as they are', async () => {
    const { stepUp, signIn, session } = await signInAtAal1()
    expect(await refused(stepUp.create({ level: 'first_factor' }))).toMatchObject({ code: 'not_supported' })
    const attempt = await stepUp.create({ level })
    await session.signOut()
    expect(await refused(stepUp.create({ level }))).toMatchObject({ code: 'session_lost' })
    expect(await refused(signIn.reload(attempt))).toMatchObject({ code: 'attempt_lost' })
  })

  it('counts wrong codes of signed-in people, locks after ten, and says for how long', async () => {
    const { stepUp, signIn, session } = await signInAtAal1()
    const attempt = await stepUp.create({ level })
    const guess = (factorId: string) => refused(signIn.attemptSecondFactor(attempt, { factorId, code: '000000' }))
    for (let tries = 0; tries < 10; tries++)
      expect(await guess(tries % 2 ? 'totp' : 'backup_code')).toMatchObject({ code: 'code_incorrect' })
    const locked = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    expect(locked.code).toBe('locked')
    expect(locked.retryInMs).toBeGreaterThan(14 * minutes)
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1' })
    server.advance(15 * minutes)
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(done.status).toBe('complete')
  })

  it('forgets wrong codes after a right one', async () => {
    const { stepUp, signIn } = await signInAtAal1()
    for (let round = 0; round < 2; round++) {
      const attempt = await stepUp.create({ level })
      for (let tries = 0; tries < 9; tries++)
        await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: '000000' }))
      const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
      expect(done.status).toBe('complete')
      server.advance(minutes)
    }
  })
})

describe('detect', () => {
  it('knows the server’s refusal, as a body and as the client’s error', async () => {
    const { stepUp, browser } = await signInAtAal1()
    const response = await browser.fetch('/api/protected')
    const body: unknown = await response.json()
    expect(stepUp.detect?.(body)).toEqual({ level })
    expect(stepUp.detect?.(Object.assign(new Error('403'), { status: 403, error: body }))).toEqual({ level })
  })

  it('says how recent it has to be, where the server does', async () => {
    const { stepUp } = await signInAtAal1()
    const body = { code: 'STEP_UP_REQUIRED', level: 'aal2', maxAgeMs: 5 * minutes }
    expect(stepUp.detect?.(body)).toEqual({ level, maxAgeMs: 5 * minutes })
    expect(stepUp.detect?.({ error: body })).toEqual({ level, maxAgeMs: 5 * minutes })
    expect(stepUp.detect?.({ ...body, maxAgeMs: '5' })).toEqual({ level })
  })

  it('knows nothing else', async () => {
    const { stepUp } = await signInAtAal1()
    for (const other of [null, undefined, 'STEP_UP_REQUIRED', 403, {}, { code: 'UNAUTHORIZED' }, { error: null }, new Error('x')])
      expect(stepUp.detect?.(other)).toBeNull()
  })
})
