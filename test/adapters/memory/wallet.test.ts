// @vitest-environment node
import { verifyMessage } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { parseSiweMessage, validateSiweMessage } from 'viem/siwe'
import { describe, expect, it } from 'vitest'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { WalletVerifier } from '../../../src/adapters/memory/index.js'
import { alan, everyHouse, sent, told } from './everyHouse.js'
import { minute, password, refused, start, totpNow } from './house.js'

const origin = 'https://app.example:8443'
const strategy = 'web3_metamask_signature'
const factorId = `${strategy}:1`
const [own, other] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())]
const kim = { id: 'u-kim', email: 'kim@example.com', password, wallets: [own.address.toLowerCase()] }

const house = (user: object = {}) => everyHouse({ users: [{ ...kim, ...user }] })

async function asked({ signIn }: AuthAdapter, address: string = own.address) {
  const begun = await signIn.create({ strategy, address, chainId: 10, origin })
  const attempt = await signIn.prepareFirstFactor(begun, { factorId })
  return { attempt, message: sent(attempt).message ?? '' }
}

describe('a wallet', () => {
  it.each(['metamask', 'coinbase_wallet', 'okx_wallet'] as const)('of %s signs in by what it signs', async (name) => {
    const { signIn } = house().adapter
    const only = `web3_${name}_signature` as const
    const attempt = await signIn.create({ strategy: only, address: own.address, chainId: 1, origin })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', identifier: own.address, firstFactorVerification: null })
    expect(attempt.supportedFirstFactors).toEqual([{ id: `${only}:1`, strategy: only }])
    const { message = '' } = sent(await signIn.prepareFirstFactor(attempt, { factorId: `${only}:1` }))
    const signature = await own.signMessage({ message })
    const passed = await signIn.attemptFirstFactor(attempt, { factorId: `${only}:1`, signature })
    expect(await signIn.finish(passed)).toMatchObject({ user: { id: kim.id }, methods: [{ method: only }] })
  })

  it('SI-26: is shown an EIP-4361 text of this page, this chain and now, with a nonce of its own', async () => {
    const { adapter } = house()
    const [{ message }, { message: next }] = [await asked(adapter), await asked(adapter)]
    const read = parseSiweMessage(message)
    expect(read).toMatchObject({
      domain: 'app.example:8443',
      address: own.address,
      uri: origin,
      version: '1',
      chainId: 10,
      issuedAt: new Date(start),
      expirationTime: new Date(start + 5 * minute),
    })
    expect(validateSiweMessage({ message: read, domain: 'app.example:8443', time: new Date(start) })).toBe(true)
    expect(read.nonce).toMatch(/^[a-z\d]{8,}$/i)
    expect(parseSiweMessage(next).nonce).not.toBe(read.nonce)
  })

  it('SI-13: a wrong signature and the right one of an address that nobody has read the same', async () => {
    const { adapter } = house()
    const [wrong, unknown] = [await asked(adapter), await asked(adapter, other.address)]
    expect(Object.keys(told(unknown.attempt))).toEqual(Object.keys(told(wrong.attempt)))
    for (const { attempt, message } of [wrong, unknown]) {
      const signature = await other.signMessage({ message })
      await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature }), 'invalid_credentials', {
        message: 'invalid_credentials',
      })
    }
    const { attempt } = await asked(adapter)
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature: 'nonsense' }), 'invalid_credentials')
  })

  it('has a message for one answer, and not for long', async () => {
    const backend = house()
    const { signIn } = backend.adapter
    const { attempt, message } = await asked(backend.adapter)
    const signature = await own.signMessage({ message })
    await refused(signIn.attemptFirstFactor(attempt, { factorId, signature: '0x00' }), 'invalid_credentials')
    await refused(signIn.attemptFirstFactor(attempt, { factorId, signature }), 'code_expired')
    await signIn.prepareFirstFactor(attempt, { factorId })
    await refused(signIn.attemptFirstFactor(attempt, { factorId, signature }), 'invalid_credentials')
    const late = await asked(backend.adapter)
    const good = await own.signMessage({ message: late.message })
    backend.clock.advance(5 * minute)
    await refused(signIn.attemptFirstFactor(late.attempt, { factorId, signature: good }), 'code_expired')
  })

  it('is followed by the second factor', async () => {
    const backend = house({ totp: alan.totp })
    const { signIn } = backend.adapter
    const { attempt, message } = await asked(backend.adapter)
    const signature = await own.signMessage({ message })
    const passed = await signIn.attemptFirstFactor(attempt, { factorId, signature })
    const proof = { factorId: passed.supportedSecondFactors?.[0]?.id ?? '', code: totpNow(backend) }
    expect(await signIn.attemptSecondFactor(attempt, proof)).toMatchObject({ status: 'complete' })
  })

  it('is no way round a lock', async () => {
    const { adapter } = house({ locked: true })
    const { attempt, message } = await asked(adapter)
    const signature = await own.signMessage({ message })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature }), 'locked')
  })

  it('needs an address, a page and a name that is offered', async () => {
    const { signIn } = house().adapter
    const given = { strategy, address: own.address, chainId: 1, origin } as const
    await refused(signIn.create({ ...given, address: '0x123' }), 'identifier_invalid')
    await refused(signIn.create({ ...given, origin: 'here' }), 'identifier_invalid')
    await refused(signIn.create({ ...given, strategy: 'web3_base_signature' }), 'not_supported')
  })

  it('is checked once by whatever was handed in, and a check that fails is a no', async () => {
    const seen: string[] = []
    const wallets: WalletVerifier = {
      verifyMessage: async (signed) => {
        seen.push(signed.address)
        if (signed.signature === '0x00') throw new Error('The node is down.')
        return verifyMessage(signed)
      },
    }
    const { adapter } = everyHouse({ users: [kim], wallets })
    const { attempt } = await asked(adapter)
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature: '0x00' }), 'invalid_credentials')
    expect(seen).toEqual([own.address])
  })
})
