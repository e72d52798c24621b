// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import {
  house,
  lastCode,
  locked,
  mail,
  minute,
  otherThan,
  password,
  plain,
  refusal,
  refused,
  signInPlain,
  totp,
  withPassword,
} from './house.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('password', () => {
  it('signs in a user without second factors', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, plain)
    expect(attempt).toMatchObject({ status: 'complete', purpose: 'sign_in', supportedSecondFactors: [], cancelSignsOut: true })
    expect(attempt.firstFactorVerification).toEqual({ status: 'verified', factorId: 'password:1' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: plain.id, label: 'Pat' }, currentLevel: 'aal1' })
  })

  it('is asked for after the identifier as well', async () => {
    const { adapter } = house()
    const attempt = await adapter.signIn.create({ identifier: '  PLAIN@example.com ' })
    expect(attempt).toMatchObject({
      status: 'needs_first_factor',
      identifier: '  PLAIN@example.com ',
      supportedSecondFactors: null,
    })
    expect(attempt.firstFactorVerification).toBeNull()
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })
    expect(passed).toMatchObject({ id: attempt.id, status: 'complete' })
  })

  it.each([password.trim(), password.normalize('NFD'), password.toUpperCase(), ''])(
    'is compared letter by letter: %j is wrong',
    async (typed) => {
      const { adapter } = house()
      await refused(adapter.signIn.create({ identifier: plain.email, password: typed }), 'invalid_credentials', {
        field: 'password',
      })
    },
  )

  it('stays wrong however often it was wrong, and right is right after that', async () => {
    const { adapter } = house()
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    for (let i = 0; i < 20; i += 1) {
      await refused(
        adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password: `no ${i}` }),
        'invalid_credentials',
      )
    }
    expect(await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })).toMatchObject({
      status: 'complete',
    })
  })

  it('leaves no attempt behind where it came with the identifier and was wrong', async () => {
    const { adapter } = house()
    await refused(adapter.signIn.create({ identifier: plain.email, password: 'no' }), 'invalid_credentials')
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it.each(['', 'ada', 'ada@', '@example.com', 'a b@example.com', 'a@b@c'])(
    'refuses %j as no e-mail address',
    async (identifier) => {
      await refused(house().adapter.signIn.create({ identifier }), 'identifier_invalid', { field: 'identifier' })
    },
  )

  it('does not support ways to sign in that it does not name', async () => {
    const { adapter } = house()
    await refused(adapter.signIn.create({ strategy: 'oauth_acme', redirectUrl: 'https://app.example' }), 'not_supported')
    await refused(adapter.signIn.create({ strategy: 'reset_password_email_code', identifier: plain.email }), 'not_supported')
  })
})

describe('e-mailed code', () => {
  it('goes to the outbox and signs in', async () => {
    const backend = house()
    const { adapter, outbox } = backend
    const attempt = await adapter.signIn.create({ identifier: 'Plain@Example.com' })
    const prepared = await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(prepared.firstFactorVerification).toEqual({
      status: 'unverified',
      factorId: 'email_code:1',
      expiresInMs: 10 * minute,
      resendInMs: minute / 2,
      attemptsLeft: 5,
      codeLength: 6,
      codeType: 'numeric',
    })
    expect(outbox.messages).toEqual([
      {
        to: plain.email,
        channel: 'email',
        code: expect.stringMatching(/^\d{6}$/) as string,
        purpose: 'first_factor',
        at: backend.clock.now(),
      },
    ])
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect(passed).toMatchObject({
      status: 'complete',
      firstFactorVerification: { status: 'verified', factorId: 'email_code:1' },
    })
    expect((await adapter.signIn.finish(attempt)).methods).toEqual([{ method: 'email_code', ageMs: 0 }])
  })

  it.each([
    [4, 'numeric', /^\d{4}$/],
    [8, 'numeric', /^\d{8}$/],
    [10, 'alphanumeric', /^[2-9A-HJ-NP-Z]{10}$/],
  ] as const)('has the length and type that were asked for: %i %s', async (codeLength, codeType, shape) => {
    const backend = house({ codeLength, codeType })
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    const prepared = await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(prepared.firstFactorVerification).toMatchObject({ codeLength, codeType })
    expect(lastCode(backend)).toMatch(shape)
    const code = lastCode(backend).toLowerCase()
    expect(await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code })).toMatchObject({
      status: 'complete',
    })
  })

  it.each([3, 11, 5.5, Number.NaN])('is never %d characters long', (codeLength) => {
    expect(() => house({ codeLength })).toThrow(RangeError)
  })

  it('differs from send to send', async () => {
    const backend = house({ codeLength: 10, limits: { resendMs: 0 } })
    const attempt = await backend.adapter.signIn.create({ identifier: plain.email })
    for (let i = 0; i < 20; i += 1) await backend.adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(new Set(backend.outbox.messages.map(({ code }) => code)).size).toBe(20)
  })

  it('is not sent again before the wait is over, from a new attempt neither', async () => {
    const { adapter, clock, outbox, connect } = house()
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    clock.advance(10_000)
    await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }), 'rate_limited', { retryInMs: 20_000 })
    const elsewhere = connect()
    const other = await elsewhere.signIn.create({ identifier: 'PLAIN@example.com' })
    await refused(elsewhere.signIn.prepareFirstFactor(other, { factorId: 'email_code:1' }), 'rate_limited', { retryInMs: 20_000 })
    expect((await adapter.signIn.reload(attempt)).firstFactorVerification).toMatchObject({ resendInMs: 20_000 })
    expect(outbox.messages).toHaveLength(1)
    clock.advance(20_000)
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(outbox.messages).toHaveLength(2)
  })

  it('is the newest or nothing: a new send kills the code before and gives new tries', async () => {
    const backend = house({ codeLength: 10 })
    const { adapter, clock } = backend
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const old = lastCode(backend)
    await refused(
      adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: otherThan(old) }),
      'code_incorrect',
      { attemptsLeft: 4 },
    )
    clock.advance(minute)
    const again = await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(again.firstFactorVerification).toMatchObject({ attemptsLeft: 5, expiresInMs: 10 * minute })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: old }), 'code_incorrect', {
      attemptsLeft: 4,
    })
    const code = lastCode(backend)
    expect(await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code })).toMatchObject({
      status: 'complete',
    })
  })

  it('expires, says so, and can be sent again on the same attempt', async () => {
    const backend = house()
    const { adapter, clock } = backend
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    clock.advance(10 * minute - 1)
    expect((await adapter.signIn.reload(attempt)).firstFactorVerification).toMatchObject({
      status: 'unverified',
      expiresInMs: 1,
      resendInMs: 0,
    })
    clock.advance(1)
    const code = lastCode(backend)
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code }), 'code_expired')
    expect((await adapter.signIn.reload(attempt)).firstFactorVerification).toMatchObject({
      status: 'expired',
      expiresInMs: 0,
      attemptsLeft: 5,
    })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const fresh = { factorId: 'email_code:1', code: lastCode(backend) }
    expect(await adapter.signIn.attemptFirstFactor(attempt, fresh)).toMatchObject({ status: 'complete' })
  })

  it('ends the attempt with the fifth wrong try, and the right code comes too late', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const code = otherThan(lastCode(backend))
    for (const attemptsLeft of [4, 3, 2, 1]) {
      await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code }), 'code_incorrect', {
        attemptsLeft,
        field: 'code',
      })
      expect((await adapter.signIn.reload(attempt)).firstFactorVerification).toMatchObject({ attemptsLeft })
    }
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code }), 'too_many_attempts', {
      attemptsLeft: 0,
    })
    await refused(
      adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) }),
      'attempt_lost',
    )
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('works once: a lock after it does not leave it good', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: locked.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const proof = { factorId: 'email_code:1', code: lastCode(backend) }
    await refused(adapter.signIn.attemptFirstFactor(attempt, proof), 'locked', { retryInMs: 15 * minute })
    await refused(adapter.signIn.attemptFirstFactor(attempt, proof), 'code_expired')
  })
})

describe('people who are not there', () => {
  /** Everything that a stranger who types one address can see: answers and refusals, ids taken out. */
  async function seen(adapter: AuthAdapter, identifier: string, advance: (ms: number) => void) {
    const log: unknown[] = []
    const see = async (call: Promise<unknown>) => {
      const answer = await call.catch(({ code, message, ...rest }: Error & { code: string }) => ({ code, message, ...rest }))
      log.push(
        JSON.parse(
          JSON.stringify(answer)
            .replaceAll(/attempt_[2-9A-Z]{26}/g, 'attempt')
            .replaceAll(identifier, 'who'),
        ),
      )
    }
    const { signIn } = adapter
    await see(signIn.create({ identifier, password: 'wrong' }))
    const attempt = await signIn.create({ identifier })
    await see(Promise.resolve(attempt))
    await see(signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password: 'wrong' }))
    await see(signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: 'no' }))
    await see(signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }))
    await see(signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }))
    await see(signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: 'no' }))
    await see(signIn.reload(attempt))
    await see(signIn.attemptSecondFactor(attempt, { factorId: 'totp:1', code: '000000' }))
    await see(signIn.finish(attempt))
    advance(10 * minute)
    await see(signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: 'no' }))
    await see(signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }))
    for (let i = 0; i < 6; i += 1) await see(signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: 'no' }))
    await see(signIn.resume({}))
    await see(adapter.session.get())
    return log
  }

  it.each([plain, totp, mail, locked])(
    'SI-12 an unknown address answers like $email, word for word, at every step',
    async ({ email }) => {
      const [one, other] = [house(), house()]
      const known = await seen(one.adapter, email, one.clock.advance)
      const unknown = await seen(other.adapter, 'nobody@example.com', other.clock.advance)
      expect(unknown).toEqual(known)
      expect(known).toContainEqual(expect.objectContaining({ code: 'invalid_credentials' }))
      expect(known).toContainEqual(expect.objectContaining({ code: 'rate_limited' }))
      expect(known).toContainEqual(expect.objectContaining({ code: 'too_many_attempts' }))
      expect(other.outbox.messages).toEqual([])
      expect(one.outbox.messages).toHaveLength(2)
    },
  )

  it('SI-12 a wrong password of a locked user reads like any wrong password; the lock is told after the right one', async () => {
    const { adapter } = house()
    const wrong = await refusal(adapter.signIn.create({ identifier: locked.email, password: 'wrong' }))
    expect(wrong).toEqual(await refusal(adapter.signIn.create({ identifier: 'nobody@example.com', password: 'wrong' })))
    await refused(withPassword(adapter, locked), 'locked', { retryInMs: 15 * minute })
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('SI-12 guessing the code of an unknown address is wrong even where the guess is right', async () => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => bytes)
    const { adapter } = house()
    const attempt = await adapter.signIn.create({ identifier: 'nobody@example.com' })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const guess = { factorId: 'email_code:1', code: '000000' }
    await refused(adapter.signIn.attemptFirstFactor(attempt, guess), 'code_incorrect', { attemptsLeft: 4 })
  })

  it('offers each address the same two ways, without a hint', async () => {
    const { adapter } = house()
    for (const identifier of [plain.email, totp.email, 'nobody@example.com']) {
      const attempt = await adapter.signIn.create({ identifier })
      expect(attempt.supportedFirstFactors).toEqual([
        { id: 'password:1', strategy: 'password', primary: true },
        { id: 'email_code:1', strategy: 'email_code' },
      ])
    }
  })
})

describe('order', () => {
  it('HA-17 finish refuses before the attempt is complete, and makes no session', async () => {
    const { adapter } = house()
    for (const attempt of [await adapter.signIn.create({ identifier: plain.email }), await withPassword(adapter, totp)]) {
      await refused(adapter.signIn.finish(attempt), 'not_supported', { outcome: 'refused' })
      expect(await adapter.session.get()).toBeNull()
    }
  })

  it('HA-17 a second factor before the first, and a first after it, are refused', async () => {
    const { adapter } = house()
    const fresh = await adapter.signIn.create({ identifier: totp.email })
    await refused(adapter.signIn.attemptSecondFactor(fresh, { factorId: 'backup_code:1', code: 'abcde-fghjk' }), 'not_supported')
    await refused(adapter.signIn.prepareSecondFactor(fresh, { factorId: 'email_code:2' }), 'not_supported')
    const passed = await withPassword(adapter, totp)
    await refused(adapter.signIn.attemptFirstFactor(passed, { factorId: 'password:1', password }), 'not_supported')
    await refused(adapter.signIn.prepareFirstFactor(passed, { factorId: 'email_code:1' }), 'not_supported')
  })

  it('HA-17 reads nothing but the id of an attempt that is handed back', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, totp)
    const forged = { ...attempt, status: 'complete' as const, supportedSecondFactors: [], user: plain.id }
    await refused(adapter.signIn.finish(forged), 'not_supported')
    expect(await adapter.signIn.reload(forged)).toEqual(attempt)
  })

  it('HA-17 a code is refused where none was sent', async () => {
    const { adapter } = house()
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: '123456' }), 'code_expired')
  })

  it('refuses factors that are not offered, proofs of another kind, and preparing what needs none', async () => {
    const { adapter } = house()
    const attempt = await adapter.signIn.create({ identifier: totp.email })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'passkey:1', password }), 'factor_not_found')
    await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'passkey:1' }), 'factor_not_found')
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', code: '1' }), 'not_supported')
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', password }), 'not_supported')
    await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'password:1' }), 'not_supported')
  })
})

describe('attempts', () => {
  it('are lost when unknown, another browser’s, or ten minutes without a success', async () => {
    const { adapter, connect, clock } = house()
    await refused(adapter.signIn.reload({ id: 'attempt_none' }), 'attempt_lost')
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await refused(connect().signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password }), 'attempt_lost')
    clock.advance(10 * minute - 1)
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ expiresInMs: 1 })
    clock.advance(1)
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password }), 'attempt_lost')
  })

  it('live ten minutes more after each success, and past the end of a code', async () => {
    const { adapter, clock } = house()
    const attempt = await adapter.signIn.create({ identifier: totp.email })
    clock.advance(9 * minute)
    expect(await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })).toMatchObject({
      expiresInMs: 20 * minute,
    })
    const other = await adapter.signIn.create({ identifier: totp.email })
    clock.advance(9 * minute)
    expect(await adapter.signIn.attemptFirstFactor(other, { factorId: 'password:1', password })).toMatchObject({
      expiresInMs: 10 * minute,
    })
  })

  it('serve one sign-in: finished, only finish and reload answer, and the same', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, plain)
    const session = await adapter.signIn.finish(attempt)
    expect(await adapter.signIn.finish(attempt)).toEqual(session)
    // Another tab may have finished what this one waits for.
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password }), 'attempt_lost')
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
  })

  it('are resumed by the browser that has them, newest first', async () => {
    const { adapter, connect } = house()
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
    await adapter.signIn.create({ identifier: plain.email })
    const attempt = await withPassword(adapter, totp)
    const reloaded = connect({ browser: 'default' })
    expect(await reloaded.signIn.resume({ url: 'https://app.example/' })).toEqual({ attempt })
    expect(await connect().signIn.resume({})).toEqual({ attempt: null })
  })

  it('go on side by side in two tabs', async () => {
    const { adapter } = house()
    const one = await adapter.signIn.create({ identifier: plain.email })
    const two = await adapter.signIn.create({ identifier: totp.email })
    expect(await adapter.signIn.attemptFirstFactor(one, { factorId: 'password:1', password })).toMatchObject({
      id: one.id,
      status: 'complete',
    })
    expect(await adapter.signIn.reload(two)).toMatchObject({ status: 'needs_first_factor' })
  })

  it('are gone after cancel, and so is the session that they made', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, plain)
    expect(await adapter.session.get()).not.toBeNull()
    await adapter.signIn.cancel(attempt)
    expect(await adapter.session.get()).toBeNull()
    await refused(adapter.signIn.finish(attempt), 'attempt_lost')
    await adapter.signIn.cancel(attempt)
    await adapter.signIn.cancel({ id: 'attempt_none' })
  })

  it('that are finished leave their session to signing out', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, plain)
    const session = await adapter.signIn.finish(attempt)
    await adapter.signIn.cancel(attempt)
    expect(await adapter.session.get()).toEqual(session)
  })

  it('leave a session alone that they did not make', async () => {
    const { adapter } = house()
    const session = await signInPlain(adapter)
    await adapter.signIn.cancel(await adapter.signIn.create({ identifier: totp.email }))
    expect(await adapter.session.get()).toEqual(session)
  })

  it('tell at finish whose session it is by now', async () => {
    const { adapter } = house()
    const mine = await withPassword(adapter, plain)
    const theirs = await withPassword(adapter, plain)
    await refused(adapter.signIn.finish(mine), 'session_mismatch')
    await adapter.session.signOut()
    await refused(adapter.signIn.finish(theirs), 'session_lost')
  })
})
