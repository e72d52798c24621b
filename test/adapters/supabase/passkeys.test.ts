// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SupabaseAdapterOptions } from '../../../src/adapters/supabase/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import type { MfaApi } from '../../../src/core/adapter.js'
import type { Enrollment } from '../../../src/core/enrollment.js'
import type { Reply } from '../../servers/gotrueStandIn.js'
import { addPerson, codeOf, createKeychain, openPage, password, refused, startStandInPlace, type StandInPlace } from './world.js'

let place: StandInPlace
beforeAll(async () => (place = await startStandInPlace()))
beforeEach(() => place.server.reset())
afterEach(() => {
  place.proxy.heal()
  expect(place.server.violations).toEqual([])
})
afterAll(() => place.close())

const options = { firstFactors: ['password', 'passkey'], secondFactors: ['totp'] } as const satisfies SupabaseAdapterOptions

async function signedIn({
  totp = false,
  ...more
}: SupabaseAdapterOptions & { totp?: boolean; port?: number; isHalf?: boolean } = {}) {
  const { isHalf, ...asked } = more
  const ada = await addPerson(place, { totp })
  const page = openPage(place, { ...options, ...asked })
  const attempt = await page.create({ identifier: ada.email, password })
  if (totp && !isHalf)
    await page.attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
  const user = place.server.users.find(({ id }) => id === ada.id)!
  return { ada, user, keychain: createKeychain(), rename: page.mfa.rename!, abandon: page.mfa.abandon!, ...page }
}

const throughProxy = () => signedIn({ port: place.proxy.port })

function begun(enrollment: Enrollment) {
  if (enrollment.status !== 'pending' || enrollment.type !== 'webauthn') return expect.unreachable()
  return enrollment
}

/** With what the browser makes of its options. */
async function begin({ mfa, keychain }: { mfa: MfaApi; keychain: ReturnType<typeof createKeychain> }, friendlyName?: string) {
  const {
    id: enrollmentId,
    publicKey,
    expiresInMs,
  } = begun(await mfa.enroll({ type: 'webauthn', ...(friendlyName && { friendlyName }) }))
  return { enrollmentId, credential: await keychain.credential(publicKey), publicKey, expiresInMs }
}

const add = async (page: Parameters<typeof begin>[0], friendlyName?: string) => {
  const { enrollmentId, credential } = await begin(page, friendlyName)
  return (await page.mfa.verify({ enrollmentId, credential })).factor
}

const answer = (status: number, code: string): Reply => ({
  status,
  body: { code, message: 'Their words' },
  headers: { 'x-supabase-api-version': '2024-01-01' },
})

describe('a passkey that is added', () => {
  it('PK-15 has its name and its dates, is one of the list, and signs in', async () => {
    const page = await signedIn({ totp: true })
    const { ada, user, keychain, mfa } = page
    const { enrollmentId, credential, publicKey, expiresInMs } = await begin(page, 'Laptop')
    expect(publicKey).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(ada.id).toString('base64url') },
      authenticatorSelection: { residentKey: 'required' },
    })
    expect(expiresInMs).toBeGreaterThan(298_000)
    expect(expiresInMs).toBeLessThanOrEqual(301_000)
    const { factor, backupCodes, otherSessions } = await mfa.verify({ enrollmentId, credential })
    expect([backupCodes, otherSessions]).toEqual([undefined, undefined])
    expect(factor).toMatchObject({ strategy: 'passkey', status: 'verified', removable: true, friendlyName: 'Laptop' })
    expect(Date.parse(`${factor.createdAt}`)).toBeCloseTo(place.now(), -4)
    expect((await mfa.listFactors()).map(({ strategy, changes }) => [strategy, changes])).toEqual([
      ['totp', []],
      ['passkey', undefined],
    ])
    expect(user.passkeys).toHaveLength(1)

    const other = openPage(place, options)
    const asked = await other.passkeyOptions!()
    const proof = { factorId: 'passkey', credential: await keychain.credential(asked.publicKey) }
    expect(await other.attemptFirstFactor(asked, proof)).toMatchObject({ status: 'needs_second_factor' })
    expect((await mfa.listFactors())[1]?.lastUsedAt).toMatch(/^20/)
  })

  it('PK-16 raises no level, and ends no other session', async () => {
    const page = await signedIn()
    const other = openPage(place, options)
    await other.create({ identifier: page.ada.email, password })
    await add(page)
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(await other.session.get()).toMatchObject({ currentLevel: 'aal1' })
  })

  it('is called what the server calls it, unless it is given a name', async () => {
    const page = await signedIn()
    expect(await add(page)).toMatchObject({ friendlyName: 'Passkey' })
    expect(place.server.log.filter((line) => line.startsWith('PATCH'))).toEqual([])
  })

  it('is on although its name was not taken', async () => {
    const page = await signedIn()
    const { enrollmentId, credential } = await begin(page, 'Laptop')
    page.auth.passkey.update = () => Promise.reject(new Error('gone'))
    const { factor } = await page.mfa.verify({ enrollmentId, credential })
    expect(factor).toMatchObject({ status: 'verified', friendlyName: 'Passkey' })
  })

  it('TE-12 and was given up leaves nothing; one that is proved is not touched', async () => {
    const page = await signedIn()
    const { mfa, abandon } = page
    const mine = await begin(page)
    await abandon({ enrollmentId: mine.enrollmentId })
    expect(await refused(mfa.verify(mine))).toMatchObject({ code: 'attempt_lost' })
    expect(await mfa.listFactors()).toEqual([])
    expect(await refused(mfa.enroll({ type: 'webauthn', attempt: { id: 'x' } }))).toMatchObject({ code: 'not_supported' })
    const next = await begin(page)
    const { factor } = await mfa.verify(next)
    await abandon({ enrollmentId: next.enrollmentId })
    expect(await mfa.listFactors()).toEqual([factor])
    expect((await mfa.verify(next)).factor).toEqual(factor)
  })
})

describe('HA-05 a passkey whose answer was lost', () => {
  it('is found in the list by its enrolment, and what is done to it reaches it', async () => {
    const page = await throughProxy()
    const { mfa, rename, user } = page
    const old = await add(page, 'Old')
    const { enrollmentId, credential } = await begin(page)
    place.proxy.cut('/passkeys/registration/verify', 'before-headers')
    expect(await refused(mfa.verify({ enrollmentId, credential }))).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect((await mfa.listFactors()).map(({ id }) => id)).toEqual([old.id, enrollmentId])
    expect(await rename({ factorId: enrollmentId, friendlyName: 'New' })).toMatchObject({ id: enrollmentId, friendlyName: 'New' })
    await mfa.unenroll({ factorId: enrollmentId })
    expect(user.passkeys.map(({ name }) => name)).toEqual(['Old'])
  })

  it('is looked for by the same proof, named, and made once', async () => {
    const page = await throughProxy()
    const { mfa, user } = page
    const { enrollmentId, credential } = await begin(page, 'Laptop')
    place.proxy.cut('/passkeys/registration/verify', 'before-headers')
    await refused(mfa.verify({ enrollmentId, credential }))
    expect((await mfa.verify({ enrollmentId, credential })).factor).toMatchObject({ id: enrollmentId, friendlyName: 'Laptop' })
    expect(user.passkeys).toHaveLength(1)
    expect(place.server.log.filter((line) => line.endsWith('/registration/verify'))).toHaveLength(1)
  })

  it('and that never arrived is proved by the same proof', async () => {
    const page = await throughProxy()
    const { mfa, user } = page
    const { enrollmentId, credential } = await begin(page)
    await place.proxy.unplug(true)
    await refused(mfa.verify({ enrollmentId, credential }))
    await place.proxy.unplug(false)
    expect((await mfa.verify({ enrollmentId, credential })).factor).toMatchObject({ status: 'verified' })
    expect(user.passkeys).toHaveLength(1)
  })

  it('is not taken for another one, which its challenge does not serve', async () => {
    const page = await throughProxy()
    const { mfa, keychain } = page
    const { enrollmentId, credential, publicKey } = await begin(page)
    place.proxy.cut('/passkeys/registration/verify', 'before-headers')
    await refused(mfa.verify({ enrollmentId, credential }))
    const another = { enrollmentId, credential: await keychain.credential(publicKey) }
    expect(await refused(mfa.verify(another))).toMatchObject({ code: 'code_expired', outcome: 'refused' })
    expect((await mfa.listFactors()).map(({ id }) => id)).not.toContain(enrollmentId)
  })
})

describe('a passkey that is refused', () => {
  it.each([
    ['webauthn_credential_exists', 'factor_exists'],
    ['webauthn_challenge_expired', 'code_expired'],
    ['webauthn_challenge_not_found', 'code_expired'],
    ['webauthn_verification_failed', 'passkey_unknown'],
    ['too_many_passkeys', 'factor_limit'],
  ])('HA-09 %s is %s', async (theirs, ours) => {
    const page = await signedIn()
    const { enrollmentId, credential } = await begin(page)
    place.server.answerNext('/passkeys/registration/verify', answer(422, theirs))
    expect(await refused(page.mfa.verify({ enrollmentId, credential }))).toMatchObject({ code: ours, outcome: 'refused' })
    expect(await page.mfa.listFactors()).toEqual([])
  })

  it('is here already, came too late, is another page’s, or one too many', async () => {
    const page = await signedIn()
    const { mfa, keychain, user } = page
    const first = await begin(page)
    await mfa.verify(first)
    const late = await begin(page)
    place.server.advance(301_000)
    expect(await refused(mfa.verify(late))).toMatchObject({ code: 'code_expired' })
    const { enrollmentId, publicKey } = await begin(page)
    expect(await refused(mfa.verify({ enrollmentId, code: '123456' }))).toMatchObject({ code: 'not_supported' })
    place.server.settings.origins = ['https://elsewhere.example']
    const elsewhere = { enrollmentId, credential: await keychain.credential(publicKey) }
    expect(await refused(mfa.verify(elsewhere))).toMatchObject({ code: 'passkey_unknown' })
    place.server.settings.maxFactors = user.passkeys.length
    expect(await refused(mfa.enroll({ type: 'webauthn' }))).toMatchObject({ code: 'factor_limit' })
  })

  it('of somebody who comes from a company’s provider is not supported', async () => {
    const { mfa } = await signedIn()
    place.server.answerNext('/passkeys/registration/options', answer(422, 'validation_failed'))
    expect(await refused(mfa.enroll({ type: 'webauthn' }))).toMatchObject({ code: 'not_supported', outcome: 'refused' })
  })
})

describe('TE-16 who has a second factor', () => {
  it('adds and removes passkeys with it only', async () => {
    const { mfa, user, keychain, stepUp, attemptSecondFactor, ada } = await signedIn({ totp: true, isHalf: true })
    await keychain.seed(user)
    const wanted = { code: 'step_up_required', stepUp: { level: 'second_factor' } }
    expect(await refused(mfa.enroll({ type: 'webauthn' }))).toMatchObject(wanted)
    const passkey = (await mfa.listFactors()).find(({ strategy }) => strategy === 'passkey')!
    expect(await refused(mfa.unenroll({ factorId: passkey.id }))).toMatchObject(wanted)
    expect(user.passkeys).toHaveLength(1)
    const attempt = await stepUp.create({ level: 'second_factor' })
    await attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
    await mfa.unenroll({ factorId: passkey.id })
    expect(user.passkeys).toEqual([])
  })

  it('HA-21 keeps the level when a passkey goes, and no token is made anew for it', async () => {
    const page = await signedIn({ totp: true })
    const { id: factorId } = await add(page)
    const asked = place.server.log.length
    await page.mfa.unenroll({ factorId })
    expect(place.server.log.slice(asked)).toEqual([expect.stringMatching(/^DELETE \/passkeys\//)])
    expect(await page.session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(await refused(page.mfa.unenroll({ factorId }))).toMatchObject({ code: 'factor_not_found' })
  })
})

describe('a passkey’s name', () => {
  it('is as long as the server takes it: 120 bytes, and no half letter', async () => {
    const page = await signedIn()
    const { id: factorId } = await add(page)
    const name = (text: string) => page.rename({ factorId, friendlyName: text }).then(({ friendlyName }) => friendlyName)
    expect(await name('Телефон '.repeat(12))).toBe('Телефон '.repeat(8))
    expect(await name('🔑'.repeat(40))).toBe('🔑'.repeat(30))
    expect(await name('x'.repeat(120))).toBe('x'.repeat(120))
  })

  it('is given to no other kind, and to none that there is not', async () => {
    const { rename, ada } = await signedIn({ totp: true })
    expect(await refused(rename({ factorId: ada.factorId, friendlyName: 'x' }))).toMatchObject({ code: 'not_supported' })
    expect(await refused(rename({ factorId: 'passkey:gone', friendlyName: 'x' }))).toMatchObject({ code: 'factor_not_found' })
  })
})

describe('without passkeys', () => {
  const types = ({ adapter }: ReturnType<typeof openPage>) => adapter.capabilities.enroll.map(({ type }) => type)

  it('the project, the adapter lists, claims and asks for none', async () => {
    const { auth, mfa, adapter } = await signedIn({ firstFactors: ['password'], totp: true })
    expect(auth.passkey).toBeDefined()
    expect([adapter.capabilities.enroll.map(({ type }) => type), mfa.rename]).toEqual([['totp'], undefined])
    expect(await mfa.listFactors()).toHaveLength(1)
    expect(place.server.log.some((line) => line.includes('passkeys'))).toBe(false)
  })

  it('the client, an older one: neither', async () => {
    const { supabaseAdapter } = await import('../../../src/adapters/supabase/index.js')
    const { auth } = openPage(place)
    Object.defineProperty(auth, 'passkey', { value: undefined })
    const { capabilities, mfa } = supabaseAdapter(auth, options)
    expect([capabilities.enroll, mfa?.rename]).toEqual([[{ type: 'totp', many: true }], undefined])
  })

  it.each(['the server has them off', 'the client has them off'])(
    '%s: other factors are listed, and none is made',
    async (who) => {
      const isServer = who.startsWith('the server')
      const ada = await addPerson(place, { totp: true })
      if (isServer) place.server.settings.enabled.delete('passkey')
      const page = openPage(place, { ...options, ...(!isServer && { client: { experimental: {} } }) })
      const attempt = await page.create({ identifier: ada.email, password })
      await page.attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
      expect((await page.mfa.listFactors()).map(({ strategy }) => strategy)).toEqual(['totp'])
      expect(await refused(page.mfa.enroll({ type: 'webauthn' }))).toMatchObject({ code: 'not_supported', outcome: 'refused' })
    },
  )

  it('a list of which a part is lost is no list', async () => {
    const { mfa } = await throughProxy()
    place.proxy.cut(/\/passkeys$/, 'before-headers')
    expect(await refused(mfa.listFactors())).toMatchObject({ code: 'network' } satisfies Partial<AuthError>)
  })

  it('security keys are what people add where a project has both, unless it says otherwise', async () => {
    const both = { firstFactors: ['password', 'passkey'], secondFactors: ['totp', 'security_key'] } as const
    expect(types(openPage(place, both))).toEqual(['totp', 'webauthn'])
    expect(types(openPage(place, options))).toEqual(['totp', 'webauthn'])
    const kindOf = async (asked: SupabaseAdapterOptions) => (await add(await signedIn(asked))).strategy
    expect(await kindOf(both)).toBe('security_key')
    expect(await kindOf({ ...both, webauthn: 'passkey' })).toBe('passkey')
    expect(await kindOf(options)).toBe('passkey')
  })
})
