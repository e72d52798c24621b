// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import {
  day,
  house,
  mail,
  minute,
  optionId,
  password,
  plain,
  refused,
  signInMail,
  signInPlain,
  signInTotp,
  totp,
  totpNow,
  withPassword,
} from './house.js'

describe('session', () => {
  it('is read in one piece: level, methods and ages by the backend’s clock', async () => {
    const backend = house()
    const { adapter, clock } = backend
    const attempt = await withPassword(adapter, totp)
    clock.advance(5_000)
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code: totpNow(backend) })
    clock.advance(2_000)
    expect(await adapter.signIn.finish(attempt)).toEqual({
      id: expect.stringMatching(/^session_/) as string,
      user: { id: totp.id, label: totp.email },
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      methods: [
        { method: 'password', ageMs: 7_000 },
        { method: 'totp', ageMs: 2_000 },
      ],
      firstFactorAgeMs: 7_000,
      secondFactorAgeMs: 2_000,
      expiresInMs: 7 * day - 2_000,
    })
    expect(await adapter.session.get({ fresh: true })).toEqual(await adapter.signIn.finish(attempt))
  })

  it('can reach aal1 only, where there is no second factor', async () => {
    const session = await signInPlain(house().adapter)
    expect(session).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(session).not.toHaveProperty('secondFactorAgeMs')
  })

  it('expires', async () => {
    const { adapter, clock } = house()
    await signInPlain(adapter)
    clock.advance(7 * day - 1)
    expect(await adapter.session.get()).toMatchObject({ expiresInMs: 1 })
    clock.advance(1)
    expect(await adapter.session.get()).toBeNull()
    await refused(adapter.mfa?.listFactors() ?? Promise.resolve(), 'session_lost')
  })

  it('is the browser’s: its tabs share it, other browsers have their own', async () => {
    const { adapter, connect } = house()
    const session = await signInPlain(adapter)
    expect(await connect({ browser: 'default' }).session.get()).toEqual(session)
    expect(await connect().session.get()).toBeNull()
    const phone = connect({ browser: 'phone' })
    expect((await signInPlain(phone)).id).not.toBe(session.id)
  })

  it('takes the place of the one before', async () => {
    const backend = house()
    const { adapter } = backend
    await signInPlain(adapter)
    await signInTotp(backend, adapter)
    expect(await adapter.session.get()).toMatchObject({ user: { id: totp.id } })
    await adapter.session.signOut()
    expect(await adapter.session.get()).toBeNull()
  })
})

describe('sign-out', () => {
  it.each([
    ['this', [null, plain.id, mail.id]],
    [undefined, [null, plain.id, mail.id]],
    ['others', [plain.id, null, mail.id]],
    ['all', [null, null, mail.id]],
  ] as const)('of %s leaves %j', async (scope, left) => {
    const backend = house()
    const [here, there, stranger] = [backend.adapter, backend.connect(), backend.connect()]
    await signInPlain(here)
    await signInPlain(there)
    await signInMail(backend, stranger)
    await here.session.signOut(scope && { scope })
    const sessions = await Promise.all([here, there, stranger].map(({ session }) => session.get()))
    expect(sessions.map((session) => session?.user.id ?? null)).toEqual(left)
  })

  it('is done already where nobody is signed in', async () => {
    expect(await house().adapter.session.signOut({ scope: 'all' })).toBeUndefined()
  })
})

describe('subscribe', () => {
  it('tells later, never inside the call, on every connection of the browser and on no other', async () => {
    const { adapter, connect } = house()
    const told: string[] = []
    adapter.session.subscribe(() => told.push('here'))
    connect({ browser: 'default' }).session.subscribe(() => told.push('tab'))
    connect().session.subscribe(() => told.push('stranger'))
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    expect(told).toEqual([])
    await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })
    await Promise.resolve()
    expect(told).toEqual(['here', 'tab'])
    told.length = 0
    await adapter.session.signOut()
    await Promise.resolve()
    expect(told).toEqual(['here', 'tab'])
  })

  it('is not in the stack of what changed the session', async () => {
    const { adapter } = house()
    const stacks: (string | undefined)[] = []
    adapter.session.subscribe(() => stacks.push(new Error().stack))
    await signInPlain(adapter)
    await adapter.session.signOut()
    await Promise.resolve()
    expect(stacks).toHaveLength(2)
    for (const stack of stacks) expect(stack).not.toMatch(/startSession|endSession|signOut/)
  })

  it('can ask in the callback, and is told the new state', async () => {
    const { adapter } = house()
    const seen = new Promise((resolve) => adapter.session.subscribe(() => resolve(adapter.session.get())))
    await withPassword(adapter, plain)
    expect(await seen).toMatchObject({ user: { id: plain.id } })
  })

  it('stops each subscription by itself, of one function given twice too', async () => {
    const { adapter } = house()
    let told = 0
    const listener = () => void (told += 1)
    const stops = [adapter.session.subscribe(listener), adapter.session.subscribe(listener)]
    stops[0]?.()
    await withPassword(adapter, plain)
    await Promise.resolve()
    expect(told).toBe(1)
    stops[1]?.()
    await adapter.session.signOut()
    await Promise.resolve()
    expect(told).toBe(1)
  })
})

describe('step-up', () => {
  const trustedSession = async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend), trustDevice: true }
    await adapter.signIn.attemptSecondFactor(attempt, proof)
    const session = await adapter.signIn.finish(await withPassword(adapter, totp))
    backend.clock.advance(minute)
    if (!adapter.stepUp) throw new Error('no step-up')
    return { backend, adapter, stepUp: adapter.stepUp, session }
  }

  it('needs a session', async () => {
    const { adapter } = house()
    await refused(adapter.stepUp?.create({ level: 'first_factor' }) ?? Promise.resolve(), 'session_lost')
  })

  it('to the second factor raises the same session to aal2, at finish', async () => {
    const { backend, adapter, stepUp, session } = await trustedSession()
    expect(session).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
    const attempt = await stepUp.create({ level: 'second_factor' })
    expect(attempt).toMatchObject({
      purpose: 'step_up',
      status: 'needs_second_factor',
      identifier: totp.email,
      supportedFirstFactors: [],
      cancelSignsOut: false,
    })
    expect(attempt.supportedSecondFactors?.map(({ strategy }) => strategy)).toEqual(['totp', 'backup_code'])
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code: totpNow(backend) })
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal1' })
    let told = 0
    adapter.session.subscribe(() => void (told += 1))
    const raised = await adapter.signIn.finish(attempt)
    expect(raised).toMatchObject({ id: session.id, currentLevel: 'aal2', firstFactorAgeMs: minute, secondFactorAgeMs: 0 })
    expect(await adapter.signIn.finish(attempt)).toEqual(raised)
    await Promise.resolve()
    expect(told).toBe(1)
  })

  it('to the first factor refreshes its age and raises nothing', async () => {
    const { adapter, stepUp } = await trustedSession()
    const attempt = await stepUp.create({ level: 'first_factor' })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', supportedSecondFactors: null })
    expect(attempt.supportedFirstFactors).toMatchObject([
      { strategy: 'password' },
      { strategy: 'email_code', hint: 't•••@example.com' },
    ])
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password: 'no' }), 'invalid_credentials')
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })
    expect(passed).toMatchObject({ status: 'complete', cancelSignsOut: false })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal1', firstFactorAgeMs: 0 })
  })

  it('to both asks for one after the other', async () => {
    const { backend, adapter, stepUp } = await trustedSession()
    const attempt = await stepUp.create({ level: 'multi_factor' })
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })
    expect(passed).toMatchObject({ status: 'needs_second_factor' })
    await refused(adapter.signIn.finish(attempt), 'not_supported')
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(passed, 'totp'), code: totpNow(backend) })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({
      currentLevel: 'aal2',
      firstFactorAgeMs: 0,
      secondFactorAgeMs: 0,
    })
  })

  it('to both leaves the e-mailed code out as a first factor where only an e-mailed code could follow', async () => {
    const backend = house()
    await signInMail(backend, backend.adapter)
    const attempt = await backend.adapter.stepUp?.create({ level: 'multi_factor' })
    expect(attempt?.supportedFirstFactors.map(({ strategy }) => strategy)).toEqual(['password'])
  })

  it.each(['second_factor', 'multi_factor'] as const)('to %s is refused where the user has no second factor', async (level) => {
    const { adapter } = house()
    await signInPlain(adapter)
    await refused(adapter.stepUp?.create({ level }) ?? Promise.resolve(), 'factor_not_found')
  })

  it('OT-28 is not passed with the code that signed in', async () => {
    const backend = house()
    const { adapter } = backend
    await signInTotp(backend, adapter)
    const attempt = await adapter.stepUp?.create({ level: 'second_factor' })
    if (!attempt) throw new Error('no step-up')
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'already_used')
  })

  it('keeps the session when it is cancelled, or fails', async () => {
    const { adapter, stepUp, session } = await trustedSession()
    await adapter.signIn.cancel(await stepUp.create({ level: 'second_factor' }))
    const attempt = await stepUp.create({ level: 'second_factor' })
    for (let i = 0; i < 5; i += 1) {
      await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'no' }).catch(() => undefined)
    }
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
    expect(await adapter.session.get()).toMatchObject({ id: session.id, currentLevel: 'aal1' })
  })

  it('is of no use once its session is over or another’s', async () => {
    const { adapter, stepUp } = await trustedSession()
    const attempt = await stepUp.create({ level: 'second_factor' })
    expect(await adapter.signIn.resume({})).toMatchObject({ attempt: { id: attempt.id } })
    await adapter.session.signOut()
    await refused(adapter.signIn.reload(attempt), 'session_lost')
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
    await signInPlain(adapter)
    await refused(
      adapter.signIn.attemptSecondFactor(attempt, { factorId: 'backup_code:1', code: 'abcde-fghjk' }),
      'session_mismatch',
    )
    await refused(adapter.signIn.finish(attempt), 'not_supported')
  })

  it('is what a refused change of factors asks for', async () => {
    const { adapter, stepUp } = await trustedSession()
    const thrown: unknown = await adapter.mfa?.enroll({ type: 'totp' }).catch((error: unknown) => error)
    expect(stepUp.detect?.(thrown)).toEqual({ level: 'second_factor' })
    for (const other of [undefined, null, new Error('step_up_required'), { code: 'step_up_required' }])
      expect(stepUp.detect?.(other)).toBeNull()
    await expect(createMemoryBackend().adapter.session.get()).resolves.toBeNull()
  })
})
