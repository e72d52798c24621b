// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { ada, asked, everyHouse, firstId, grace, secondId, told } from './everyHouse.js'
import { lastCode, minute, otherThan, password, refused } from './house.js'

const factorId = 'phone_code:1'

describe('a code to a phone as the first factor', () => {
  it.each([ada.phone, '+1 (555) 010-0001', ada.email])('signs in by %s', async (identifier) => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await asked(backend.adapter, identifier, 'phone_code')
    expect(backend.outbox.latest()).toMatchObject({ to: ada.phone, channel: 'sms', purpose: 'first_factor' })
    expect(attempt.firstFactorVerification).toMatchObject({ factorId, codeLength: 6, attemptsLeft: 5, resendInMs: 30_000 })
    const passed = await signIn.attemptFirstFactor(attempt, { factorId, code: lastCode(backend) })
    expect(await signIn.finish(passed)).toMatchObject({ user: { id: ada.id }, currentLevel: 'aal1' })
  })

  it('SI-13: is answered alike for a number that nobody has; only the message is missing', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const known = await asked(backend.adapter, ada.phone, 'phone_code')
    const unknown = await asked(backend.adapter, '+15559999999', 'phone_code')
    expect(told(unknown)).toEqual(told(known))
    expect(backend.outbox.messages).toHaveLength(1)
    for (const attempt of [known, unknown]) {
      await refused(signIn.prepareFirstFactor(attempt, { factorId }), 'rate_limited', { retryInMs: 30_000 })
      for (const attemptsLeft of [4, 3, 2, 1])
        await refused(signIn.attemptFirstFactor(attempt, { factorId, code: 'no' }), 'code_incorrect', { attemptsLeft })
      await refused(signIn.attemptFirstFactor(attempt, { factorId, code: 'no' }), 'too_many_attempts')
      await refused(signIn.reload(attempt), 'attempt_lost')
    }
  })

  it('SI-13: tells nobody that a number and an address are one person', async () => {
    const { adapter } = everyHouse()
    await asked(adapter, ada.email, 'phone_code')
    await expect(asked(adapter, ada.phone, 'phone_code')).resolves.toMatchObject({ status: 'needs_first_factor' })
  })

  it('expires', async () => {
    const backend = everyHouse()
    const attempt = await asked(backend.adapter, ada.phone, 'phone_code')
    backend.clock.advance(10 * minute)
    await refused(backend.adapter.signIn.attemptFirstFactor(attempt, { factorId, code: lastCode(backend) }), 'code_expired')
  })

  it('goes the way that was asked for, where there are several', async () => {
    const backend = everyHouse({ phoneChannels: ['sms', 'whatsapp'] })
    const attempt = await asked(backend.adapter, ada.phone, 'phone_code', { channel: 'whatsapp' })
    expect(attempt.supportedFirstFactors.find(({ id }) => id === factorId)).toMatchObject({ channels: ['sms', 'whatsapp'] })
    expect(backend.outbox.latest()).toMatchObject({ channel: 'whatsapp' })
    const { adapter } = everyHouse()
    const plain = await asked(adapter, ada.phone, 'email_code')
    expect(plain.supportedFirstFactors.find(({ id }) => id === factorId)).not.toHaveProperty('channels')
    await refused(adapter.signIn.prepareFirstFactor(plain, { factorId, channel: 'whatsapp' }), 'not_supported')
  })

  it.each(['555 0100', '+1', 'ada', '+1555x100', ''])('refuses %j as no number in full', async (identifier) => {
    await refused(everyHouse().adapter.signIn.create({ identifier }), 'identifier_invalid', { field: 'identifier' })
  })

  it('is not asked for by number where people sign in by address', async () => {
    const { adapter } = everyHouse({ identifiers: ['email'] })
    expect(adapter.capabilities.identifiers).toEqual(['email'])
    await refused(adapter.signIn.create({ identifier: ada.phone }), 'identifier_invalid')
  })
})

describe('a code to a phone as the second factor', () => {
  it('goes to the number that is one, and shows it masked', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await signIn.create({ identifier: grace.email, password })
    const id = secondId(attempt, 'phone_code')
    expect(attempt.supportedSecondFactors?.[0]).toMatchObject({ id, hint: '+•••02', primary: true })
    await signIn.prepareSecondFactor(attempt, { factorId: id })
    expect(backend.outbox.latest()).toMatchObject({ to: grace.phone, channel: 'sms', purpose: 'second_factor' })
    const code = lastCode(backend)
    await refused(signIn.attemptSecondFactor(attempt, { factorId: id, code: otherThan(code) }), 'code_incorrect')
    expect(await signIn.attemptSecondFactor(attempt, { factorId: id, code })).toMatchObject({ status: 'complete' })
    expect(await signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
    expect(await backend.adapter.mfa?.listFactors()).toMatchObject([
      { strategy: 'phone_code', hint: '+•••02', lastUsedAt: '2026-01-15T12:00:00.000Z' },
      { strategy: 'email_code' },
    ])
  })

  it('does not follow a code to the same phone; the mailbox does, and the other way round', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    for (const [first, second] of [
      ['phone_code', 'email_code'],
      ['email_code', 'phone_code'],
    ] as const) {
      const attempt = await asked(backend.adapter, grace.email, first)
      const passed = await signIn.attemptFirstFactor(attempt, { factorId: firstId(attempt, first), code: lastCode(backend) })
      expect(passed.status).toBe('needs_second_factor')
      expect(passed.supportedSecondFactors?.map(({ strategy }) => strategy)).toContain(second)
      expect(passed.supportedSecondFactors?.map(({ strategy }) => strategy)).not.toContain(first)
    }
  })

  it('locks after ten failures, however many attempts they took', async () => {
    const backend = everyHouse({ limits: { failuresToLock: 2 } })
    const { signIn } = backend.adapter
    const attempt = await signIn.create({ identifier: grace.email, password })
    const id = secondId(attempt, 'phone_code')
    await signIn.prepareSecondFactor(attempt, { factorId: id })
    await refused(signIn.attemptSecondFactor(attempt, { factorId: id, code: 'no' }), 'code_incorrect')
    await refused(signIn.attemptSecondFactor(attempt, { factorId: id, code: 'no' }), 'locked', { retryInMs: 15 * minute })
    await refused(signIn.prepareSecondFactor(attempt, { factorId: id }), 'locked')
  })
})
