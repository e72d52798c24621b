// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import { startBetterAuthServer, totp, type Faults, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
const minutes = 60_000
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

function open(faults?: Faults) {
  const browser = server.browser(faults)
  const adapter = betterAuthAdapter(browser.client, { firstFactors: ['password', 'email_code'] })
  return { browser, adapter, ...adapter }
}

const credentials = ({ email, password }: { email: string; password: string }) => ({ identifier: email, password })
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )
const seen = (error: AuthError) => ({ ...error, message: error.message, cause: error.cause })
const newestCode = () => server.outbox[0]?.code ?? ''

describe('a password alone', () => {
  it('ends in a session at aal1', async () => {
    const { signIn, session } = open()
    const attempt = await signIn.create(credentials(withoutMfa))
    expect(attempt).toMatchObject({ status: 'complete', purpose: 'sign_in', cancelSignsOut: true })
    const signedIn = await signIn.finish(attempt)
    expect(signedIn).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(signedIn.methods.map(({ method }) => method)).toEqual(['password'])
    expect(await session.get()).toMatchObject({ id: signedIn.id })
  })

  it('SI-12 refuses an unknown user and a wrong password alike', async () => {
    const { signIn, session } = open()
    const wrong = await refused(signIn.create({ identifier: withoutMfa.email, password: 'not-it-0' }))
    const unknown = await refused(signIn.create({ identifier: 'nobody@example.com', password: 'not-it-0' }))
    expect(wrong).toMatchObject({ code: 'invalid_credentials', outcome: 'refused', field: 'password' })
    expect(seen(unknown)).toEqual(seen(wrong))
    expect(await session.get()).toBeNull()
  })

  it('sends the password byte for byte', async () => {
    const { signIn, browser } = open()
    const password = '  Zoë e\u0301 👩‍🚀 '
    await refused(signIn.create({ identifier: withoutMfa.email, password }))
    expect(browser.sent[0]?.body).toEqual({ email: withoutMfa.email, password })
  })

  it('takes the password as a step of its own, and asks the server nothing before it', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create({ identifier: withoutMfa.email })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', identifier: withoutMfa.email, supportedSecondFactors: null })
    expect(attempt.supportedFirstFactors.map(({ id }) => id)).toEqual(['password', 'email_code'])
    expect(browser.sent).toEqual([])
    const wrong = await refused(signIn.attemptFirstFactor(attempt, { factorId: 'password', password: 'not-it-0' }))
    expect(wrong.code).toBe('invalid_credentials')
    const done = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: withoutMfa.password })
    expect(done.status).toBe('complete')
  })

  it('tells an address that is none', async () => {
    const { signIn } = open()
    const error = await refused(signIn.create({ identifier: 'no address', password: 'x' }))
    expect(error).toMatchObject({ code: 'identifier_invalid', field: 'identifier' })
  })
})

describe('an authenticator app', () => {
  it('ends at aal2', async () => {
    const { signIn, session } = open()
    const attempt = await signIn.create(credentials(withTotp))
    expect(attempt).toMatchObject({ status: 'needs_second_factor', cancelSignsOut: false })
    expect(attempt.supportedSecondFactors).toEqual([
      { id: 'totp', strategy: 'totp', primary: true },
      { id: 'email_code', strategy: 'email_code', hint: 't•••@example.com' },
      { id: 'backup_code', strategy: 'backup_code' },
    ])
    expect(await session.get()).toBeNull()
    const code = totp(withTotp.totpSecret)
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code })
    expect(done.status).toBe('complete')
    const signedIn = await signIn.finish(done)
    expect(signedIn).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(signedIn.methods.map(({ method }) => method)).toEqual(['password', 'totp'])
    expect(signedIn.secondFactorAgeMs).toBeLessThan(5000)
  })

  it('gets exactly the digits', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    const code = totp(withTotp.totpSecret)
    await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: ` ${code.slice(0, 3)} ${code.slice(3)} ` })
    expect(browser.sent.find(({ path }) => path.endsWith('verify-totp'))?.body).toEqual({ code })
  })

  it('dates the first factor from the password, not from the code', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withTotp))
    server.advance(5 * minutes)
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    const signedIn = await signIn.finish(done)
    expect(signedIn.firstFactorAgeMs).toBeGreaterThanOrEqual(5 * minutes)
    expect(signedIn.secondFactorAgeMs).toBeLessThan(minutes)
  })

  it('can be wrong, and right after that', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withTotp))
    const error = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: '000000' }))
    expect(error).toMatchObject({ code: 'code_incorrect', field: 'code', outcome: 'refused' })
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(done.status).toBe('complete')
  })

  it('is refused once the challenge has expired', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withTotp))
    server.advance(11 * minutes)
    const error = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    expect(error).toMatchObject({ code: 'attempt_lost', outcome: 'refused' })
    expect(await refused(signIn.reload(attempt))).toMatchObject({ code: 'attempt_lost' })
  })

  it('is refused at the sixth try, and the challenge is over', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withTotp))
    const guess = () => refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: '000000' }))
    const codes = []
    for (let tries = 0; tries < 6; tries++) codes.push((await guess()).code)
    expect(codes).toEqual([...Array<string>(5).fill('code_incorrect'), 'too_many_attempts'])
    expect(await refused(signIn.reload(attempt))).toMatchObject({ code: 'attempt_lost' })
  })

  it('is locked after ten wrong codes in a row, says for how long, and opens again', async () => {
    const { signIn } = open()
    const guess = async (times: number) => {
      const attempt = await signIn.create(credentials(withTotp))
      for (let tries = 0; tries < times; tries++)
        await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: '000000' }))
    }
    await guess(5)
    await guess(5)
    const attempt = await signIn.create(credentials(withTotp))
    const locked = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    expect(locked).toMatchObject({ code: 'locked', outcome: 'refused' })
    expect(locked.retryInMs).toBeGreaterThan(14 * minutes)
    expect(locked.retryInMs).toBeLessThanOrEqual(15 * minutes)
    server.advance(15 * minutes)
    const again = await signIn.create(credentials(withTotp))
    const done = await signIn.attemptSecondFactor(again, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(done.status).toBe('complete')
  })

  it('is not asked for on a trusted device, whose session stays at aal1', async () => {
    const { signIn, session } = open()
    const attempt = await signIn.create(credentials(withTotp))
    const code = totp(withTotp.totpSecret)
    await signIn.finish(await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code, trustDevice: true }))
    await session.signOut()
    const again = await signIn.create(credentials(withTotp))
    expect(again.status).toBe('complete')
    expect(await signIn.finish(again)).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
  })
})

describe('an e-mailed second code', () => {
  it('is sent on request only, once, and passes', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withEmailCode))
    expect(attempt.supportedSecondFactors).toEqual([
      { id: 'email_code', strategy: 'email_code', hint: 'm•••@example.com', primary: true },
    ])
    expect(server.outbox).toEqual([])
    const prepared = await signIn.prepareSecondFactor(attempt, { factorId: 'email_code' })
    expect(prepared.secondFactorVerification).toEqual({ status: 'unverified', factorId: 'email_code' })
    expect(server.outbox.map(({ to }) => to)).toEqual([withEmailCode.email])
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'email_code', code: newestCode() })
    const signedIn = await signIn.finish(done)
    expect(signedIn.currentLevel).toBe('aal2')
    expect(signedIn.methods.map(({ method }) => method)).toEqual(['password', 'email_code'])
  })

  it('expires after three minutes, and a new one helps', async () => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withEmailCode))
    await signIn.prepareSecondFactor(attempt, { factorId: 'email_code' })
    server.advance(4 * minutes)
    const old = newestCode()
    const error = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'email_code', code: old }))
    expect(error).toMatchObject({ code: 'code_expired', field: 'code' })
    await signIn.prepareSecondFactor(attempt, { factorId: 'email_code' })
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'email_code', code: newestCode() })
    expect(done.status).toBe('complete')
  })
})

describe('a backup code', () => {
  const [code] = withTotp.backupCodes

  it.each([code, code.replace('-', ''), ` ${code} `, code.replace('-', ' ')])('passes as typed: %j', async (typed) => {
    const { signIn } = open()
    const attempt = await signIn.create(credentials(withTotp))
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'backup_code', code: typed })
    expect(await signIn.finish(done)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('BC-07 works once; a used one reads like a wrong one', async () => {
    const { signIn } = open()
    const pass = async (typed: string) => {
      const attempt = await signIn.create(credentials(withTotp))
      return signIn.attemptSecondFactor(attempt, { factorId: 'backup_code', code: typed })
    }
    expect((await pass(code)).status).toBe('complete')
    const used = await refused(pass(code))
    const wrong = await refused(pass('zzzzz-zzzzz'))
    expect(used).toMatchObject({ code: 'code_incorrect', field: 'code' })
    expect(seen(wrong)).toEqual(seen(used))
  })
})

describe('an e-mailed first code', () => {
  async function byCode({ email }: { email: string }) {
    const { signIn, ...rest } = open()
    const attempt = await signIn.create({ identifier: email })
    const prepared = await signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
    expect(prepared.firstFactorVerification).toEqual({ status: 'unverified', factorId: 'email_code' })
    const done = await signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code: newestCode() })
    return { signIn, done, ...rest }
  }

  it('signs in at aal1', async () => {
    const { signIn, done } = await byCode(withoutMfa)
    const signedIn = await signIn.finish(done)
    expect(signedIn).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(signedIn.methods.map(({ method }) => method)).toEqual(['email_code'])
  })

  it('is followed by the second factor, which is not the same mailbox again', async () => {
    const { signIn, session, browser, done } = await byCode(withTotp)
    expect(done).toMatchObject({ status: 'needs_second_factor', cancelSignsOut: false })
    expect(done.supportedSecondFactors?.map(({ id }) => id)).toEqual(['totp', 'backup_code'])
    expect(await session.get()).toBeNull()
    const { twoFactor } = browser.client
    expect((await twoFactor.sendOtp({})).error?.code).toBe('OTP_NOT_ENABLED')
    expect((await twoFactor.verifyOtp({ code: newestCode() })).error?.code).toBe('OTP_NOT_ENABLED')
    server.advance(5 * minutes)
    const passed = await signIn.attemptSecondFactor(done, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    const signedIn = await signIn.finish(passed)
    expect(signedIn.currentLevel).toBe('aal2')
    expect(signedIn.methods.map(({ method }) => method)).toEqual(['email_code', 'totp'])
    expect(signedIn.firstFactorAgeMs).toBeGreaterThanOrEqual(5 * minutes)
  })

  it('is all that is asked of somebody who has nothing but that mailbox', async () => {
    const { signIn, done } = await byCode(withEmailCode)
    expect(await signIn.finish(done)).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
  })

  it('SI-13 treats an unknown address like a known one, with a wrong code', async () => {
    const errors = []
    for (const identifier of [withoutMfa.email, 'nobody@example.com']) {
      const { signIn } = open()
      const attempt = await signIn.create({ identifier })
      await signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
      const error = await refused(signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code: '000000' }))
      errors.push(seen(error))
    }
    expect(errors[0]).toMatchObject({ code: 'code_incorrect' })
    expect(errors[1]).toEqual(errors[0])
    expect(server.outbox.map(({ to }) => to)).toEqual([withoutMfa.email])
  })

  it('expires after five minutes, and is dead after the fourth try', async () => {
    const { signIn } = open()
    const attempt = await signIn.create({ identifier: withoutMfa.email })
    await signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
    server.advance(6 * minutes)
    const answer = (code: string) => refused(signIn.attemptFirstFactor(attempt, { factorId: 'email_code', code }))
    expect(await answer(newestCode())).toMatchObject({ code: 'code_expired' })
    await signIn.prepareFirstFactor(attempt, { factorId: 'email_code' })
    for (let tries = 0; tries < 3; tries++) expect(await answer('000000')).toMatchObject({ code: 'code_incorrect' })
    expect(await answer(newestCode())).toMatchObject({ code: 'too_many_attempts' })
  })
})

describe('the order of steps', () => {
  it('HA-17 refuses what the attempt does not wait for', async () => {
    const { signIn } = open()
    const attempt = await signIn.create({ identifier: withTotp.email })
    const early = signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(await refused(early)).toMatchObject({ code: 'not_supported' })
    expect(await refused(signIn.prepareSecondFactor(attempt, { factorId: 'email_code' }))).toMatchObject({
      code: 'not_supported',
    })
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    expect(await refused(signIn.finish({ id: 'made-up' }))).toMatchObject({ code: 'attempt_lost' })
    const second = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: withTotp.password })
    expect(await refused(signIn.finish(second))).toMatchObject({ code: 'not_supported' })
    const foreign = signIn.attemptSecondFactor(second, { factorId: 'phone_code', code: '123456' })
    expect(await refused(foreign)).toMatchObject({ code: 'factor_not_found' })
    expect(await refused(signIn.prepareSecondFactor(second, { factorId: 'totp' }))).toMatchObject({ code: 'not_supported' })
    expect(server.outbox).toEqual([])
  })

  it('finishes as often as it is asked, and checks whose session it is', async () => {
    const { signIn, browser } = open()
    const done = await signIn.create(credentials(withoutMfa))
    const session = await signIn.finish(done)
    expect(await signIn.finish(done)).toMatchObject({ id: session.id })
    // Another person signs in, in another tab of the same browser.
    const other = betterAuthAdapter(browser.client)
    const attempt = await other.signIn.create(credentials(withTotp))
    expect(await refused(signIn.finish(done))).toMatchObject({ code: 'session_lost' })
    await other.signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(await refused(signIn.finish(done))).toMatchObject({ code: 'session_mismatch' })
  })

  it('does not take the person of another tab for its own', async () => {
    const { signIn, browser } = open()
    const mine = await signIn.create(credentials(withEmailCode))
    const other = betterAuthAdapter(browser.client)
    await other.signIn.create(credentials(withTotp))
    expect(await refused(signIn.reload(mine))).toMatchObject({ code: 'attempt_lost' })
    const { signIn: again } = open()
    const theirs = await again.create(credentials(withEmailCode))
    expect(theirs.status).toBe('needs_second_factor')
  })

  it('says so when the code that passed was of another tab’s person', async () => {
    const { signIn, browser } = open()
    const mine = await signIn.create(credentials(withEmailCode))
    await signIn.prepareSecondFactor(mine, { factorId: 'email_code' })
    const other = betterAuthAdapter(browser.client)
    const theirs = await other.signIn.create(credentials(withTotp))
    await other.signIn.prepareSecondFactor(theirs, { factorId: 'email_code' })
    const error = await refused(signIn.attemptSecondFactor(mine, { factorId: 'email_code', code: newestCode() }))
    expect(error).toMatchObject({ code: 'session_mismatch' })
  })
})

describe('giving up', () => {
  it('ends the challenge, so that it does not come back after a reload', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    await signIn.cancel(attempt)
    expect(browser.cookies.has('better-auth.two_factor')).toBe(false)
    expect(await refused(signIn.reload(attempt))).toMatchObject({ code: 'attempt_lost' })
    expect(await betterAuthAdapter(browser.client).signIn.resume({})).toEqual({ attempt: null })
  })

  it('signs out what the attempt has signed in', async () => {
    const { signIn, session } = open()
    const attempt = await signIn.create(credentials(withoutMfa))
    expect(await session.get()).not.toBeNull()
    await signIn.cancel(attempt)
    expect(await session.get()).toBeNull()
  })

  it('signs out what a lost answer may have signed in', async () => {
    const { signIn, session, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    browser.faults.next = { path: '/verify-totp', when: 'after' }
    await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    await signIn.cancel(attempt)
    expect(await session.get()).toBeNull()
  })

  it('leaves alone a session that the attempt did not make, or has handed over', async () => {
    const { signIn, session } = open()
    const done = await signIn.create(credentials(withoutMfa))
    await signIn.finish(done)
    await signIn.cancel(done)
    await signIn.cancel(await signIn.create({ identifier: withoutMfa.email }))
    await signIn.cancel({ id: 'made-up' })
    expect(await session.get()).not.toBeNull()
  })
})

describe('HA-05 a lost answer', () => {
  it('to a code that was accepted: a reload finds the session', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    browser.faults.next = { path: '/verify-totp', when: 'after' }
    const error = await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    expect(error).toMatchObject({ code: 'network', outcome: 'unknown' })
    const now = await signIn.reload(attempt)
    expect(now).toMatchObject({ id: attempt.id, status: 'complete', cancelSignsOut: true })
    expect(await signIn.finish(now)).toMatchObject({ user: { label: withTotp.email }, currentLevel: 'aal2' })
    expect(server.requests.get('POST /two-factor/verify-totp')).toBe(1)
  })

  it('to a code that never arrived: a reload finds the challenge as it was', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    browser.faults.next = { path: '/verify-totp', when: 'before' }
    const code = totp(withTotp.totpSecret)
    await refused(signIn.attemptSecondFactor(attempt, { factorId: 'totp', code }))
    expect(await signIn.reload(attempt)).toEqual(attempt)
    expect((await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code })).status).toBe('complete')
  })

  it('to a password: `resume` finds what it made', async () => {
    for (const user of [withoutMfa, withTotp]) {
      const { signIn, browser } = open()
      browser.faults.next = { path: '/sign-in/email', when: 'after' }
      expect(await refused(signIn.create(credentials(user)))).toMatchObject({ code: 'network', outcome: 'unknown' })
      const { attempt } = await signIn.resume({})
      expect(attempt).toMatchObject({ identifier: user.email, status: user === withoutMfa ? 'complete' : 'needs_second_factor' })
    }
  })

  it('to a password that never arrived: `resume` finds nothing, whoever is signed in', async () => {
    const { signIn, browser } = open()
    const failing = async () => {
      browser.faults.next = { path: '/sign-in/email', when: 'before' }
      await refused(signIn.create(credentials(withTotp)))
    }
    await failing()
    expect(await signIn.resume({})).toEqual({ attempt: null })
    await signIn.finish(await signIn.create(credentials(withoutMfa)))
    await failing()
    expect(await signIn.resume({})).toEqual({ attempt: null })
  })

  it('to a password given as a step: a reload finds what it made', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create({ identifier: withTotp.email })
    browser.faults.next = { path: '/sign-in/email', when: 'after' }
    await refused(signIn.attemptFirstFactor(attempt, { factorId: 'password', password: withTotp.password }))
    expect(await signIn.reload(attempt)).toMatchObject({ id: attempt.id, status: 'needs_second_factor' })
  })

  it('whose reload is lost too leaves the attempt as it was', async () => {
    const { signIn, browser } = open()
    const attempt = await signIn.create(credentials(withTotp))
    browser.faults.next = { path: '/latchkey/state', when: 'after' }
    expect(await refused(signIn.reload(attempt))).toMatchObject({ outcome: 'unknown' })
    expect(await signIn.reload(attempt)).toEqual(attempt)
  })

  it('of the list of factors: the names in the sign-in’s own answer do', async () => {
    const { signIn, browser } = open()
    browser.faults.next = { path: '/latchkey/state', when: 'after' }
    const attempt = await signIn.create(credentials(withTotp))
    expect(attempt.supportedSecondFactors?.map(({ id }) => id)).toEqual(['totp', 'email_code', 'backup_code'])
  })
})

describe('after a reload of the page', () => {
  it('HA-14 goes on with the half-done sign-in', async () => {
    const { signIn, browser } = open()
    await signIn.create(credentials(withTotp))
    const { signIn: reloaded } = betterAuthAdapter(browser.client)
    const { attempt } = await reloaded.resume({})
    expect(attempt).toMatchObject({ status: 'needs_second_factor', identifier: null })
    expect(attempt?.supportedSecondFactors?.[1]).toMatchObject({ hint: 't•••@example.com' })
    const done = await reloaded.attemptSecondFactor(attempt ?? expect.unreachable(), {
      factorId: 'totp',
      code: totp(withTotp.totpSecret),
    })
    expect(await reloaded.finish(done)).toMatchObject({ user: { label: withTotp.email }, currentLevel: 'aal2' })
  })

  it('takes nobody who is signed in already for an attempt', async () => {
    const { signIn, browser } = open()
    await signIn.finish(await signIn.create(credentials(withoutMfa)))
    expect(await betterAuthAdapter(browser.client).signIn.resume({})).toEqual({ attempt: null })
  })
})

describe('Better Auth’s own limits', () => {
  it('are told with their wait', async () => {
    const limited = await startBetterAuthServer({ rateLimit: true })
    try {
      const { signIn } = betterAuthAdapter(limited.browser().client)
      const guess = () => refused(signIn.create({ identifier: withoutMfa.email, password: 'not-it-0' }))
      for (let tries = 0; tries < 3; tries++) expect(await guess()).toMatchObject({ code: 'invalid_credentials' })
      const error = await guess()
      expect(error).toMatchObject({ code: 'rate_limited', outcome: 'refused' })
      expect(error.retryInMs).toBeGreaterThan(0)
      expect(error.retryInMs).toBeLessThanOrEqual(10_000)
    } finally {
      await limited.close()
    }
  })
})
