// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { MemoryBackend } from '../../../src/adapters/memory/index.js'
import type { SignInAttempt } from '../../../src/core/attempt.js'
import { ada, alan, everyHouse, grace, told } from './everyHouse.js'
import { lastCode, locked, minute, otherThan, password, refused, totpNow } from './house.js'

type Strategy = 'reset_password_email_code' | 'reset_password_phone_code'
const byEmail = 'reset_password_email_code'
const fresh = 'a brand new passphrase'

async function begun({ adapter: { signIn } }: MemoryBackend, identifier: string, strategy: Strategy = byEmail) {
  const attempt = await signIn.create({ strategy, identifier })
  return signIn.prepareFirstFactor(attempt, { factorId: `${strategy}:1` })
}

/** As far as the new password. */
async function proved(backend: MemoryBackend, identifier: string, strategy: Strategy = byEmail): Promise<SignInAttempt> {
  const attempt = await begun(backend, identifier, strategy)
  return backend.adapter.signIn.attemptFirstFactor(attempt, { factorId: `${strategy}:1`, code: lastCode(backend) })
}

const set = ({ adapter }: MemoryBackend, attempt: SignInAttempt, given: string, signOutOfOtherSessions?: boolean) =>
  adapter.signIn.resetPassword?.(attempt, { password: given, signOutOfOtherSessions }) ?? Promise.reject(new Error('none'))

describe('a reset', () => {
  it.each([
    [byEmail, ada.email, ada.email],
    ['reset_password_phone_code', ada.phone, ada.phone],
    ['reset_password_phone_code', ada.email, ada.phone],
  ] as const)('by %s of %s sends to %s and ends with the new password', async (strategy, identifier, to) => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const created = await signIn.create({ strategy, identifier })
    expect(created).toMatchObject({ purpose: 'reset_password', status: 'needs_first_factor' })
    expect(created.supportedFirstFactors.map((option) => option.strategy)).toEqual([strategy])
    expect(backend.outbox.messages).toEqual([])
    const attempt = await proved(backend, identifier, strategy)
    expect(backend.outbox.latest()).toMatchObject({ to, purpose: 'reset_password' })
    expect(attempt).toMatchObject({ status: 'needs_new_password', cancelSignsOut: false, supportedSecondFactors: null })
    await refused(signIn.finish(attempt), 'not_supported')
    const done = await set(backend, attempt, fresh)
    expect(done).toMatchObject({ status: 'complete', notice: 'password_changed', purpose: 'reset_password' })
    expect(await signIn.finish(done)).toMatchObject({ user: { id: ada.id }, currentLevel: 'aal1' })
    await refused(signIn.create({ identifier: ada.email, password }), 'invalid_credentials')
    expect(await signIn.create({ identifier: ada.email, password: fresh })).toMatchObject({ status: 'complete' })
  })

  it('goes on to the second factor of whoever has one', async () => {
    const backend = everyHouse()
    const attempt = await set(backend, await proved(backend, alan.email), fresh)
    expect(attempt).toMatchObject({ status: 'needs_second_factor', notice: 'password_changed' })
    expect(await backend.adapter.session.get()).toBeNull()
    const factorId = attempt.supportedSecondFactors?.[0]?.id ?? ''
    const done = await backend.adapter.signIn.attemptSecondFactor(attempt, { factorId, code: totpNow(backend) })
    expect(done).toMatchObject({ status: 'complete', notice: 'password_changed' })
  })

  it('by mail is not followed by a mail as the second factor', async () => {
    const backend = everyHouse()
    const attempt = await set(backend, await proved(backend, grace.email), fresh)
    expect(attempt.supportedSecondFactors?.map(({ strategy }) => strategy)).toEqual(['phone_code'])
  })

  it('signs nobody in where that is asked for: the new password is tried at the start', async () => {
    const backend = everyHouse({ resetSignsIn: false })
    const attempt = await set(backend, await proved(backend, alan.email), fresh)
    expect(attempt).toMatchObject({ status: 'needs_identifier', notice: 'password_changed', supportedSecondFactors: null })
    expect(await backend.adapter.session.get()).toBeNull()
    expect(await backend.adapter.signIn.resume({})).toEqual({ attempt: null })
    expect(await backend.adapter.signIn.create({ identifier: alan.email, password: fresh })).toMatchObject({
      status: 'needs_second_factor',
    })
  })

  it('SI-14: is begun, asked and refused alike for an address that nobody has', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const [known, unknown] = [await begun(backend, ada.email), await begun(backend, 'no@example.com')]
    expect(told(unknown)).toEqual(told(known))
    expect(backend.outbox.messages).toHaveLength(1)
    for (const attempt of [known, unknown]) {
      const proof = { factorId: `${byEmail}:1`, code: otherThan(lastCode(backend)) }
      for (let tries = 0; tries < 4; tries++) await refused(signIn.attemptFirstFactor(attempt, proof), 'code_incorrect')
      await refused(signIn.attemptFirstFactor(attempt, proof), 'too_many_attempts')
    }
  })

  it('takes no code that is too late, and no new password without one', async () => {
    const backend = everyHouse()
    const attempt = await begun(backend, ada.email)
    await refused(set(backend, attempt, fresh), 'not_supported')
    backend.clock.advance(10 * minute)
    const proof = { factorId: `${byEmail}:1`, code: lastCode(backend) }
    await refused(backend.adapter.signIn.attemptFirstFactor(attempt, proof), 'code_expired')
  })

  it('is no way round a lock', async () => {
    const backend = everyHouse({ users: [locked] })
    await refused(proved(backend, locked.email), 'locked')
  })

  it('ends the other sessions when asked to, and only then', async () => {
    for (const others of [false, true]) {
      const backend = everyHouse()
      const laptop = backend.connect()
      await laptop.signIn.finish(await laptop.signIn.create({ identifier: ada.email, password }))
      await set(backend, await proved(backend, ada.email), fresh, others)
      expect(await laptop.session.get()).toEqual(others ? null : expect.objectContaining({ user: { id: ada.id, label: 'Ada' } }))
      expect(await backend.adapter.session.get()).not.toBeNull()
    }
  })
})

describe('a new password', () => {
  it.each([
    ['short', 'password_weak', ['length']],
    ['☂'.repeat(7), 'password_weak', ['length']],
    ['x'.repeat(21), 'password_weak', ['length']],
    ['correct horse', 'password_pwned', ['pwned']],
    [password, 'password_same', undefined],
  ] as const)('like %j is refused as %s, and another may be tried', async (given, code, reasons) => {
    const backend = everyHouse({ newPassword: { minLength: 8, maxLength: 20, blocklist: ['correct horse'] } })
    const attempt = await proved(backend, ada.email)
    await refused(set(backend, attempt, given), code, { field: 'password', ...(reasons && { reasons }) })
    expect(await backend.adapter.signIn.reload(attempt)).toMatchObject({ status: 'needs_new_password' })
    expect(await set(backend, attempt, '☂'.repeat(8))).toMatchObject({ status: 'complete' })
  })

  it('has its rules told', () => {
    expect(everyHouse().adapter.capabilities.newPassword).toMatchObject({ minLength: 8 })
    const { newPassword } = everyHouse({ newPassword: { minLength: 12, maxLength: 64 } }).adapter.capabilities
    expect(newPassword).toEqual({ minLength: 12, maxLength: 64 })
  })
})
