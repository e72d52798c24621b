import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FlowState } from '../../src/core/flow.js'
import { siweMessage } from '../../src/core/siweMessage.js'
import { walletAccount, walletChoices, walletSignature } from '../../src/hooks/walletCeremony.js'
import { attempt } from '../support/contractBuilders.js'
import { phantom, removeSolanaWallets, solflare, testSolanaWallet, type TestSolanaWallet } from '../support/solanaWallets.js'
import { beginWithWallet, metamask, removeWallets, signWithWallet, testWallet, walletError } from '../support/wallets.js'

const strategy = 'web3_solana_signature'
const create = vi.fn(async () => {})
const submit = vi.fn(async () => {})

beforeEach(() => vi.clearAllMocks())
afterEach(() => {
  removeSolanaWallets()
  removeWallets()
})

const begin = (options = {}) => beginWithWallet({ create }, strategy, options)
const sign = (state: FlowState, options = {}) => signWithWallet({ submit }, state, options)
const addressOf = ({ keys: [key] }: TestSolanaWallet) => key?.address ?? ''
const textFor = (wallet: TestSolanaWallet, origin = location.origin) =>
  siweMessage({ address: addressOf(wallet), origin }, new Date())

/** The step in which a signature of this text is waited for. */
function asked(message: string): FlowState {
  const factor = { id: `${strategy}:1`, strategy } as const
  const base = { pending: null, problem: null, identifier: '', attempt: attempt(), factors: [factor], factor }
  const empty = { sent: 'no', sends: 0, failures: 0, codeLength: 6, codeType: 'numeric' } as const
  return { ...base, step: 'first-factor', challenge: { ...empty, message } }
}

async function installed(options: Partial<Parameters<typeof testSolanaWallet>[0]> = {}) {
  return (await testSolanaWallet({ ...phantom, ...options })).install()
}

describe('SI-26 a Solana wallet', () => {
  it('is asked for its account, and signs the text as it is, in base64', async () => {
    const wallet = await installed()
    expect(await walletAccount(strategy)).toEqual({ strategy, address: addressOf(wallet), origin: location.origin })
    const message = textFor(wallet)
    const { signature } = await walletSignature(asked(message))
    expect(wallet.texts).toEqual([message])
    expect(wallet.calls).toEqual(['connect', 'signMessage'])
    expect(await wallet.keys[0]?.verifyText(message, signature)).toBe(true)
    expect(signature).toMatch(/^[A-Za-z\d+/]{86}==$/)
  })

  it.each([
    ['another page', (wallet: TestSolanaWallet) => textFor(wallet, 'https://evil.example'), 'unknown'],
    [
      'a page and a domain that differ',
      (wallet: TestSolanaWallet) => textFor(wallet).replace(location.host, 'evil.example'),
      'unknown',
    ],
    [
      'another account',
      (wallet: TestSolanaWallet) =>
        textFor({ ...wallet, keys: [] })
          .replace('\n\n', '\n11111111111111111111111111111111\n\n')
          .replace(':\n\n', ':\n'),
      'wallet_changed',
    ],
    [
      'its account in lower case',
      (wallet: TestSolanaWallet) =>
        textFor(wallet).replace(addressOf(wallet), addressOf(wallet).toLowerCase().replaceAll('l', 'm')),
      'wallet_changed',
    ],
    ['Ethereum', (wallet: TestSolanaWallet) => textFor(wallet).replace('Solana', 'Ethereum'), 'unknown'],
    ['nobody', () => 'Please sign this.', 'unknown'],
    [
      'an hour that is over',
      (wallet: TestSolanaWallet) => `${textFor(wallet)}\nExpiration Time: 2000-01-01T00:00:00Z`,
      'code_expired',
    ],
  ] as const)('is never asked to sign a text for %s', async (_, textOf, said) => {
    const wallet = await installed()
    wallet.connected = true
    expect(await sign(asked(textOf(wallet)))).toBe(said)
    expect(wallet.calls).toEqual([])
    expect(submit).not.toHaveBeenCalled()
  })

  it.each([
    ['puts something before the text', (message: Uint8Array) => new Uint8Array([255, ...message])],
    ['signs another text', () => new TextEncoder().encode('I owe you')],
  ])('that %s has signed nothing', async (_, signs) => {
    const wallet = await installed({ signs })
    wallet.connected = true
    expect(await sign(asked(textFor(wallet)))).toBe('unknown')
    expect(submit).not.toHaveBeenCalled()
  })

  it('that lists accounts of other chains first is asked for its Solana account', async () => {
    const wallet = await testSolanaWallet(phantom)
    const { features, ...rest } = wallet.standard as { features: object }
    const accounts = [
      { address: `0x${'a1'.repeat(20)}`, chains: ['eip155:1'] },
      // In base58, too.
      { address: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', chains: ['bitcoin:mainnet'] },
      { address: addressOf(wallet), chains: ['solana:mainnet'] },
    ]
    const connect = { connect: async () => ({ accounts }) }
    Object.assign(wallet, { standard: { ...rest, features: { ...features, 'standard:connect': connect } } })
    wallet.install()
    expect(await walletAccount(strategy)).toMatchObject({ address: addressOf(wallet) })
  })

  it('of several accounts signs with the one that the text names', async () => {
    const wallet = await installed()
    wallet.connected = true
    const message = textFor(wallet)
    wallet.keys.reverse()
    const { signature } = await walletSignature(asked(message))
    expect(await wallet.keys[1]?.verifyText(message, signature)).toBe(true)
  })
})

describe('SI-27 a Solana wallet', () => {
  it.each([
    [walletError(4001), 'cancelled'],
    [walletError(4001000), 'cancelled'],
    [new Error('User rejected the request.'), 'cancelled'],
    [walletError(4900), 'unavailable'],
    [new Error('Something else.'), 'unknown'],
    [undefined, 'unknown'],
  ])('that says %s is told as %s at every question, and nothing is sent', async (thrown, said) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- wallets reject with anything
    const before = () => Promise.reject(thrown)
    const wallet = await installed({ before })
    expect(await begin()).toBe(said)
    wallet.connected = true
    expect(await sign(asked(textFor(wallet)))).toBe(said)
    expect([create.mock.calls, submit.mock.calls]).toEqual([[], []])
  })

  it.each([
    ['no account', [], 'cancelled'],
    ['what is no account', [{ address: '0x12' }], 'unknown'],
    ['a number', [{ address: 7 }], 'unknown'],
  ])('that shows %s begins nothing', async (_, accounts, said) => {
    const wallet = await testSolanaWallet(phantom)
    const { features, ...rest } = wallet.standard as { features: object }
    const connect = { connect: async () => ({ accounts }) }
    Object.assign(wallet, { standard: { ...rest, features: { ...features, 'standard:connect': connect } } })
    wallet.install()
    expect(await begin()).toBe(said)
    expect(create).not.toHaveBeenCalled()
  })

  it.each([
    ['before it is asked', 0],
    ['while it signs', 1],
  ])('whose account goes %s begins anew: no signature leaves', async (_, signed) => {
    const wallet = await installed({
      signs(message) {
        wallet.keys.reverse().pop()
        return message
      },
    })
    wallet.connected = true
    const state = asked(textFor(wallet))
    if (!signed) wallet.keys.reverse().pop()
    expect(await sign(state)).toBe('wallet_changed')
    expect(wallet.calls.includes('signMessage')).toBe(signed === 1)
    expect(submit).not.toHaveBeenCalled()
  })

  it('after a reload is asked for its accounts without a question to the person', async () => {
    const wallet = await installed()
    expect(await sign(asked(textFor(wallet)))).toBeNull()
    expect(wallet.calls.filter((call) => call.startsWith('connect'))).not.toContain('connect')
    expect(wallet.texts).toHaveLength(1)
  })

  it('that is locked after a reload says nothing for its person: the sign-in begins anew', async () => {
    const wallet = await installed({ before: () => Promise.reject(walletError(4001)) })
    expect(await sign(asked(textFor(wallet)))).toBe('wallet_changed')
    expect(wallet.calls).toEqual(['connect silently'])
  })

  it('that never answers is left by an abort', async () => {
    await installed({ before: () => new Promise(() => {}) })
    const control = new AbortController()
    const waiting = begin({ signal: control.signal })
    setTimeout(() => control.abort(), 20)
    expect(await waiting).toBe('cancelled')
  })
})

describe('SI-28 several Solana wallets', () => {
  it('are for the person to choose from; one alone, and Ethereum’s, are not', async () => {
    testWallet(metamask).install()
    expect(walletChoices(strategy)).toEqual([])
    await installed()
    expect(walletChoices(strategy)).toEqual([])
    await installed(solflare)
    expect(walletChoices(strategy)).toEqual([
      { uuid: 'solana:Phantom', name: 'Phantom' },
      { uuid: 'solana:Solflare', name: 'Solflare' },
    ])
    expect(walletChoices('web3_metamask_signature')).toEqual([])
  })

  it('are asked one by one: the chosen one, and later the one that has the account', async () => {
    const [first, second] = [await installed(), await installed(solflare)]
    expect(await walletAccount(strategy, { uuid: 'solana:Solflare' })).toMatchObject({ address: addressOf(second) })
    expect(await sign(asked(textFor(second)))).toBeNull()
    expect(first.calls).toEqual([])
  })

  it('are never Ethereum’s, and where there is none it is said', async () => {
    const wallet = testWallet(metamask).install()
    expect(await begin()).toBe('not_supported')
    expect(wallet.calls).toEqual([])
  })

  it('one that registers late is waited for', async () => {
    const wallet = await testSolanaWallet(phantom)
    setTimeout(() => wallet.install(), 100)
    expect(await begin()).toBeNull()
  })
})
