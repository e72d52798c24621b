// @vitest-environment node
import * as server from '@simplewebauthn/server'
import { describe, expect, it } from 'vitest'
import type { MemoryBackend, MemoryOptions, WebAuthnServer } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { SignInAttempt } from '../../../src/core/attempt.js'
import type { Json } from '../../../src/core/json.js'
import { everyWay, origin, rpId } from '../../support/everyWay.js'
import { softAuthenticator, type SoftAuthenticator, type SoftAuthenticatorOptions } from '../../support/softAuthenticator.js'
import { ada, asked, everyHouse, secondId, sent, told } from './everyHouse.js'
import { minute, password, refused, secret, totpNow } from './house.js'

const factorId = 'passkey'

interface Setup {
  readonly key?: Partial<SoftAuthenticatorOptions>
  readonly totp?: boolean
  readonly locked?: boolean
  readonly options?: MemoryOptions
}

/** Kim has one key, and what else is asked for. */
async function household({ key = {}, totp, locked, options }: Setup = {}) {
  const authenticator = softAuthenticator({ origin, ...key })
  const id = 'u-kim ☂'
  const kim = { id, email: 'kim@example.com', password, passkeys: [await authenticator.seed({ id }, rpId)], locked }
  const users = [ada, { ...kim, ...(totp && { totp: { secret } }) }]
  const backend = everyHouse({ users, ...options })
  return { backend, adapter: backend.adapter, kim, authenticator }
}

async function optionsOf({ signIn }: AuthAdapter) {
  return signIn.passkeyOptions?.() ?? Promise.reject(new Error('no passkeys'))
}

/** Signs in by the button, without an identifier. */
async function byButton(adapter: AuthAdapter, authenticator: SoftAuthenticator): Promise<SignInAttempt> {
  const { id, publicKey } = await optionsOf(adapter)
  return adapter.signIn.attemptFirstFactor({ id }, { factorId, credential: await authenticator.answer(publicKey) })
}

describe('a passkey as the first factor', () => {
  it('PK-13: is asked for with options that name nobody’s keys', async () => {
    const { adapter, kim } = await household()
    const { publicKey, expiresInMs } = await optionsOf(adapter)
    expect(publicKey).toEqual({
      challenge: expect.stringMatching(/^[\w-]{32}$/) as string,
      rpId,
      timeout: 5 * minute,
      userVerification: 'preferred',
    })
    expect(expiresInMs).toBe(5 * minute)
    const known = await asked(adapter, kim.email, 'passkey')
    const unknown = await asked(adapter, 'no@example.com', 'passkey')
    const shape = (attempt: SignInAttempt) => ({
      ...told(attempt),
      firstFactorVerification: { ...sent(attempt), publicKey: Object.keys(Object(sent(attempt).publicKey) as object) },
    })
    expect(shape(unknown)).toEqual(shape(known))
  })

  it('PK-16: that checked its person is both factors', async () => {
    const { adapter, authenticator, kim } = await household({ totp: true })
    const attempt = await byButton(adapter, authenticator)
    expect(attempt).toMatchObject({
      status: 'complete',
      identifier: kim.email,
      firstFactorVerification: { status: 'verified', factorId },
      secondFactorVerification: { status: 'verified', factorId },
    })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({
      user: { id: kim.id },
      currentLevel: 'aal2',
      secondFactorAgeMs: 0,
      methods: [{ method: 'passkey' }],
    })
  })

  it('PK-16: that checked nobody is one factor, and another thing has to follow', async () => {
    const { adapter, authenticator, backend } = await household({ totp: true, key: { verifiesUser: false } })
    const attempt = await byButton(adapter, authenticator)
    expect(attempt.status).toBe('needs_second_factor')
    expect(attempt.supportedSecondFactors?.map(({ strategy }) => strategy)).toEqual(['totp'])
    const proof = { factorId: secondId(attempt, 'totp'), code: totpNow(backend) }
    expect(await adapter.signIn.attemptSecondFactor(attempt, proof)).toMatchObject({ status: 'complete' })
  })

  it('alone and unchecked is aal1', async () => {
    const { adapter, authenticator } = await household({ key: { verifiesUser: false } })
    const session = await adapter.signIn.finish(await byButton(adapter, authenticator))
    expect(session).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('is no attempt of the browser before a passkey has answered', async () => {
    const { adapter, authenticator } = await household()
    const begun = await adapter.signIn.create({ identifier: ada.email })
    await optionsOf(adapter)
    expect(await adapter.signIn.resume({})).toMatchObject({ attempt: { id: begun.id } })
    const attempt = await byButton(adapter, authenticator)
    expect(await adapter.signIn.resume({})).toMatchObject({ attempt: { id: attempt.id, status: 'complete' } })
  })

  it('answers for the identifier that was typed, and for no other', async () => {
    const { adapter, authenticator, kim } = await household()
    for (const identifier of [ada.email, 'no@example.com', kim.email]) {
      const attempt = await asked(adapter, identifier, 'passkey')
      const credential = await authenticator.answer(sent(attempt).publicKey ?? null)
      const call = adapter.signIn.attemptFirstFactor(attempt, { factorId, credential })
      if (identifier === kim.email) expect(await call).toMatchObject({ status: 'complete' })
      else await refused(call, 'passkey_unknown')
    }
  })

  it('PK-13: an unknown key, a bad signature and another page read the same', async () => {
    const { adapter, authenticator, kim } = await household()
    const stranger = softAuthenticator({ origin })
    await stranger.seed({ id: 'nobody' }, rpId)
    const bent = (credential: Json): Json => {
      const given = structuredClone(credential) as { response: { signature: string } }
      given.response.signature = given.response.signature.replace(/.(?=.{20}$)/, (one) => (one === 'A' ? 'B' : 'A'))
      return given
    }
    const fakes: ((publicKey: Json) => Promise<Json>)[] = [
      (publicKey) => stranger.answer(publicKey),
      (publicKey) => authenticator.answer(publicKey, 'https://evil.example'),
      async (publicKey) => bent(await authenticator.answer(publicKey)),
      async (publicKey) => ({ ...(Object(await authenticator.answer(publicKey)) as object), id: 'AAAA' }),
      async () => null,
      async () => ({ id: kim.passkeys[0]?.id ?? '' }),
    ]
    for (const fake of fakes) {
      const { id, publicKey } = await optionsOf(adapter)
      const credential = await fake(publicKey)
      await refused(adapter.signIn.attemptFirstFactor({ id }, { factorId, credential }), 'passkey_unknown', {
        message: 'passkey_unknown',
        outcome: 'refused',
      })
    }
    expect(await adapter.session.get()).toBeNull()
  })

  it('another’s user handle is refused', async () => {
    const authenticator = softAuthenticator({ origin })
    const passkeys = [await authenticator.seed({ id: 'somebody-else' }, rpId)]
    const { adapter } = everyHouse({ users: [{ ...ada, passkeys }] })
    await refused(byButton(adapter, authenticator), 'passkey_unknown')
  })

  it('PK-04: its challenge works once and not too late; a new one does', async () => {
    const { adapter, authenticator, backend, kim } = await household()
    const attempt = await asked(adapter, kim.email, 'passkey')
    const old = await authenticator.answer(sent(attempt).publicKey ?? null)
    const attemptWith = (credential: Json) => adapter.signIn.attemptFirstFactor(attempt, { factorId, credential })
    backend.clock.advance(5 * minute)
    await refused(attemptWith(old), 'code_expired')
    const again = await adapter.signIn.prepareFirstFactor(attempt, { factorId })
    const good = await authenticator.answer(sent(again).publicKey ?? null)
    await refused(attemptWith(old), 'passkey_unknown')
    await refused(attemptWith(good), 'code_expired')
    expect((await adapter.signIn.reload(attempt)).firstFactorVerification).toBeNull()
    const last = await adapter.signIn.prepareFirstFactor(attempt, { factorId })
    expect(await attemptWith(await authenticator.answer(sent(last).publicKey ?? null))).toMatchObject({ status: 'complete' })
  })

  it('of which there seem to be two is refused', async () => {
    const { adapter, authenticator } = await household()
    const old = await optionsOf(adapter)
    const credential = await authenticator.answer(old.publicKey)
    await byButton(adapter, authenticator)
    await refused(adapter.signIn.attemptFirstFactor(old, { factorId, credential }), 'passkey_unknown')
  })

  it('that never counts works again and again', async () => {
    const { adapter, authenticator } = await household({ key: { step: 0 } })
    for (let times = 0; times < 3; times++) expect(await byButton(adapter, authenticator)).toMatchObject({ status: 'complete' })
  })

  it('is no way round a lock', async () => {
    const { adapter, authenticator } = await household({ locked: true })
    await refused(byButton(adapter, authenticator), 'locked')
  })

  it('is none where the key only is a second factor', async () => {
    const { adapter, authenticator, kim } = await household({ key: { resident: false } })
    const { id, publicKey } = await optionsOf(adapter)
    const named = { ...(publicKey as object), allowCredentials: [{ id: kim.passkeys[0]?.id ?? '' }] }
    const credential = await authenticator.answer(named)
    await refused(adapter.signIn.attemptFirstFactor({ id }, { factorId, credential }), 'passkey_unknown')
  })
})

describe('while a key is being checked', () => {
  /** Kim has answered, and the server's library takes its time until it is told to go. */
  async function waiting() {
    let go = () => {}
    const told = new Promise<void>((resolve) => (go = resolve))
    const slow: WebAuthnServer = {
      ...server,
      async verifyAuthenticationResponse(options) {
        await told
        return server.verifyAuthenticationResponse(options)
      },
    }
    const house = await household({ options: { webAuthn: { ...everyWay.webAuthn, server: slow } } })
    const { id, publicKey } = await optionsOf(house.adapter)
    const credential = await house.authenticator.answer(publicKey)
    const call = () => house.adapter.signIn.attemptFirstFactor({ id }, { factorId, credential })
    return { ...house, id, go, call }
  }

  it('its challenge is spent already: the same answer twice signs in once', async () => {
    const { call, go } = await waiting()
    const [one, two] = [call(), call()]
    await refused(two, 'code_expired')
    go()
    expect(await one).toMatchObject({ status: 'complete' })
  })

  it('an attempt that is given up stays so', async () => {
    const { adapter, call, go, id } = await waiting()
    const one = call()
    await Promise.resolve()
    await adapter.signIn.cancel({ id })
    go()
    await refused(one, 'attempt_lost')
    expect(await adapter.session.get()).toBeNull()
  })

  it('its answer may be lost, and the truth asked for', async () => {
    const { adapter, call, go, id, backend } = await waiting()
    backend.failNext('signIn.attemptFirstFactor', 'network', { afterCommit: true })
    go()
    await refused(call(), 'network', { outcome: 'unknown' })
    expect(await adapter.signIn.reload({ id })).toMatchObject({ status: 'complete' })
  })
})

it('a counter is looked at again when the check is over: another attempt may have been faster', async () => {
  const answer = { verified: true, authenticationInfo: { newCounter: 5, userVerified: true } }
  const webAuthn = { ...everyWay.webAuthn, server: { ...server, verifyAuthenticationResponse: async () => answer } }
  const { adapter, authenticator } = await household({ options: { webAuthn } })
  expect(await byButton(adapter, authenticator)).toMatchObject({ status: 'complete' })
  await refused(byButton(adapter, authenticator), 'passkey_unknown')
})

describe('a key as the second factor', () => {
  it.each([
    ['passkey', true],
    ['security_key', false],
  ] as const)('%s is asked for by its name', async (strategy, resident) => {
    const { adapter, authenticator, kim } = await household({ key: { resident, verifiesUser: false } })
    const { signIn } = adapter
    const attempt = await signIn.create({ identifier: kim.email, password })
    const id = `${strategy}:2`
    expect(attempt.supportedSecondFactors).toEqual([{ id, strategy, primary: true }])
    const { publicKey } = sent(await signIn.prepareSecondFactor(attempt, { factorId: id }))
    expect(publicKey).toMatchObject({ rpId, allowCredentials: [{ id: kim.passkeys[0]?.id, type: 'public-key' }] })
    const credential = await authenticator.answer(publicKey ?? null)
    const done = await signIn.attemptSecondFactor(attempt, { factorId: id, credential, trustDevice: true })
    expect(done).toMatchObject({ status: 'complete' })
    expect(await signIn.finish(done)).toMatchObject({ currentLevel: 'aal2', methods: [{}, { method: strategy }] })
    expect(await signIn.create({ identifier: kim.email, password })).toMatchObject({ status: 'complete' })
  })

  it('is not answered by another’s, nor by a code', async () => {
    const { adapter, kim } = await household()
    const other = softAuthenticator({ origin })
    const made = await other.seed(kim, rpId)
    const attempt = await adapter.signIn.create({ identifier: kim.email, password })
    const answer = (proof: { code: string } | { credential: Json }) =>
      adapter.signIn.attemptSecondFactor(attempt, { factorId: 'passkey:2', ...proof })
    await refused(answer({ code: '123456' }), 'not_supported')
    const { publicKey } = sent(await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'passkey:2' }))
    const credential = await other.answer({ ...(publicKey as object), allowCredentials: [{ id: made.id }] })
    await refused(answer({ credential }), 'passkey_unknown')
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'needs_second_factor' })
  })
})

describe('a step-up of a session by passkey alone', () => {
  async function later(backend: MemoryBackend, level: 'second_factor' | 'multi_factor') {
    backend.clock.advance(minute)
    return backend.adapter.stepUp?.create({ level }) ?? Promise.reject(new Error('no step-up'))
  }

  it('is the passkey again, which has to check its person', async () => {
    const { adapter, authenticator, backend } = await household()
    await adapter.signIn.finish(await byButton(adapter, authenticator))
    const attempt = await later(backend, 'second_factor')
    const prepare = async () => sent(await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'passkey:2' })).publicKey
    const answer = (credential: Json) => adapter.signIn.attemptSecondFactor(attempt, { factorId: 'passkey:2', credential })
    const publicKey = await prepare()
    expect(publicKey).toMatchObject({ userVerification: 'required' })
    authenticator.verifiesUser = false
    const unchecked = await authenticator.answer({ ...(publicKey as object), userVerification: 'preferred' })
    await refused(answer(unchecked), 'passkey_unknown')
    authenticator.verifiesUser = true
    await answer(await authenticator.answer((await prepare()) ?? null))
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2', secondFactorAgeMs: 0 })
  })

  it('proves both factors at once', async () => {
    const { adapter, authenticator, backend } = await household()
    await adapter.signIn.finish(await byButton(adapter, authenticator))
    const attempt = await later(backend, 'multi_factor')
    const prepare = async () => sent(await adapter.signIn.prepareFirstFactor(attempt, { factorId })).publicKey ?? null
    const answer = (credential: Json) => adapter.signIn.attemptFirstFactor(attempt, { factorId, credential })
    authenticator.verifiesUser = false
    const unchecked = await authenticator.answer({ ...((await prepare()) as object), userVerification: 'preferred' })
    await refused(answer(unchecked), 'passkey_unknown')
    authenticator.verifiesUser = true
    expect(await answer(await authenticator.answer(await prepare()))).toMatchObject({ status: 'complete' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ firstFactorAgeMs: 0, secondFactorAgeMs: 0 })
  })
})
