// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import { siweFault } from '../../../src/core/siwe.js'
import { solanaKey } from '../../support/solanaKey.js'
import { everyWay } from '../../support/everyWay.js'
import { everyHouse, sent } from './everyHouse.js'
import { minute, password, refused, start } from './house.js'

const origin = 'https://app.example:8443'
const strategy = 'web3_solana_signature'
const factorId = `${strategy}:1`
const [own, other] = [await solanaKey(), await solanaKey()]
const kim = { id: 'u-kim', email: 'kim@example.com', password, wallets: [own.address] }

const house = (options: object = {}) => everyHouse({ users: [kim], ...options })

async function asked({ signIn }: AuthAdapter, address = own.address) {
  const begun = await signIn.create({ strategy, address, origin })
  const attempt = await signIn.prepareFirstFactor(begun, { factorId })
  return { attempt, message: sent(attempt).message ?? '' }
}

describe('a Solana wallet', () => {
  it('SI-26 signs in by what it signs: a text of this page, this account and now', async () => {
    const { signIn } = house().adapter
    const { attempt, message } = await asked({ signIn } as AuthAdapter)
    expect(siweFault(message, { origin, address: own.address, now: start })).toBeNull()
    expect(siweFault(message, { origin, address: own.address, now: start + 5 * minute })).toBe('expired')
    const passed = await signIn.attemptFirstFactor(attempt, { factorId, signature: await own.signText(message) })
    expect(await signIn.finish(passed)).toMatchObject({ user: { id: kim.id }, methods: [{ method: strategy }] })
  })

  it('is followed by a second factor that has to be sent', async () => {
    const { signIn } = house({ users: [{ ...kim, emailSecondFactor: true }] }).adapter
    const { attempt, message } = await asked({ signIn } as AuthAdapter)
    const passed = await signIn.attemptFirstFactor(attempt, { factorId, signature: await own.signText(message) })
    const second = passed.supportedSecondFactors?.find((one) => one.strategy === 'email_code')?.id ?? ''
    const { secondFactorVerification } = await signIn.prepareSecondFactor(attempt, { factorId: second })
    expect(secondFactorVerification).toMatchObject({ factorId: second, codeLength: 6 })
  })

  it('SI-13 a wrong signature and the right one of an address that nobody has read the same', async () => {
    const { adapter } = house()
    const wrong = await asked(adapter)
    const unknown = await asked(adapter, other.address)
    for (const { attempt, message } of [wrong, unknown]) {
      const signature = await other.signText(message)
      await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature }), 'invalid_credentials', {
        message: 'invalid_credentials',
      })
    }
  })

  it('SI-26 whose address is written in other letters is another’s', async () => {
    const { adapter } = house()
    const swapped = own.address.replace(/[a-hjkmnp-z]/, (letter) => letter.toUpperCase())
    const { attempt, message } = await asked(adapter, swapped)
    const signature = await own.signText(message)
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature }), 'invalid_credentials')
  })

  it('needs an address in base58; one of Ethereum is none, nor is this one for Ethereum', async () => {
    const { signIn } = house().adapter
    const ethereum = `0x${'a1'.repeat(20)}`
    for (const address of [ethereum, own.address.slice(0, 20), `${own.address}0`])
      await refused(signIn.create({ strategy, address, origin }), 'identifier_invalid')
    const params = { strategy: 'web3_metamask_signature', address: own.address, chainId: 1, origin } as const
    await refused(signIn.create(params), 'identifier_invalid')
  })

  it('is let in by nothing but a check of its own kind', async () => {
    const { adapter } = house({ wallets: { ...everyWay.wallets, verifyMessage: () => true, verifySolana: undefined } })
    const { attempt, message } = await asked(adapter)
    const signature = await own.signText(message)
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, signature }), 'invalid_credentials')
  })
})
