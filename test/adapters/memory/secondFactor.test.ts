// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import {
  day,
  house,
  lastCode,
  locked,
  mail,
  minute,
  optionId,
  otherThan,
  passTotp,
  password,
  plain,
  refusal,
  refused,
  secret,
  signInMail,
  signInTotp,
  totp,
  totpNow,
  withPassword,
  wrongTotp,
} from './house.js'

describe('what is offered', () => {
  it('is the user’s own factors, the first of them primary, backup codes last', async () => {
    const { adapter } = house()
    expect(await withPassword(adapter, totp)).toMatchObject({
      status: 'needs_second_factor',
      supportedSecondFactors: [
        { id: expect.stringMatching(/^totp:/) as string, strategy: 'totp', primary: true },
        { id: 'backup_code:1', strategy: 'backup_code', primary: false },
      ],
      secondFactorVerification: null,
      cancelSignsOut: false,
    })
    expect((await withPassword(adapter, mail)).supportedSecondFactors).toEqual([
      { id: 'email_code:2', strategy: 'email_code', hint: 'm•••@example.com', primary: true },
      { id: 'backup_code:1', strategy: 'backup_code', primary: false },
    ])
    expect(await adapter.session.get()).toBeNull()
  })

  it.each([
    ['a@example.com', 'a•••@example.com'],
    ['ada.lovelace+x@example.com', 'a•••@example.com'],
    ['😀grin@example.com', '😀•••@example.com'],
  ])('masks %s as %s', async (email, hint) => {
    const { adapter } = createMemoryBackend({ users: [{ id: '1', email, password, emailSecondFactor: true }] })
    expect((await withPassword(adapter, { email })).supportedSecondFactors?.[0]?.hint).toBe(hint)
  })

  it('is no e-mailed code after an e-mailed code: one mailbox is one factor', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: mail.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect(passed).toMatchObject({ status: 'complete', supportedSecondFactors: [] })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('is the authenticator app after an e-mailed code', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: totp.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect(passed.supportedSecondFactors?.map(({ strategy }) => strategy)).toEqual(['totp', 'backup_code'])
  })
})

describe('authenticator app', () => {
  it('signs in at aal2', async () => {
    const backend = house()
    const attempt = await passTotp(backend, backend.adapter)
    expect(attempt).toMatchObject({
      status: 'complete',
      secondFactorVerification: { status: 'verified', factorId: optionId(attempt, 'totp') },
    })
    expect(await backend.adapter.signIn.finish(attempt)).toMatchObject({
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      secondFactorAgeMs: 0,
    })
  })

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('%i steps away is good: %s', async (steps, good) => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    const call = adapter.signIn.attemptSecondFactor(attempt, {
      factorId: optionId(attempt, 'totp'),
      code: totpNow(backend, steps),
    })
    if (good) expect(await call).toMatchObject({ status: 'complete' })
    else await refused(call, 'code_incorrect', { attemptsLeft: 4, field: 'code' })
  })

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('takes %j for a wrong code', async (code) => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, totp)
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code }), 'code_incorrect')
  })

  it('OT-28 a code that signed in is refused a second time, in its window and on any browser, and the next one is good', async () => {
    const backend = house()
    const { adapter, clock, connect } = backend
    const used = totpNow(backend)
    await signInTotp(backend, adapter)
    clock.advance(10_000)
    for (const browser of [adapter, connect()]) {
      const attempt = await withPassword(browser, totp)
      const factorId = optionId(attempt, 'totp')
      await refused(browser.signIn.attemptSecondFactor(attempt, { factorId, code: used }), 'already_used', { field: 'code' })
    }
    clock.advance(20_000)
    const attempt = await withPassword(adapter, totp)
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    expect(await adapter.signIn.attemptSecondFactor(attempt, proof)).toMatchObject({ status: 'complete' })
  })

  it('OT-28 codes of steps before the used one are refused too', async () => {
    const backend = house()
    const { adapter } = backend
    const first = await withPassword(adapter, totp)
    await adapter.signIn.attemptSecondFactor(first, { factorId: optionId(first, 'totp'), code: totpNow(backend, 1) })
    const attempt = await withPassword(adapter, totp)
    for (const steps of [-1, 0, 1]) {
      const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend, steps) }
      await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'already_used')
    }
  })

  it('does not count a used code as a failure', async () => {
    const backend = house()
    const { adapter } = backend
    const used = totpNow(backend)
    await signInTotp(backend, adapter)
    const attempt = await withPassword(adapter, totp)
    const factorId = optionId(attempt, 'totp')
    for (let i = 0; i < 12; i += 1)
      await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: used }), 'already_used')
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: wrongTotp(backend) }), 'code_incorrect', {
      attemptsLeft: 4,
    })
  })

  it('has nothing to prepare', async () => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, totp)
    await refused(adapter.signIn.prepareSecondFactor(attempt, { factorId: optionId(attempt, 'totp') }), 'not_supported')
    await refused(adapter.signIn.prepareSecondFactor(attempt, { factorId: 'email_code:2' }), 'factor_not_found')
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), password }), 'not_supported')
  })
})

describe('e-mailed second factor', () => {
  it('is sent on prepare, under its own purpose, and signs in at aal2', async () => {
    const backend = house()
    const session = await signInMail(backend, backend.adapter)
    expect(backend.outbox.messages).toMatchObject([{ to: mail.email, purpose: 'second_factor' }])
    expect(session).toMatchObject({ currentLevel: 'aal2', methods: [{ method: 'password' }, { method: 'email_code' }] })
  })

  it('waits between sends, kills the code before, expires', async () => {
    const backend = house({ codeLength: 10 })
    const { adapter, clock } = backend
    const attempt = await withPassword(adapter, mail)
    const factorId = 'email_code:2'
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '1' }), 'code_expired')
    const prepared = await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    expect(prepared.secondFactorVerification).toMatchObject({
      factorId,
      expiresInMs: 10 * minute,
      resendInMs: 30_000,
      attemptsLeft: 5,
      codeLength: 10,
    })
    const old = lastCode(backend)
    await refused(adapter.signIn.prepareSecondFactor(attempt, { factorId }), 'rate_limited', { retryInMs: 30_000 })
    clock.advance(30_000)
    await adapter.signIn.prepareSecondFactor(attempt, { factorId })
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: old }), 'code_incorrect')
    clock.advance(10 * minute)
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: lastCode(backend) }), 'code_expired')
  })

  it('shows the factor that was touched last', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, mail)
    await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'email_code:2' })
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'no' }), 'code_incorrect')
    expect((await adapter.signIn.reload(attempt)).secondFactorVerification).toEqual({
      status: 'unverified',
      factorId: 'backup_code:1',
      attemptsLeft: 4,
    })
  })
})

describe('backup codes', () => {
  const typings = [
    'abcde-fghjk',
    'ABCDE-FGHJK',
    'abcdefghjk',
    ' abcde fghjk ',
    'aBcDe–fGhJk',
    'abc\u00A0de—fg-hjk',
    'a-b-c-d-e-f-g-h-j-k',
  ]

  it.each(typings)('BC-06 are read however they are typed: %j', async (code) => {
    const { adapter } = house()
    const attempt = await withPassword(adapter, totp)
    expect(await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code })).toMatchObject({
      status: 'complete',
    })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('BC-07 a used code reads like a wrong one, letter for letter', async () => {
    const { adapter } = house()
    const first = await withPassword(adapter, totp)
    await adapter.signIn.attemptSecondFactor(first, { factorId: 'backup_code:1', code: 'abcde-fghjk' })
    const [one, other] = [await withPassword(adapter, totp), await withPassword(adapter, totp)]
    const used = await refusal(adapter.signIn.attemptSecondFactor(one, { factorId: 'backup_code:1', code: 'abcde-fghjk' }))
    const wrong = await refusal(adapter.signIn.attemptSecondFactor(other, { factorId: 'backup_code:1', code: 'wrong-wrong' }))
    expect(used).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 })
    expect({ ...used, message: used.message }).toEqual({ ...wrong, message: wrong.message })
  })

  it('BC-07 the number that is left is told, and with none left they are offered no more', async () => {
    const { adapter } = house()
    for (const [code, remaining] of [
      ['abcde-fghjk', 1],
      ['mnpqr-stuvw', 0],
    ] as const) {
      const attempt = await withPassword(adapter, totp)
      await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code })
      await adapter.signIn.finish(attempt)
      expect(await adapter.mfa?.backupCodes?.status?.()).toEqual({ total: 2, remaining })
    }
    expect((await withPassword(adapter, totp)).supportedSecondFactors).toHaveLength(1)
  })

  it('are no factor by themselves', async () => {
    const { adapter } = createMemoryBackend({ users: [{ ...plain, backupCodes: ['abcde-fghjk'] }] })
    expect(await withPassword(adapter, plain)).toMatchObject({ status: 'complete', supportedSecondFactors: [] })
  })
})

describe('limits', () => {
  it.each(['totp', 'backup_code'])('five wrong codes of %s end the attempt', async (strategy) => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    const proof = { factorId: optionId(attempt, strategy), code: wrongTotp(backend) }
    for (const attemptsLeft of [4, 3, 2, 1])
      await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'code_incorrect', { attemptsLeft })
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'too_many_attempts', { attemptsLeft: 0 })
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
  })

  it('ten failures in a row lock the user, over attempts, factors and browsers', async () => {
    const backend = house()
    const { adapter, connect, clock } = backend
    for (const [browser, strategy] of [
      [adapter, 'totp'],
      [connect(), 'backup_code'],
    ] as const) {
      const attempt = await withPassword(browser, totp)
      const proof = { factorId: optionId(attempt, strategy), code: wrongTotp(backend) }
      const tries = strategy === 'totp' ? 5 : 4
      for (let i = 0; i < tries; i += 1) await refusal(browser.signIn.attemptSecondFactor(attempt, proof))
    }
    const attempt = await withPassword(adapter, totp)
    const factorId = optionId(attempt, 'totp')
    const call = adapter.signIn.attemptSecondFactor(attempt, { factorId, code: wrongTotp(backend) })
    await refused(call, 'locked', { retryInMs: 15 * minute })
    clock.advance(minute)
    const right = { factorId, code: totpNow(backend) }
    await refused(adapter.signIn.attemptSecondFactor(attempt, right), 'locked', { retryInMs: 14 * minute })
    await refused(withPassword(adapter, totp), 'locked', { retryInMs: 14 * minute })
    await refused(adapter.signIn.create({ identifier: totp.email, password: 'wrong' }), 'invalid_credentials')
    expect(backend.users.find(totp.id)).toMatchObject({ lockedForMs: 14 * minute })
    clock.advance(14 * minute)
    expect(await signInTotp(backend, adapter)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('a locked user is sent no codes', async () => {
    const { adapter, outbox } = house({ limits: { failuresToLock: 1 } })
    const attempt = await withPassword(adapter, mail)
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'no' }), 'locked')
    await refused(adapter.signIn.prepareSecondFactor(attempt, { factorId: 'email_code:2' }), 'locked')
    expect(outbox.messages).toEqual([])
  })

  it('a success starts the count again', async () => {
    const backend = house()
    const { adapter, clock } = backend
    for (let round = 0; round < 4; round += 1) {
      const attempt = await withPassword(adapter, totp)
      const factorId = optionId(attempt, 'totp')
      for (let i = 0; i < 4; i += 1) {
        await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: wrongTotp(backend) }), 'code_incorrect')
      }
      await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: totpNow(backend) })
      clock.advance(30_000)
    }
  })

  it('a lock from the seed ends by itself', async () => {
    const backend = house()
    await refused(withPassword(backend.adapter, locked), 'locked')
    backend.clock.advance(15 * minute)
    expect(await withPassword(backend.adapter, locked)).toMatchObject({ status: 'needs_second_factor' })
  })
})

describe('trusted device', () => {
  it('skips the second factor on this browser for this user, at aal1, until the trust ends', async () => {
    const backend = house()
    const { adapter, connect, clock } = backend
    await adapter.signIn.finish(await passTotp(backend, adapter, true))
    await adapter.session.signOut()
    const trusted = await withPassword(adapter, totp)
    expect(trusted).toMatchObject({ status: 'complete', secondFactorVerification: null })
    expect(await adapter.signIn.finish(trusted)).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
    expect(await withPassword(connect({ browser: 'default' }), totp)).toMatchObject({ status: 'complete' })
    expect(await withPassword(connect(), totp)).toMatchObject({ status: 'needs_second_factor' })
    expect(await withPassword(adapter, mail)).toMatchObject({ status: 'needs_second_factor' })
    clock.advance(30 * day)
    expect(await withPassword(adapter, totp)).toMatchObject({ status: 'needs_second_factor' })
  })

  it.each([false, undefined])('is not trusted where trustDevice is %s', async (trustDevice) => {
    const backend = house()
    await passTotp(backend, backend.adapter, trustDevice)
    expect(await withPassword(backend.adapter, totp)).toMatchObject({ status: 'needs_second_factor' })
  })

  it('is not trusted where the backend does not offer it', async () => {
    const backend = house({ trustDevice: false })
    expect(backend.adapter.capabilities.trustDevice).toBe(false)
    await passTotp(backend, backend.adapter, true)
    expect(await withPassword(backend.adapter, totp)).toMatchObject({ status: 'needs_second_factor' })
  })

  it('is forgotten when the factors change', async () => {
    const backend = house()
    const { adapter, clock } = backend
    await adapter.signIn.finish(await passTotp(backend, adapter, true))
    const enrollment = await adapter.mfa?.enroll({ type: 'totp' })
    if (enrollment?.status !== 'pending' || enrollment.type !== 'totp') throw new Error('not pending')
    await adapter.mfa?.verify({ enrollmentId: enrollment.id, code: totpNow(backend, 0, enrollment.secret) })
    clock.advance(30_000)
    expect(enrollment.secret).not.toBe(secret)
    expect(await withPassword(adapter, totp)).toMatchObject({ status: 'needs_second_factor' })
  })
})

it('takes a code of the other letter case where codes have letters, and no other code', async () => {
  const backend = house({ codeType: 'alphanumeric' })
  const { adapter } = backend
  const attempt = await withPassword(adapter, mail)
  await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'email_code:2' })
  const code = lastCode(backend)
  await refused(
    adapter.signIn.attemptSecondFactor(attempt, { factorId: 'email_code:2', code: otherThan(code) }),
    'code_incorrect',
  )
  const lower = { factorId: 'email_code:2', code: code.toLowerCase() }
  expect(await adapter.signIn.attemptSecondFactor(attempt, lower)).toMatchObject({ status: 'complete' })
})
