// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBackend, memoryAdapter } from '../../../src/adapters/memory/index.js'
import { AuthError } from '../../../src/core/AuthError.js'
import {
  house,
  minute,
  optionId,
  password,
  plain,
  refused,
  signInMail,
  signInPlain,
  start,
  totp,
  totpNow,
  withPassword,
  wrongTotp,
} from './house.js'

afterEach(() => {
  vi.useRealTimers()
})

describe('backends', () => {
  it('share nothing', async () => {
    const [one, other] = [house(), house()]
    await signInPlain(one.adapter)
    one.users.add({ id: 'new', email: 'new@example.com', password })
    one.clock.advance(minute)
    expect(await other.adapter.session.get()).toBeNull()
    expect(other.users.find('new')).toBeUndefined()
    expect(other.clock.now()).toBe(start)
  })

  it('say what they can', () => {
    expect(memoryAdapter()).toMatchObject({
      name: 'memory',
      capabilities: {
        firstFactors: [{ strategy: 'password' }, { strategy: 'email_code' }],
        secondFactors: ['totp', 'email_code', 'backup_code'],
        enroll: [{ type: 'totp', many: true }],
        managePassword: false,
        survivesReload: 'browser',
        trustDevice: true,
      },
    })
    expect(memoryAdapter().signIn).not.toHaveProperty('resetPassword')
  })

  it('take an option given as undefined for one that is not given', () => {
    const { capabilities } = memoryAdapter({ trustDevice: undefined, codeLength: undefined, limits: { codeMs: undefined } })
    expect(capabilities.trustDevice).toBe(true)
  })
})

describe('clock', () => {
  it('follows the machine’s and can be moved ahead of it', () => {
    vi.useFakeTimers({ now: 1_000 })
    const { clock } = createMemoryBackend()
    expect(clock.now()).toBe(1_000)
    clock.advance(500)
    vi.setSystemTime(2_000)
    expect(clock.now()).toBe(2_500)
  })

  it('stands still where it is manual', () => {
    vi.useFakeTimers()
    const { clock } = createMemoryBackend({ manualTime: 0 })
    vi.advanceTimersByTime(10_000)
    expect(clock.now()).toBe(0)
    clock.advance(1)
    expect(clock.now()).toBe(1)
  })
})

describe('users', () => {
  it('are added, found by id and address, and shown without password', () => {
    const { users } = house()
    users.add({ id: 'new', email: 'New@example.com', password: 'sentinel', phone: '+15550100', label: 'Nia' })
    expect(users.find('new')).toEqual(users.find(' new@EXAMPLE.com'))
    expect(users.find('new')).toEqual(users.find('+1 (555) 0100'))
    expect(users.find('new')).toEqual({
      id: 'new',
      email: 'New@example.com',
      label: 'Nia',
      phone: '+15550100',
      totpSecrets: [],
      backupCodesLeft: 0,
      lockedForMs: 0,
    })
    expect(users.find(totp.email)).toMatchObject({ totpSecrets: [totp.totp.secret], backupCodesLeft: 2 })
    expect(users.find('nobody')).toBeUndefined()
    expect(JSON.stringify(users.find('new'))).not.toContain('sentinel')
  })

  it('are added once', () => {
    const { users } = house()
    expect(() => users.add({ ...plain, email: 'other@example.com' })).toThrow(/already/)
    expect(() => users.add({ ...plain, id: 'other', email: plain.email.toUpperCase() })).toThrow(/already/)
    expect(() => createMemoryBackend({ users: [plain, plain] })).toThrow(/already/)
    const phone = '+15550100'
    expect(() =>
      createMemoryBackend({
        users: [
          { ...plain, phone },
          { ...totp, phone: '+1 555-0100' },
        ],
      }),
    ).toThrow(/already/)
  })

  it('have an authenticator app that shows the code of now or later', () => {
    const backend = house()
    expect(backend.users.totpCode(totp.id)).toBe(totpNow(backend))
    expect(backend.users.totpCode(totp.email, 30_000)).toBe(totpNow(backend, 1))
    expect(() => backend.users.totpCode(plain.id)).toThrow(/no authenticator/)
  })
})

describe('outbox', () => {
  it('tells of each message, and is a new list each time', async () => {
    const { adapter, outbox } = house()
    let told = 0
    const stop = outbox.subscribe(() => void (told += 1))
    const before = outbox.messages
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(told).toBe(1)
    expect(before).toEqual([])
    expect(outbox.messages).toBe(outbox.messages)
    expect(outbox.latest()).toBe(outbox.messages[0])
    expect(outbox.latest(plain.email)).toBe(outbox.messages[0])
    expect(outbox.latest(totp.email)).toBeUndefined()
    outbox.clear()
    expect([outbox.messages, told]).toEqual([[], 2])
    stop()
    outbox.clear()
    expect(told).toBe(2)
  })
})

describe('calls', () => {
  it('are logged with verb, factor, browser and time, refused ones too', async () => {
    const { adapter, connect, calls, clock } = house()
    const attempt = await withPassword(adapter, totp)
    clock.advance(1)
    const factorId = optionId(attempt, 'totp')
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: '0' }), 'code_incorrect')
    await connect({ browser: 'phone' }).session.get()
    await adapter.mfa?.abandon?.({ enrollmentId: 'factor_x' })
    expect(calls).toEqual([
      { verb: 'signIn.create', browser: 'default', at: start },
      { verb: 'signIn.attemptSecondFactor', factorId, browser: 'default', at: start + 1 },
      { verb: 'session.get', browser: 'phone', at: start + 1 },
      { verb: 'mfa.abandon', factorId: 'factor_x', browser: 'default', at: start + 1 },
    ])
  })

  it('HA-10 hold no password, code or secret, and no refusal does', async () => {
    const backend = house({ managePassword: true })
    const { adapter, calls, outbox } = backend
    const refusals: unknown[] = []
    const see = (call: Promise<unknown> | undefined) =>
      call?.catch((error: unknown) =>
        refusals.push({ ...(error as AuthError), text: String(error), stack: (error as AuthError).stack }),
      )
    await see(adapter.signIn.create({ identifier: plain.email, password: 'wrong-sentinel' }))
    await signInMail(backend, adapter)
    const enrollment = await adapter.mfa?.enroll({ type: 'totp', password })
    if (enrollment?.status !== 'pending' || enrollment.type !== 'totp') throw new Error('not pending')
    await see(adapter.mfa?.verify({ enrollmentId: enrollment.id, code: 'wrong-sentinel' }))
    await see(adapter.mfa?.unenroll({ factorId: 'factor_none', password: 'wrong-sentinel' }))
    const attempt = await withPassword(adapter, totp)
    await see(adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'wrong-sentinel' }))
    await see(adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code: wrongTotp(backend) }))
    expect(refusals).toHaveLength(5)
    const text = JSON.stringify([calls, refusals])
    const secrets = [password, 'wrong-sentinel', enrollment.secret, outbox.latest()?.code ?? '', wrongTotp(backend), plain.email]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})

describe('latency', () => {
  it('holds a call back, and can be changed', async () => {
    vi.useFakeTimers()
    const backend = house({ latencyMs: 300 })
    let done = false
    const call = backend.adapter.session.get().then(() => (done = true))
    await vi.advanceTimersByTimeAsync(299)
    expect(done).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toBe(true)
    await call
    expect(backend.latencyMs).toBe(300)
    backend.latencyMs = 0
    expect(await backend.adapter.session.get()).toBeNull()
  })

  it('commits when the call arrives, not when it leaves', async () => {
    vi.useFakeTimers()
    const { adapter, clock } = house({ latencyMs: 300 })
    const call = adapter.signIn.create({ identifier: plain.email })
    clock.advance(1_000)
    await vi.advanceTimersByTimeAsync(300)
    expect(await call).toMatchObject({ expiresInMs: 10 * minute })
  })

  it('can be endless', async () => {
    vi.useFakeTimers()
    const { adapter } = house({ latencyMs: Number.POSITIVE_INFINITY })
    let settled = false
    void adapter.session.get().finally(() => (settled = true))
    await vi.advanceTimersByTimeAsync(24 * 60 * minute)
    expect(settled).toBe(false)
  })
})

describe('abort', () => {
  it.each([0, 300, Number.POSITIVE_INFINITY])(
    'on the way (%d ms) rejects as cancelled, and nothing has happened',
    async (latencyMs) => {
      const backend = house()
      const { adapter } = backend
      const attempt = await adapter.signIn.create({ identifier: plain.email })
      backend.latencyMs = latencyMs
      const controller = new AbortController()
      const call = adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password }, { signal: controller.signal })
      controller.abort()
      await refused(call, 'cancelled', { outcome: 'refused' })
      backend.latencyMs = 0
      expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
      expect(await adapter.session.get()).toBeNull()
    },
  )

  it('before the call is made rejects it too, and reads are no exception', async () => {
    const { adapter } = house({ latencyMs: 300 })
    await refused(adapter.session.get({ signal: AbortSignal.abort() }), 'cancelled')
    await refused(adapter.signIn.resume({}, { signal: AbortSignal.abort() }), 'cancelled')
  })

  it('after the answer changes nothing', async () => {
    const { adapter } = house()
    const controller = new AbortController()
    await adapter.signIn.create({ identifier: plain.email, password }, { signal: controller.signal })
    controller.abort()
    expect(await adapter.session.get()).toMatchObject({ user: { id: plain.id } })
  })
})

describe('failNext', () => {
  it('refuses the next call of the verb and no other, and nothing has happened', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    backend.failNext('signIn.prepareFirstFactor', 'send_failed')
    await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' }), 'send_failed', { outcome: 'refused' })
    expect(backend.outbox.messages).toEqual([])
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    expect(backend.outbox.messages).toHaveLength(1)
  })

  it.each(['network', 'unavailable', 'unknown'] as const)('leaves the outcome of %s unknown', async (code) => {
    const backend = house()
    backend.failNext('session.get', code)
    await refused(backend.adapter.session.get(), code, { outcome: 'unknown' })
  })

  it('can lose the answer of a call that was committed', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    backend.failNext('signIn.attemptSecondFactor', 'network', { afterCommit: true })
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'network', { outcome: 'unknown' })
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('can lose a refusal, which has counted all the same', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    const proof = { factorId: optionId(attempt, 'totp'), code: wrongTotp(backend) }
    backend.failNext('signIn.attemptSecondFactor', 'network', { afterCommit: true })
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'network')
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'code_incorrect', { attemptsLeft: 3 })
  })

  it('waits in line, and takes a whole error', async () => {
    const backend = house()
    backend.failNext('session.get', new AuthError('rate_limited', undefined, { retryInMs: 5_000 }))
    backend.failNext('session.get', 'unavailable')
    await refused(backend.adapter.session.get(), 'rate_limited', { retryInMs: 5_000 })
    await refused(backend.adapter.session.get(), 'unavailable')
    expect(await backend.adapter.session.get()).toBeNull()
  })
})
