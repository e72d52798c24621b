// @vitest-environment node
import { Secret, TOTP, URI } from 'otpauth'
import { describe, expect, it } from 'vitest'
import type { MemoryBackend } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter, MfaApi } from '../../../src/core/adapter.js'
import type { EnrollParams, Enrollment } from '../../../src/core/enrollment.js'
import {
  day,
  house,
  lastCode,
  mail,
  minute,
  optionId,
  password,
  plain,
  refused,
  signInMail,
  signInPlain,
  signInTotp,
  start,
  totp,
  totpNow,
  withPassword,
} from './house.js'

type Pending = Extract<Enrollment, { type: 'totp' }>

function mfaOf(adapter: AuthAdapter): Required<MfaApi> & { backupCodes: Required<NonNullable<MfaApi['backupCodes']>> } {
  return adapter.mfa as ReturnType<typeof mfaOf>
}

async function enroll(adapter: AuthAdapter, params: Partial<EnrollParams> = {}): Promise<Pending> {
  return (await mfaOf(adapter).enroll({ type: 'totp', ...params } as EnrollParams)) as Pending
}

function proof(backend: MemoryBackend, { id, secret }: Pending, steps = 0) {
  return { enrollmentId: id, code: totpNow(backend, steps, secret) }
}

/** Six characters that no app shows, so that no secret makes them right. */
const wrong = { code: '00000O' }

describe('enrolling an authenticator app', () => {
  it('hands out a secret of 160 bits and the URI that holds it', async () => {
    const backend = house({ issuer: 'Acme' })
    const { adapter } = backend
    await signInPlain(adapter)
    const [one, other] = [await enroll(adapter), await enroll(adapter, { issuer: 'Ac me', user: 'pat@acme.example' })]
    expect(one).toMatchObject({ status: 'pending', type: 'totp', expiresInMs: 5 * minute })
    expect(one.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(Secret.fromBase32(one.secret).bytes).toHaveLength(20)
    expect(other.secret).not.toBe(one.secret)
    expect(other.uri).toMatch(/^otpauth:\/\/totp\/Ac%20me:pat%40acme\.example\?/)
    for (const [{ uri, secret }, label, issuer] of [
      [one, plain.email, 'Acme'],
      [other, 'pat@acme.example', 'Ac me'],
    ] as const) {
      const read = URI.parse(uri)
      expect(read).toBeInstanceOf(TOTP)
      expect(read).toMatchObject({ label, issuer, algorithm: 'SHA1', digits: 6, period: 30 })
      expect(read.secret.base32).toBe(secret)
    }
  })

  it('counts for nothing until it is proved', async () => {
    const backend = house()
    const { adapter } = backend
    await signInPlain(adapter)
    const { id } = await enroll(adapter, { friendlyName: 'Phone' })
    expect(await mfaOf(adapter).listFactors()).toEqual([
      {
        id,
        strategy: 'totp',
        status: 'unverified',
        removable: true,
        friendlyName: 'Phone',
        createdAt: new Date(start).toISOString(),
      },
    ])
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(await withPassword(adapter, plain)).toMatchObject({ status: 'complete', supportedSecondFactors: [] })
  })

  it('is proved with a code: the session is at aal2, and ten backup codes come along', async () => {
    const backend = house()
    const { adapter } = backend
    const session = await signInPlain(adapter)
    let told = 0
    adapter.session.subscribe(() => void (told += 1))
    const enrollment = await enroll(adapter)
    const { factor, backupCodes, ...rest } = await mfaOf(adapter).verify(proof(backend, enrollment))
    expect(rest).toEqual({})
    expect(factor).toMatchObject({
      id: enrollment.id,
      strategy: 'totp',
      status: 'verified',
      lastUsedAt: new Date(start).toISOString(),
    })
    expect(new Set(backupCodes)).toHaveLength(10)
    for (const code of backupCodes ?? []) expect(code).toMatch(/^[2-9a-hj-np-z]{5}-[2-9a-hj-np-z]{5}$/)
    expect(await mfaOf(adapter).backupCodes.status()).toEqual({ total: 10, remaining: 10 })
    expect(await adapter.session.get()).toMatchObject({
      id: session.id,
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      secondFactorAgeMs: 0,
    })
    expect(told).toBe(1)
    const attempt = await withPassword(backend.connect(), plain)
    expect(attempt).toMatchObject({
      status: 'needs_second_factor',
      supportedSecondFactors: [{ strategy: 'totp' }, { strategy: 'backup_code' }],
    })
  })

  it('gives backup codes that sign in', async () => {
    const backend = house()
    await signInPlain(backend.adapter)
    const { backupCodes } = await mfaOf(backend.adapter).verify(proof(backend, await enroll(backend.adapter)))
    const browser = backend.connect()
    const attempt = await withPassword(browser, plain)
    const given = { factorId: 'backup_code:1', code: backupCodes?.[9] ?? '' }
    expect(await browser.signIn.attemptSecondFactor(attempt, given)).toMatchObject({ status: 'complete' })
  })

  it('OT-28 the code that proved it cannot be used in a step-up or a sign-in right after', async () => {
    const backend = house()
    const { adapter, clock } = backend
    await signInPlain(adapter)
    const enrollment = await enroll(adapter)
    const { code } = proof(backend, enrollment)
    await mfaOf(adapter).verify({ enrollmentId: enrollment.id, code })
    const signIn = await withPassword(adapter, plain)
    await refused(adapter.signIn.attemptSecondFactor(signIn, { factorId: optionId(signIn, 'totp'), code }), 'already_used')
    const stepUp = await adapter.stepUp?.create({ level: 'second_factor' })
    if (!stepUp) throw new Error('no step-up')
    await refused(adapter.signIn.attemptSecondFactor(stepUp, { factorId: optionId(stepUp, 'totp'), code }), 'already_used')
    clock.advance(30_000)
    const next = { factorId: optionId(stepUp, 'totp'), code: totpNow(backend, 0, enrollment.secret) }
    expect(await adapter.signIn.attemptSecondFactor(stepUp, next)).toMatchObject({ status: 'complete' })
  })

  it('can be proved again with the same id, without codes: they are shown once', async () => {
    const backend = house()
    const { adapter, clock } = backend
    await signInPlain(adapter)
    const enrollment = await enroll(adapter)
    const given = proof(backend, enrollment)
    const first = await mfaOf(adapter).verify(given)
    clock.advance(day)
    expect(await mfaOf(adapter).verify(given)).toEqual({ factor: first.factor })
    expect(await mfaOf(adapter).backupCodes.status()).toEqual({ total: 10, remaining: 10 })
  })

  it('takes five codes, then is gone', async () => {
    const backend = house()
    const { adapter } = backend
    await signInPlain(adapter)
    const enrollment = await enroll(adapter)
    const { id: enrollmentId } = enrollment
    for (const attemptsLeft of [4, 3, 2, 1]) {
      await refused(mfaOf(adapter).verify({ enrollmentId, ...wrong }), 'code_incorrect', { attemptsLeft, field: 'code' })
    }
    await refused(mfaOf(adapter).verify({ enrollmentId, ...wrong }), 'too_many_attempts')
    await refused(mfaOf(adapter).verify(proof(backend, enrollment)), 'factor_not_found')
    expect(await mfaOf(adapter).listFactors()).toEqual([])
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal1' })
  })

  it('expires after five minutes', async () => {
    const backend = house()
    const { adapter, clock } = backend
    await signInPlain(adapter)
    const enrollment = await enroll(adapter)
    clock.advance(5 * minute)
    await refused(mfaOf(adapter).verify(proof(backend, enrollment)), 'factor_not_found')
    expect(await mfaOf(adapter).listFactors()).toEqual([])
  })

  it('is the user’s and the browser’s who began it', async () => {
    const backend = house()
    const [mine, theirs] = [backend.adapter, backend.connect()]
    await signInPlain(mine)
    const enrollment = await enroll(mine)
    await signInPlain(theirs)
    await refused(mfaOf(theirs).verify(proof(backend, enrollment)), 'factor_not_found')
    await mfaOf(theirs).abandon({ enrollmentId: enrollment.id })
    await signInMail(backend, mine)
    await refused(mfaOf(mine).verify(proof(backend, enrollment)), 'factor_not_found')
    await mine.session.signOut()
    await refused(mfaOf(mine).verify(proof(backend, enrollment)), 'session_lost')
    await signInPlain(mine)
    expect(await mfaOf(mine).verify(proof(backend, enrollment))).toMatchObject({ factor: { status: 'verified' } })
  })

  it('cannot be finished past a factor that came in between', async () => {
    const backend = house()
    const [early, late] = [backend.adapter, backend.connect()]
    await signInPlain(early)
    await signInPlain(late)
    const stale = await enroll(early)
    await mfaOf(late).verify(proof(backend, await enroll(late)))
    await refused(mfaOf(early).verify(proof(backend, stale)), 'step_up_required', { stepUp: { level: 'second_factor' } })
    expect(await early.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' })
  })

  it('gives no new backup codes with the second app', async () => {
    const backend = house()
    const { adapter } = backend
    await signInTotp(backend, adapter)
    const { factor, backupCodes } = await mfaOf(adapter).verify(proof(backend, await enroll(adapter, { friendlyName: 'Tablet' })))
    expect(factor).toMatchObject({ friendlyName: 'Tablet' })
    expect(backupCodes).toBeUndefined()
    const { supportedSecondFactors } = await withPassword(backend.connect(), totp)
    expect(supportedSecondFactors).toMatchObject([
      { strategy: 'totp' },
      { strategy: 'totp', label: 'Tablet' },
      { strategy: 'backup_code' },
    ])
    expect(new Set(supportedSecondFactors?.map(({ id }) => id)).size).toBe(3)
  })

  it('is abandoned without a trace; a proved factor is not touched by that', async () => {
    const backend = house()
    const { adapter } = backend
    await signInPlain(adapter)
    const leftover = await enroll(adapter)
    await mfaOf(adapter).abandon({ enrollmentId: leftover.id })
    expect(await mfaOf(adapter).listFactors()).toEqual([])
    const { factor } = await mfaOf(adapter).verify(proof(backend, await enroll(adapter)))
    await mfaOf(adapter).abandon({ enrollmentId: factor.id })
    await mfaOf(adapter).abandon({ enrollmentId: 'factor_none' })
    expect(await mfaOf(adapter).listFactors()).toEqual([factor])
  })

  it('needs a session, TOTP and a code, and sends nothing', async () => {
    const { adapter } = house()
    await refused(enroll(adapter), 'session_lost')
    await signInPlain(adapter)
    for (const type of ['phone', 'email', 'webauthn'] as const) await refused(enroll(adapter, { type }), 'not_supported')
    const { id: enrollmentId } = await enroll(adapter)
    await refused(mfaOf(adapter).challenge({ enrollmentId }), 'not_supported')
    await refused(mfaOf(adapter).verify({ enrollmentId, password }), 'not_supported')
  })
})

describe('enrolment inside a sign-in', () => {
  const asked = async (backend: MemoryBackend, adapter = backend.adapter) => {
    const attempt = await withPassword(adapter, plain)
    expect(attempt).toMatchObject({
      status: 'needs_enrollment',
      enroll: ['totp'],
      supportedSecondFactors: [],
      cancelSignsOut: false,
    })
    return attempt
  }

  it('is asked for where MFA is required and the user has none, and ends in a session at aal2', async () => {
    const backend = house({ requireMfa: true })
    const { adapter } = backend
    const attempt = await asked(backend)
    await refused(adapter.signIn.finish(attempt), 'not_supported')
    expect(await adapter.session.get()).toBeNull()
    const enrollment = await enroll(adapter, { attempt })
    const answer = await mfaOf(adapter).verify(proof(backend, enrollment))
    expect(answer).toMatchObject({ factor: { status: 'verified' }, attempt: { id: attempt.id, status: 'complete' } })
    expect(answer.backupCodes).toHaveLength(10)
    expect(await mfaOf(adapter).verify(proof(backend, enrollment))).toEqual({ factor: answer.factor, attempt: answer.attempt })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({
      currentLevel: 'aal2',
      methods: [{ method: 'password' }, { method: 'totp' }],
    })
    expect(await mfaOf(adapter).verify(proof(backend, enrollment))).toMatchObject({ attempt: { status: 'complete' } })
  })

  it('is not asked of those who have a factor', async () => {
    const backend = house({ requireMfa: true })
    expect(await withPassword(backend.adapter, totp)).toMatchObject({ status: 'needs_second_factor' })
    expect(await withPassword(backend.adapter, mail)).toMatchObject({ status: 'needs_second_factor' })
  })

  it('is asked of one who came by e-mailed code and has only e-mailed codes', async () => {
    const backend = house({ requireMfa: true })
    const { adapter } = backend
    const attempt = await adapter.signIn.create({ identifier: mail.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect(passed).toMatchObject({ status: 'needs_enrollment' })
  })

  it('HA-17 is refused to an attempt that does not ask for it', async () => {
    const backend = house({ requireMfa: true })
    const { adapter } = backend
    await refused(enroll(adapter, { attempt: await withPassword(adapter, totp) }), 'not_supported')
    await refused(enroll(adapter, { attempt: await adapter.signIn.create({ identifier: plain.email }) }), 'not_supported')
    await refused(enroll(adapter, { attempt: { id: 'attempt_none' } }), 'attempt_lost')
    await refused(enroll(backend.connect(), { attempt: await asked(backend) }), 'attempt_lost')
  })

  it('is lost with its attempt', async () => {
    const backend = house({ requireMfa: true, limits: { enrollmentMs: day } })
    const { adapter, clock } = backend
    const attempt = await asked(backend)
    const enrollment = await enroll(adapter, { attempt })
    clock.advance(10 * minute)
    await refused(mfaOf(adapter).verify(proof(backend, enrollment)), 'attempt_lost')
  })

  it('HA-17 cannot pass by a factor that the user has enrolled elsewhere since', async () => {
    const backend = house({ requireMfa: true })
    const [thief, owner] = [backend.adapter, backend.connect()]
    const stolen = await asked(backend, thief)
    const theirs = await enroll(thief, { attempt: stolen })
    const attempt = await asked(backend, owner)
    await mfaOf(owner).verify(proof(backend, await enroll(owner, { attempt })))
    await refused(mfaOf(thief).verify(proof(backend, theirs)), 'attempt_lost')
    await refused(enroll(thief, { attempt: stolen }), 'attempt_lost')
    await refused(thief.signIn.finish(stolen), 'not_supported')
    expect(await thief.session.get()).toBeNull()
  })
})

describe('managing factors', () => {
  it('lists them without secrets', async () => {
    const backend = house()
    await signInTotp(backend, backend.adapter)
    const factors = await mfaOf(backend.adapter).listFactors()
    expect(factors).toMatchObject([
      { strategy: 'totp', status: 'verified', removable: true, lastUsedAt: new Date(start).toISOString() },
    ])
    expect(JSON.stringify(factors)).not.toContain(totp.totp.secret)
    const other = backend.connect()
    await signInMail(backend, other)
    expect(await mfaOf(other).listFactors()).toEqual([
      { id: 'factor_email', strategy: 'email_code', status: 'verified', removable: true, hint: 'm•••@example.com' },
    ])
  })

  it('needs the second factor first, where there is one', async () => {
    const backend = house()
    const { adapter } = backend
    const attempt = await withPassword(adapter, totp)
    const given = { factorId: optionId(attempt, 'totp'), code: totpNow(backend), trustDevice: true }
    await adapter.signIn.attemptSecondFactor(attempt, given)
    await adapter.signIn.finish(await withPassword(adapter, totp))
    const [{ id: factorId } = { id: '' }] = await mfaOf(adapter).listFactors()
    const stepUp = { stepUp: { level: 'second_factor' as const } }
    await refused(enroll(adapter), 'step_up_required', stepUp)
    await refused(mfaOf(adapter).unenroll({ factorId }), 'step_up_required', stepUp)
    await refused(mfaOf(adapter).backupCodes.generate({}), 'step_up_required', stepUp)
  })

  it('removes the last factor with everything that stood on it', async () => {
    const backend = house()
    const { adapter, connect } = backend
    await signInTotp(backend, adapter)
    const other = connect()
    backend.clock.advance(30_000)
    await signInTotp(backend, other)
    const [{ id: factorId } = { id: '' }] = await mfaOf(adapter).listFactors()
    await mfaOf(adapter).unenroll({ factorId })
    expect(await mfaOf(adapter).listFactors()).toEqual([])
    expect(await mfaOf(adapter).backupCodes.status()).toEqual({ total: 0, remaining: 0 })
    for (const browser of [adapter, other]) {
      expect(await browser.session.get()).toMatchObject({
        currentLevel: 'aal1',
        nextLevel: 'aal1',
        methods: [{ method: 'password' }],
      })
    }
    expect(await withPassword(connect(), totp)).toMatchObject({ status: 'complete' })
    await refused(mfaOf(adapter).unenroll({ factorId }), 'factor_not_found')
  })

  it('removes the e-mailed second factor', async () => {
    const backend = house()
    const { adapter } = backend
    await signInMail(backend, adapter)
    await mfaOf(adapter).unenroll({ factorId: 'factor_email' })
    expect(await withPassword(adapter, mail)).toMatchObject({ status: 'complete' })
  })

  it('renames one, and gives no name twice', async () => {
    const backend = house()
    const { adapter } = backend
    await signInTotp(backend, adapter)
    const [{ id: factorId } = { id: '' }] = await mfaOf(adapter).listFactors()
    expect(await mfaOf(adapter).rename({ factorId, friendlyName: 'Phone' })).toMatchObject({
      id: factorId,
      friendlyName: 'Phone',
    })
    expect(await mfaOf(adapter).rename({ factorId, friendlyName: 'Phone' })).toMatchObject({ friendlyName: 'Phone' })
    await refused(enroll(adapter, { friendlyName: 'Phone' }), 'factor_name_taken', { field: 'friendlyName' })
    const { id } = await enroll(adapter, { friendlyName: 'Tablet' })
    await refused(mfaOf(adapter).rename({ factorId: id, friendlyName: 'Phone' }), 'factor_name_taken', { field: 'friendlyName' })
    await refused(mfaOf(adapter).rename({ factorId: 'factor_none', friendlyName: 'X' }), 'factor_not_found')
  })

  it('generates backup codes that put an end to the old ones', async () => {
    const backend = house()
    const { adapter } = backend
    await signInTotp(backend, adapter)
    const codes = await mfaOf(adapter).backupCodes.generate({})
    expect(codes).toHaveLength(10)
    const attempt = await withPassword(adapter, totp)
    const factorId = 'backup_code:1'
    await refused(adapter.signIn.attemptSecondFactor(attempt, { factorId, code: totp.backupCodes[1] ?? '' }), 'code_incorrect')
    expect(await adapter.signIn.attemptSecondFactor(attempt, { factorId, code: codes[0] ?? '' })).toMatchObject({
      status: 'complete',
    })
    await adapter.signIn.finish(attempt)
    expect(await mfaOf(adapter).backupCodes.status()).toEqual({ total: 10, remaining: 9 })
  })

  it('generates none where they would stand in for nothing', async () => {
    const { adapter } = house()
    await signInPlain(adapter)
    await enroll(adapter)
    await refused(mfaOf(adapter).backupCodes.generate({}), 'factor_not_found')
  })

  it('wants the password for each change, where that is asked for', async () => {
    const backend = house({ managePassword: true })
    const { adapter } = backend
    expect(adapter.capabilities.managePassword).toBe(true)
    await signInTotp(backend, adapter)
    const [{ id: factorId } = { id: '' }] = await mfaOf(adapter).listFactors()
    for (const given of [{}, { password: 'wrong' }]) {
      await refused(enroll(adapter, given), 'invalid_credentials', { field: 'password' })
      await refused(mfaOf(adapter).backupCodes.generate(given), 'invalid_credentials', { field: 'password' })
      await refused(mfaOf(adapter).unenroll({ factorId, ...given }), 'invalid_credentials', { field: 'password' })
    }
    expect(await enroll(adapter, { password })).toMatchObject({ status: 'pending' })
    expect(await mfaOf(adapter).backupCodes.generate({ password })).toHaveLength(10)
    await mfaOf(adapter).unenroll({ factorId, password })
  })
})
