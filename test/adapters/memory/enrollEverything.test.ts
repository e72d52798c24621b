// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { MemoryOptions } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter, MfaApi } from '../../../src/core/adapter.js'
import type { Enrollment } from '../../../src/core/enrollment.js'
import type { Json } from '../../../src/core/json.js'
import { everyWay, origin, rpId } from '../../support/everyWay.js'
import { softAuthenticator } from '../../support/softAuthenticator.js'
import { ada, alan, asked, everyHouse, secondId, sent } from './everyHouse.js'
import { lastCode, minute, otherThan, refused, withPassword } from './house.js'

const phone = '+1 (555) 020-0003'
const number = '+15550200003'

function mfaOf({ mfa }: AuthAdapter): MfaApi {
  return mfa ?? expect.fail('no mfa')
}

async function signedIn(options?: MemoryOptions) {
  const backend = everyHouse(options)
  const { adapter } = backend
  await adapter.signIn.finish(await withPassword(adapter, ada))
  return { backend, adapter, mfa: mfaOf(adapter) }
}

function keyOf(enrollment: Enrollment): { id: string; publicKey: Json } {
  return enrollment.status === 'pending' && enrollment.type === 'webauthn' ? enrollment : expect.fail('no key')
}

function idOf(enrollment: Enrollment): string {
  return enrollment.status === 'pending' ? enrollment.id : expect.fail('not pending')
}

describe('enrolling a phone', () => {
  it('sends a code at once; proved, it is a second factor, with backup codes', async () => {
    const { backend, adapter, mfa } = await signedIn()
    const enrollment = await mfa.enroll({ type: 'phone', phone, friendlyName: 'Work' })
    const enrollmentId = idOf(enrollment)
    expect(enrollment).toEqual({
      status: 'pending',
      id: enrollmentId,
      type: 'phone',
      sent: true,
      expiresInMs: 5 * minute,
      resendInMs: 30_000,
      codeLength: 6,
    })
    expect(backend.outbox.latest()).toMatchObject({ to: number, channel: 'sms', purpose: 'enrollment' })
    const code = lastCode(backend)
    await refused(mfa.verify({ enrollmentId, code: otherThan(code) }), 'code_incorrect', { attemptsLeft: 4 })
    expect(await mfa.listFactors()).toMatchObject([{ id: enrollmentId, status: 'unverified' }])
    const { factor, backupCodes } = await mfa.verify({ enrollmentId, code })
    expect(factor).toMatchObject({ strategy: 'phone_code', status: 'verified', friendlyName: 'Work', hint: '+•••03' })
    expect(backupCodes).toHaveLength(10)
    expect(await mfa.verify({ enrollmentId, code: 'again' })).toEqual({ factor })
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal2' })
    expect((await withPassword(backend.connect(), ada)).supportedSecondFactors).toMatchObject([
      { strategy: 'phone_code', hint: '+•••03', label: 'Work' },
      { strategy: 'backup_code' },
    ])
  })

  it('sends again when asked, not too soon, and the way that was asked for', async () => {
    const { backend, mfa } = await signedIn({ phoneChannels: ['sms', 'whatsapp'], codeLength: 10 })
    const enrollmentId = idOf(await mfa.enroll({ type: 'phone', phone, channel: 'whatsapp' }))
    expect(backend.outbox.latest()).toMatchObject({ channel: 'whatsapp' })
    const old = lastCode(backend)
    await refused(mfa.challenge({ enrollmentId }), 'rate_limited', { retryInMs: 30_000 })
    backend.clock.advance(30_000)
    expect(await mfa.challenge({ enrollmentId })).toMatchObject({ sent: true, resendInMs: 30_000, expiresInMs: 4.5 * minute })
    expect(backend.outbox.latest()).toMatchObject({ to: number, channel: 'sms' })
    await refused(mfa.verify({ enrollmentId, code: old }), 'code_incorrect')
    expect(await mfa.verify({ enrollmentId, code: lastCode(backend) })).toMatchObject({ factor: { status: 'verified' } })
    await refused(mfa.challenge({ enrollmentId }), 'not_supported')
  })

  it('gives up after five wrong codes, and when it took too long', async () => {
    const { backend, mfa } = await signedIn()
    const enrollmentId = idOf(await mfa.enroll({ type: 'phone', phone }))
    for (let tries = 0; tries < 4; tries++) await refused(mfa.verify({ enrollmentId, code: 'no' }), 'code_incorrect')
    await refused(mfa.verify({ enrollmentId, code: 'no' }), 'too_many_attempts')
    await refused(mfa.verify({ enrollmentId, code: lastCode(backend) }), 'factor_not_found')
    backend.clock.advance(minute)
    const late = idOf(await mfa.enroll({ type: 'phone', phone }))
    backend.clock.advance(5 * minute)
    await refused(mfa.verify({ enrollmentId: late, code: lastCode(backend) }), 'factor_not_found')
    expect(await mfa.listFactors()).toEqual([])
  })

  it('refuses what is no number, a number twice, and one factor too many', async () => {
    const { backend, mfa } = await signedIn({ limits: { factorsPerUser: 2 } })
    await refused(mfa.enroll({ type: 'phone', phone: '555' }), 'identifier_invalid', { field: 'phone' })
    await mfa.verify({ enrollmentId: idOf(await mfa.enroll({ type: 'phone', phone })), code: lastCode(backend) })
    await refused(mfa.enroll({ type: 'phone', phone: number }), 'factor_exists')
    await mfa.enroll({ type: 'totp' })
    await refused(mfa.enroll({ type: 'phone', phone: '+15550200009' }), 'factor_limit')
  })
})

describe('enrolling the mailbox', () => {
  it('sends it a code, once', async () => {
    const { backend, mfa } = await signedIn()
    const enrollmentId = idOf(await mfa.enroll({ type: 'email' }))
    expect(backend.outbox.latest()).toMatchObject({ to: ada.email, channel: 'email', purpose: 'enrollment' })
    const { factor } = await mfa.verify({ enrollmentId, code: lastCode(backend) })
    expect(factor).toMatchObject({ strategy: 'email_code', status: 'verified', hint: 'a•••@example.com' })
    await refused(mfa.enroll({ type: 'email' }), 'factor_exists')
  })
})

describe('enrolling a key', () => {
  it('asks for one that is new, and takes it', async () => {
    const { backend, adapter, mfa } = await signedIn()
    const authenticator = softAuthenticator({ origin })
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn', friendlyName: 'Laptop' }))
    expect(publicKey).toMatchObject({
      rp: { id: rpId, name: 'Latchkey' },
      user: { id: Buffer.from(ada.id).toString('base64url'), name: ada.email, displayName: 'Ada' },
      excludeCredentials: [],
      timeout: 5 * minute,
    })
    const { factor, backupCodes } = await mfa.verify({ enrollmentId, credential: await authenticator.answer(publicKey) })
    expect(factor).toMatchObject({ strategy: 'passkey', status: 'verified', friendlyName: 'Laptop' })
    expect(backupCodes).toHaveLength(10)
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal2' })

    const again = keyOf(await mfa.enroll({ type: 'webauthn' }))
    await expect(authenticator.answer(again.publicKey)).rejects.toThrow('InvalidStateError')

    const { signIn } = backend.connect()
    const begun = (await signIn.passkeyOptions?.()) ?? expect.fail('no passkeys')
    const credential = await authenticator.answer(begun.publicKey)
    expect(await signIn.attemptFirstFactor(begun, { factorId: 'passkey', credential })).toMatchObject({ status: 'complete' })
    const attempt = await withPassword(backend.connect(), ada)
    expect(attempt.supportedSecondFactors?.[0]).toMatchObject({ id: secondId(attempt, 'passkey'), label: 'Laptop' })
  })

  it('calls one a security key that did not stay on it', async () => {
    const { adapter, mfa } = await signedIn()
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn' }))
    const authenticator = softAuthenticator({ origin, resident: false, verifiesUser: false })
    const { factor } = await mfa.verify({ enrollmentId, credential: await authenticator.answer(publicKey) })
    expect(factor).toMatchObject({ strategy: 'security_key' })
    await adapter.session.signOut()
    const attempt = await withPassword(adapter, ada)
    const prepared = await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'security_key:2' })
    expect(sent(prepared).publicKey).toMatchObject({ allowCredentials: [{ transports: ['usb'] }] })
  })

  it('has a challenge for one answer; after a refused one a new one can be asked for', async () => {
    const { mfa } = await signedIn()
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn' }))
    const fresh = (options: Json, page?: string) => softAuthenticator({ origin }).answer(options, page)
    await refused(mfa.verify({ enrollmentId, code: '123456' }), 'not_supported')
    const elsewhere = await fresh(publicKey, 'https://evil.example')
    await refused(mfa.verify({ enrollmentId, credential: elsewhere }), 'passkey_unknown')
    await refused(mfa.verify({ enrollmentId, credential: await fresh(publicKey) }), 'code_expired')
    expect(await mfa.listFactors()).toMatchObject([{ status: 'unverified' }])
    const again = keyOf(await mfa.challenge({ enrollmentId }))
    expect(again.id).toBe(enrollmentId)
    const credential = await fresh(again.publicKey)
    expect(await mfa.verify({ enrollmentId, credential })).toMatchObject({ factor: { id: enrollmentId } })
  })

  it('is refused where another browser has enrolled one meanwhile', async () => {
    const { backend, mfa } = await signedIn()
    const other = backend.connect()
    await other.signIn.finish(await withPassword(other, ada))
    const [one, two] = [keyOf(await mfa.enroll({ type: 'webauthn' })), keyOf(await mfaOf(other).enroll({ type: 'webauthn' }))]
    await mfa.verify({ enrollmentId: one.id, credential: await softAuthenticator({ origin }).answer(one.publicKey) })
    const credential = await softAuthenticator({ origin }).answer(two.publicKey)
    await refused(mfaOf(other).verify({ enrollmentId: two.id, credential }), 'step_up_required')
  })

  it('that somebody has already is refused', async () => {
    const { server } = everyWay.webAuthn
    const taken = await softAuthenticator({ origin }).seed(alan, rpId)
    const made = { verified: true, registrationInfo: { credential: { ...taken, counter: 0 } } }
    const { mfa } = await signedIn({
      users: [ada, { ...alan, passkeys: [taken] }],
      webAuthn: { ...everyWay.webAuthn, server: { ...server, verifyRegistrationResponse: async () => made } },
    })
    const { id: enrollmentId } = keyOf(await mfa.enroll({ type: 'webauthn' }))
    await refused(mfa.verify({ enrollmentId, credential: {} }), 'factor_exists')
    expect(await mfa.listFactors()).toMatchObject([{ status: 'unverified' }])
  })

  it('of a passkey that is a first factor only raises no session', async () => {
    const { adapter, mfa } = await signedIn({ secondFactors: ['totp', 'backup_code'], enroll: ['totp', 'webauthn'] })
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn' }))
    const verified = await mfa.verify({ enrollmentId, credential: await softAuthenticator({ origin }).answer(publicKey) })
    expect(verified.factor).toMatchObject({ strategy: 'passkey', status: 'verified' })
    expect(verified).not.toHaveProperty('backupCodes')
    expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    await adapter.session.signOut()
    expect(await withPassword(adapter, ada)).toMatchObject({ status: 'complete' })
  })

  it('does not go on where it was given up while it was checked', async () => {
    let go = () => {}
    const waits = new Promise<void>((resolve) => (go = resolve))
    const { server } = everyWay.webAuthn
    const slow: typeof server = {
      ...server,
      async verifyRegistrationResponse(options) {
        await waits
        return server.verifyRegistrationResponse(options)
      },
    }
    const { mfa } = await signedIn({ webAuthn: { ...everyWay.webAuthn, server: slow } })
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn' }))
    const call = mfa.verify({ enrollmentId, credential: await softAuthenticator({ origin }).answer(publicKey) })
    await mfa.abandon?.({ enrollmentId })
    go()
    await refused(call, 'factor_not_found')
    expect(await mfa.listFactors()).toEqual([])
  })
})

describe('factors of all kinds', () => {
  it('are listed with hints and no secrets, renamed by one rule, and taken away', async () => {
    const { backend, mfa } = await signedIn()
    const key = keyOf(await mfa.enroll({ type: 'webauthn', friendlyName: 'Key' }))
    await mfa.verify({ enrollmentId: key.id, credential: await softAuthenticator({ origin }).answer(key.publicKey) })
    const other = idOf(await mfa.enroll({ type: 'phone', phone }))
    await mfa.verify({ enrollmentId: other, code: lastCode(backend) })
    expect(await mfa.listFactors()).toMatchObject([
      { strategy: 'passkey', friendlyName: 'Key', createdAt: '2026-01-15T12:00:00.000Z' },
      { strategy: 'phone_code', hint: '+•••03' },
    ])
    expect(JSON.stringify(await mfa.listFactors())).not.toContain(number)
    const rename = (friendlyName: string) =>
      mfa.rename?.({ factorId: other, friendlyName }) ?? Promise.reject(new Error('no rename'))
    await refused(rename('Key'), 'factor_name_taken')
    expect(await rename('Mobile')).toMatchObject({ friendlyName: 'Mobile' })
    for (const factorId of [key.id, other]) await mfa.unenroll({ factorId })
    expect(await mfa.listFactors()).toEqual([])
    expect(await backend.adapter.session.get()).toMatchObject({ currentLevel: 'aal1' })
    expect(await withPassword(backend.adapter, ada)).toMatchObject({ status: 'complete' })
  })

  it('may be asked for inside a sign-in', async () => {
    const { adapter } = everyHouse({ requireMfa: true })
    const attempt = await withPassword(adapter, ada)
    expect(attempt).toMatchObject({ status: 'needs_enrollment', enroll: ['totp', 'phone', 'email', 'webauthn'] })
    const mfa = mfaOf(adapter)
    const { id: enrollmentId, publicKey } = keyOf(await mfa.enroll({ type: 'webauthn', attempt }))
    const credential = await softAuthenticator({ origin }).answer(publicKey)
    expect(await mfa.verify({ enrollmentId, credential })).toMatchObject({ attempt: { id: attempt.id, status: 'complete' } })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('ask only for what makes a second factor, where a passkey is none', async () => {
    const { adapter } = everyHouse({ requireMfa: true, secondFactors: ['totp'], enroll: ['totp', 'webauthn'] })
    const attempt = await withPassword(adapter, ada)
    expect(attempt).toMatchObject({ enroll: ['totp'] })
    await refused(mfaOf(adapter).enroll({ type: 'webauthn', attempt }), 'not_supported')
  })
})

describe('what a backend offers', () => {
  it('follows its options', () => {
    const { capabilities, signIn } = everyHouse().adapter
    expect(capabilities).toMatchObject({
      identifiers: ['email', 'phone'],
      firstFactors: everyWay.firstFactors.map((strategy) => ({ strategy })),
      secondFactors: everyWay.secondFactors,
      enroll: [
        { type: 'totp', many: true },
        { type: 'phone', many: true },
        { type: 'email', many: false },
        { type: 'webauthn', many: true },
      ],
      newPassword: { minLength: 8 },
      emailLink: 'this_tab',
    })
    expect(signIn).toHaveProperty('passkeyOptions')
    expect(signIn).toHaveProperty('resetPassword')
  })

  it('is enrolled by default where a factor rests on it', () => {
    const types = (options: MemoryOptions) =>
      everyHouse({ enroll: undefined, ...options }).adapter.capabilities.enroll.map(({ type }) => type)
    expect(types({})).toEqual(['totp', 'phone', 'webauthn'])
    expect(types({ secondFactors: ['phone_code'], firstFactors: ['password'] })).toEqual(['phone'])
    expect(types({ secondFactors: [], firstFactors: ['password', 'passkey'] })).toEqual(['webauthn'])
    expect(types({ secondFactors: ['totp', 'email_code'], firstFactors: ['phone_code'] })).toEqual(['totp'])
  })

  it('has no backup codes where they are not offered', async () => {
    const { backend, mfa } = await signedIn({ secondFactors: ['phone_code'] })
    expect(mfa.backupCodes).toBeUndefined()
    const enrollmentId = idOf(await mfa.enroll({ type: 'phone', phone }))
    expect(await mfa.verify({ enrollmentId, code: lastCode(backend) })).not.toHaveProperty('backupCodes')
  })

  it.each<MemoryOptions>([{ firstFactors: ['passkey'] }, { secondFactors: ['security_key'] }, { enroll: ['webauthn'] }])(
    'throws for keys that nobody checks: %j',
    (options) => {
      const none: MemoryOptions = { firstFactors: ['password'], secondFactors: ['totp'], enroll: ['totp'], webAuthn: undefined }
      expect(() => everyHouse(none)).not.toThrow()
      expect(() => everyHouse({ ...none, ...options })).toThrow(/webAuthn.*@simplewebauthn\/server/)
    },
  )

  it('throws for wallets that nobody checks', () => {
    expect(() => everyHouse({ wallets: undefined })).toThrow(/wallets.*verifyMessage/)
  })

  it('has a person without a password in by every other way, and by no password', async () => {
    const backend = everyHouse({ users: [{ id: 'u-less', email: 'less@example.com' }], managePassword: true })
    const { signIn } = backend.adapter
    for (const password of ['', 'undefined'])
      await refused(signIn.create({ identifier: 'less@example.com', password }), 'invalid_credentials')
    const attempt = await asked(backend.adapter, 'less@example.com', 'email_code')
    const proof = { factorId: 'email_code:1', code: lastCode(backend) }
    expect(await signIn.attemptFirstFactor(attempt, proof)).toMatchObject({ status: 'complete' })
    await signIn.finish(attempt)
    await refused(mfaOf(backend.adapter).enroll({ type: 'totp' }), 'invalid_credentials')
  })
})
