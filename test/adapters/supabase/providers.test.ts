// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json.js'
import { solanaKey, type SolanaKey } from '../../support/solanaKey.js'
import { walletSignature } from '../../servers/gotrueStandInProviders.js'
import { addPerson, codeOf, createKeychain, openPage, refused, startStandInPlace, type StandInPlace } from './world.js'

let place: StandInPlace
beforeAll(async () => (place = await startStandInPlace()))
beforeEach(() => place.server.reset())
afterEach(() => expect(place.server.violations).toEqual([]))
afterAll(() => place.close())

const redirectUrl = 'https://app.example/back?tab=1'

describe('OAuth', () => {
  const firstFactors = ['oauth_google', 'oauth_gitlab'] as const
  const visit = async (url: string) => (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''

  async function leave() {
    const flowType = 'pkce'
    const ada = await addPerson(place, { totp: true })
    place.server.settings.provider = ada.email
    const page = openPage(place, { firstFactors, client: { flowType } })
    const attempt = await page.create({ strategy: 'oauth_google', redirectUrl })
    if (attempt.status !== 'needs_redirect') return expect.unreachable()
    return { ada, page, attempt, flowType }
  }

  it('comes back to the second factor', async () => {
    const { ada, page, attempt, flowType } = await leave()
    expect(attempt.redirectUrl).toContain(`${place.url}/authorize?provider=google`)
    expect(await page.reload(attempt)).toMatchObject({ status: 'needs_redirect' })
    const back = openPage(place, { firstFactors, storage: page.storage, client: { flowType } })
    const { attempt: again, cleanUrl } = await back.resume({ url: await visit(attempt.redirectUrl) })
    expect(again).toMatchObject({ status: 'needs_second_factor', identifier: ada.email })
    expect(cleanUrl).toBe(redirectUrl)
    const done = await back.attemptSecondFactor(again!, {
      factorId: `totp:${ada.factorId}`,
      code: codeOf(place, ada.secret),
    })
    expect(await back.finish(done)).toMatchObject({ user: { id: ada.id }, currentLevel: 'aal2' })
  })

  it('in a popup is heard of in the page that opened it', async () => {
    const { ada, page, attempt, flowType } = await leave()
    const popup = openPage(place, { firstFactors, storage: page.storage, client: { flowType } })
    await popup.resume({ url: await visit(attempt.redirectUrl) })
    expect(await page.reload(attempt)).toMatchObject({ status: 'needs_second_factor' })
    await page.cancel(attempt)
    expect(await page.session.get()).toBeNull()
    expect(ada.id).toBeTruthy()
  })

  it('that was refused there says so, and the address is the caller’s to clean', async () => {
    const { page, attempt } = await leave()
    place.server.settings.provider = ''
    const error = await refused(page.resume({ url: await visit(attempt.redirectUrl) }))
    expect(error).toMatchObject({ code: 'redirect_denied', outcome: 'refused' })
    expect(error.message).not.toContain('The user has denied')
  })

  it('whose code the client has used already is read from the session', async () => {
    const { ada, page, attempt } = await leave()
    const url = await visit(attempt.redirectUrl)
    await page.auth.exchangeCodeForSession(new URL(url).searchParams.get('code') ?? '')
    const { attempt: again } = await page.resume({ url })
    expect(again).toMatchObject({ status: 'needs_second_factor', identifier: ada.email })
  })

  it('given up before anybody came back leaves an older session alone', async () => {
    const ada = await addPerson(place)
    const page = openPage(place, { firstFactors })
    await page.auth.signInWithPassword({ email: ada.email, password: 'correct horse battery' })
    const attempt = await page.create({ strategy: 'oauth_google', redirectUrl })
    await page.cancel(attempt)
    expect(await page.session.get()).toMatchObject({ user: { id: ada.id } })
  })
})

describe('SSO', () => {
  const firstFactors = ['enterprise_sso'] as const

  it('goes to the company of an address, or to a named connection', async () => {
    const { create } = openPage(place, { firstFactors })
    const byAddress = await create({ strategy: 'enterprise_sso', identifier: 'ada@company.example', redirectUrl })
    const byName = await create({ strategy: 'enterprise_sso', connection: 'idp-1', redirectUrl })
    for (const attempt of [byAddress, byName])
      expect(attempt).toMatchObject({
        status: 'needs_redirect',
        redirectUrl: expect.stringContaining('provider=saml&redirect_to=https') as string,
      })
  })

  it('that is not set up says so', async () => {
    const { create } = openPage(place, { firstFactors })
    const params = { strategy: 'enterprise_sso', identifier: 'ada@elsewhere.example', redirectUrl } as const
    expect(await refused(create(params))).toMatchObject({ code: 'sso_not_found' })
  })
})

describe('a wallet', () => {
  const firstFactors = ['web3_metamask_signature'] as const
  const address = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'
  const params = { strategy: 'web3_metamask_signature', address, chainId: 1, origin: 'https://app.example' } as const

  it('signs the text that the adapter writes (ERC-4361), and is in', async () => {
    const { create, prepareFirstFactor, attemptFirstFactor, finish } = openPage(place, { firstFactors })
    const attempt = await create(params)
    const factorId = 'web3_metamask_signature'
    const { firstFactorVerification } = await prepareFirstFactor(attempt, { factorId })
    const message = firstFactorVerification?.message ?? ''
    expect(message.split('\n')).toEqual([
      'app.example wants you to sign in with your Ethereum account:',
      address,
      '',
      '',
      'URI: https://app.example',
      'Version: 1',
      'Chain ID: 1',
      expect.stringMatching(/^Nonce: [a-zA-Z0-9]{8,}$/),
      expect.stringMatching(/^Issued At: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
    ])
    const wrong = { factorId, signature: walletSignature('0x00', message) }
    expect(await refused(attemptFirstFactor(attempt, wrong))).toMatchObject({ code: 'invalid_credentials', outcome: 'refused' })
    const done = await attemptFirstFactor(attempt, { factorId, signature: walletSignature(address, message) })
    expect(await finish(done)).toMatchObject({ methods: [{ method: 'web3' }] })
  })

  describe('of Solana', () => {
    const strategy = 'web3_solana_signature'
    const origin = 'https://app.example'
    const open = () => openPage(place, { firstFactors: [strategy] })

    async function asked(page: ReturnType<typeof open>, from = origin) {
      const key = await solanaKey()
      const attempt = await page.create({ strategy, address: key.address, origin: from })
      const { firstFactorVerification } = await page.prepareFirstFactor(attempt, { factorId: strategy })
      return { key, attempt, message: firstFactorVerification?.message ?? '' }
    }

    it('signs the text that the adapter writes (Sign In With Solana), and is in', async () => {
      const page = open()
      const { key, attempt, message } = await asked(page)
      expect(message.split('\n')).toEqual([
        'app.example wants you to sign in with your Solana account:',
        key.address,
        '',
        'URI: https://app.example',
        'Version: 1',
        'Chain ID: mainnet',
        expect.stringMatching(/^Nonce: [a-zA-Z0-9]{8,}$/),
        expect.stringMatching(/^Issued At: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ])
      const done = await page.attemptFirstFactor(attempt, { factorId: strategy, signature: await key.signText(message) })
      expect(await page.finish(done)).toMatchObject({ methods: [{ method: 'web3' }] })
    })

    it.each([
      ['somebody else', async (_: SolanaKey, message: string) => (await solanaKey()).signText(message)],
      ['another text', async (key: SolanaKey, message: string) => key.signText(`${message}!`)],
      ['nobody', async () => btoa('\0'.repeat(64))],
    ])('refuses a signature of %s', async (_, sign) => {
      const page = open()
      const { key, attempt, message } = await asked(page)
      const proof = { factorId: strategy, signature: await sign(key, message) }
      expect(await refused(page.attemptFirstFactor(attempt, proof))).toMatchObject({ code: 'invalid_credentials' })
      expect(await page.session.get({ fresh: true })).toBeNull()
    })

    it.each(['', 'nonsense', '0x00', 'AA=='])('refuses %j, which is no signature', async (signature) => {
      const page = open()
      const { attempt } = await asked(page)
      expect(await refused(page.attemptFirstFactor(attempt, { factorId: strategy, signature }))).toMatchObject({
        outcome: 'refused',
      })
      expect(await page.session.get({ fresh: true })).toBeNull()
    })

    it('refuses a text of a page that is not the project’s, and one that is old', async () => {
      const page = open()
      const foreign = await asked(page, 'https://evil.example')
      const proof = { factorId: strategy, signature: await foreign.key.signText(foreign.message) }
      expect(await refused(page.attemptFirstFactor(foreign.attempt, proof))).toMatchObject({ code: 'invalid_credentials' })
      const late = await asked(page)
      place.server.advance(11 * 60_000)
      const old = { factorId: strategy, signature: await late.key.signText(late.message) }
      expect(await refused(page.attemptFirstFactor(late.attempt, old))).toMatchObject({ code: 'invalid_credentials' })
    })
  })

  it('is not asked to answer before there is a text', async () => {
    const { create, attemptFirstFactor } = openPage(place, { firstFactors })
    const attempt = await create(params)
    const proof = { factorId: 'web3_metamask_signature', signature: '0x00' }
    expect(await refused(attemptFirstFactor(attempt, proof))).toMatchObject({ code: 'not_supported' })
  })
})

describe('a passkey', () => {
  const firstFactors = ['password', 'passkey'] as const
  async function keychainOf({ id }: { id: string }) {
    const keychain = createKeychain()
    await keychain.seed(place.server.users.find((user) => user.id === id)!)
    return keychain
  }

  it('MG-03 signs in at aal1, and the second factor is still asked for', async () => {
    const ada = await addPerson(place, { totp: true })
    const { credential } = await keychainOf(ada)
    const { passkeyOptions, attemptFirstFactor, reload } = openPage(place, { firstFactors })
    const options = await passkeyOptions!()
    expect(options.publicKey).toMatchObject({ challenge: expect.any(String) as string, rpId: 'localhost' })
    expect(await reload(options)).toMatchObject({ status: 'needs_first_factor' })
    const proof = { factorId: 'passkey', credential: await credential(options.publicKey) }
    const attempt = await attemptFirstFactor(options, proof)
    expect(attempt).toMatchObject({ status: 'needs_second_factor' })
  })

  it('is one of the ways after the address, too', async () => {
    const ada = await addPerson(place)
    const keychain = await keychainOf(ada)
    const { create, prepareFirstFactor, attemptFirstFactor, finish } = openPage(place, { firstFactors })
    const attempt = await create({ identifier: ada.email })
    const { firstFactorVerification } = await prepareFirstFactor(attempt, { factorId: 'passkey' })
    const credential = await keychain.credential(firstFactorVerification!.publicKey!)
    const done = await attemptFirstFactor(attempt, { factorId: 'passkey', credential })
    expect(await finish(done)).toMatchObject({ user: { id: ada.id }, methods: [{ method: 'passkey' }] })
    expect(
      await refused(attemptFirstFactor(await create({ identifier: ada.email }), { factorId: 'passkey', credential })),
    ).toMatchObject({
      outcome: 'refused',
    })
  })

  it('that is not known, that another has signed, or whose challenge is over, says so', async () => {
    const ada = await addPerson(place)
    const [known, stranger] = [await keychainOf(ada), createKeychain()]
    await stranger.seed({ ...place.server.users[0]!, passkeys: [] })
    const { passkeyOptions, attemptFirstFactor } = openPage(place, { firstFactors })
    const answer = async ({ credential }: typeof known, { publicKey }: { publicKey: Json }) => ({
      factorId: 'passkey',
      credential: await credential(publicKey),
    })
    const first = await passkeyOptions!()
    expect(await refused(attemptFirstFactor(first, await answer(stranger, first)))).toMatchObject({ code: 'passkey_unknown' })
    expect(await refused(attemptFirstFactor(first, await answer(known, first)))).toMatchObject({ code: 'code_expired' })
    const second = await passkeyOptions!()
    const [mine, theirs] = [await answer(known, second), await answer(stranger, second)]
    const forged = { ...(theirs.credential as object), id: (mine.credential as { id: string }).id }
    expect(await refused(attemptFirstFactor(second, { ...mine, credential: forged }))).toMatchObject({ code: 'passkey_unknown' })
    const late = await passkeyOptions!()
    place.server.advance(301_000)
    expect(await refused(attemptFirstFactor(late, await answer(known, late)))).toMatchObject({ code: 'code_expired' })
  })

  it('is not offered unless it is asked for, and not possible where the client has it switched off', async () => {
    expect(openPage(place).passkeyOptions).toBeUndefined()
    const { passkeyOptions } = openPage(place, { firstFactors, client: { experimental: {} } })
    expect(await refused(passkeyOptions!())).toMatchObject({ code: 'not_supported', outcome: 'refused' })
  })
})
