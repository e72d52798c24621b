import fc from 'fast-check'
import { getAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { errorTable, isAuthError } from '../../src/core/AuthError.js'
import type { FlowState } from '../../src/core/flow.js'
import { siweMessage } from '../../src/core/siweMessage.js'
import { walletAccount, walletSignature } from '../../src/hooks/walletCeremony.js'
import { attempt } from '../support/contractBuilders.js'
import {
  beginWithWallet,
  changesAccountAfter,
  metamask,
  rejects,
  removeWallets,
  signWithWallet,
  testWallet,
  walletError,
  type TestWallet,
} from '../support/wallets.js'

const strategy = 'web3_metamask_signature'
const create = vi.fn(async () => {})
const submit = vi.fn(async () => {})

beforeEach(() => vi.clearAllMocks())
afterEach(removeWallets)

const begin = (options = {}) => beginWithWallet({ create }, strategy, options)
const sign = (state: FlowState, options = {}) => signWithWallet({ submit }, state, options)

/** The step in which this wallet's signature is waited for. */
function asked({ accounts: [account], chainId }: TestWallet, challenge: object = {}): FlowState {
  const message = siweMessage({ address: account?.address ?? '', chainId, origin: location.origin }, new Date())
  const factor = { id: `${strategy}:1`, strategy } as const
  const base = { pending: null, problem: null, identifier: '', attempt: attempt(), factors: [factor], factor }
  const empty = { sent: 'no', sends: 0, failures: 0, codeLength: 6, codeType: 'numeric' } as const
  return { ...base, step: 'first-factor', challenge: { ...empty, message, ...challenge } }
}

/** Answers the method with something else. */
function answering(method: string, answer: unknown) {
  const wallet = testWallet(metamask)
  const request = async (call: { method: string }) => {
    wallet.calls.push(call.method)
    if (call.method === method) return answer
    return call.method === 'eth_chainId' ? '0x1' : [wallet.accounts[0]?.address]
  }
  wallet.announce = () => {
    const info = { uuid: wallet.uuid, ...metamask }
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider: { request } } }))
  }
  return wallet.install()
}

describe('SI-27 what a wallet refuses', () => {
  it.each([
    [4001, 'cancelled', 'retry'],
    [4100, 'cancelled', 'retry'],
    [4200, 'not_supported', 'other'],
    [4900, 'unavailable', 'retry'],
    [4901, 'unavailable', 'retry'],
    [-32002, 'unavailable', 'retry'],
    [-32004, 'not_supported', 'other'],
    [-32601, 'not_supported', 'other'],
    [-32603, 'unknown', 'retry'],
  ] as const)('%i is told as %s at every question', async (code, said, allowed) => {
    expect(errorTable[said]).toBe(allowed)
    for (const method of ['eth_requestAccounts', 'eth_chainId', 'eth_accounts', 'personal_sign']) {
      const wallet = testWallet({
        ...metamask,
        before: (_, now) => {
          if (now === method) throw walletError(code)
        },
      }).install()
      if (method === 'eth_requestAccounts' || method === 'eth_chainId') expect(await begin()).toBe(said)
      if (method !== 'eth_requestAccounts') expect(await sign(asked(wallet))).toBe(said)
      wallet.remove()
    }
    expect(create).not.toHaveBeenCalled()
    expect(submit).not.toHaveBeenCalled()
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'no'],
    ['null', null],
    ['an object with an odd code', { code: 'constructor' }],
  ])('%s is told as unknown', async (_, thrown) => {
    testWallet({
      ...metamask,
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- wallets reject with anything
      before: () => Promise.reject(thrown),
    }).install()
    expect(await begin()).toBe('unknown')
  })

  it('nothing of what a wallet says is in the error', async () => {
    const wallet = testWallet({ ...metamask, before: rejects('eth_requestAccounts') }).install()
    const thrown: unknown = await walletAccount(strategy).catch((error: unknown) => error)
    expect(isAuthError(thrown) && { ...thrown, message: thrown.message }).toEqual({
      name: 'AuthError',
      code: 'cancelled',
      outcome: 'refused',
      message: 'The wallet refused eth_requestAccounts.',
    })
    expect(wallet.calls).toEqual(['eth_requestAccounts'])
  })

  it.each([
    ['eth_requestAccounts', [], 'cancelled'],
    ['eth_requestAccounts', null, 'cancelled'],
    ['eth_requestAccounts', ['0x12'], 'unknown'],
    ['eth_requestAccounts', [{}], 'unknown'],
    ['eth_chainId', null, 'unknown'],
    ['eth_chainId', '0x', 'unknown'],
    ['eth_chainId', '0x0', 'unknown'],
    ['eth_chainId', '0xffffffffffffffffff', 'unknown'],
  ])('an answer to %s that is none, %j, begins nothing', async (method, answer, said) => {
    answering(method, answer)
    expect(await begin()).toBe(said)
    expect(create).not.toHaveBeenCalled()
  })

  it('an answer that is no signature is not submitted', async () => {
    expect(await sign(asked(answering('personal_sign', { r: '0x1' })))).toBe('unknown')
    expect(submit).not.toHaveBeenCalled()
  })
})

describe('SI-27 what changes meanwhile', () => {
  it.each([
    ['before it is asked to sign', (wallet: TestWallet) => wallet.accounts.reverse(), 0],
    ['to none', (wallet: TestWallet) => wallet.accounts.splice(0), 0],
  ])('another account %s: nothing is signed', async (_, change, signed) => {
    const wallet = testWallet(metamask).install()
    const state = asked(wallet)
    change(wallet)
    expect(await sign(state)).toBe('wallet_changed')
    expect(wallet.texts).toHaveLength(signed)
    expect(submit).not.toHaveBeenCalled()
  })

  it('another chain before it is asked to sign: nothing is signed', async () => {
    const wallet = testWallet(metamask).install()
    const state = asked(wallet)
    wallet.chainId = 10
    expect(await sign(state)).toBe('wallet_changed')
    expect(wallet.calls).not.toContain('personal_sign')
  })

  it.each([
    ['account', changesAccountAfter('personal_sign')],
    [
      'chain',
      (wallet: TestWallet, method: string) => {
        if (method === 'personal_sign') wallet.chainId = 10
      },
    ],
  ])('another %s while it signs: the signature is thrown away', async (_, before) => {
    const wallet = testWallet({ ...metamask, before }).install()
    expect(await sign(asked(wallet))).toBe('wallet_changed')
    expect(wallet.texts).toHaveLength(1)
    expect(submit).not.toHaveBeenCalled()
    expect(errorTable.wallet_changed).toBe('restart')
  })
})

describe('a challenge that has no text to sign', () => {
  it('that is none, has none or is over is never signed', async () => {
    const wallet = testWallet(metamask).install()
    expect(await sign({ step: 'start', pending: null, problem: null, identifier: '' })).toBe('attempt_lost')
    expect(await sign(asked(wallet, { message: undefined }))).toBe('code_expired')
    expect(await sign(asked(wallet, { expiresAt: performance.now() }))).toBe('code_expired')
    expect(await sign(asked(wallet), { now: Date.parse('2000-01-01') })).toBeNull()
    const ended = asked(wallet)
    const message = ended.step === 'first-factor' ? `${ended.challenge.message}\nExpiration Time: 2999-01-01T00:00:00Z` : ''
    expect(await sign(asked(wallet, { message }), { now: Date.parse('2999-01-01') })).toBe('code_expired')
    expect(submit).toHaveBeenCalledTimes(1)
    expect(wallet.texts).toHaveLength(1)
  })
})

describe('a ceremony that is ended', () => {
  it('an abort ends it at every question, and the wallet is asked nothing more', async () => {
    for (const method of ['eth_requestAccounts', 'eth_chainId']) {
      const control = new AbortController()
      const wallet = testWallet({ ...metamask, before: (_, now) => now === method && control.abort() }).install()
      expect(await begin({ signal: control.signal })).toBe('cancelled')
      expect(wallet.calls.at(-1)).toBe(method)
      wallet.remove()
    }
    for (const method of ['eth_accounts', 'eth_chainId', 'personal_sign']) {
      const control = new AbortController()
      const wallet = testWallet({ ...metamask, before: (_, now) => now === method && control.abort() }).install()
      expect(await sign(asked(wallet), { signal: control.signal })).toBe('cancelled')
      expect(wallet.calls.at(-1)).toBe(method)
      wallet.remove()
    }
    expect([create.mock.calls, submit.mock.calls]).toEqual([[], []])
  })

  it('before it began asks nothing', async () => {
    const wallet = testWallet(metamask).install()
    expect(await begin({ signal: AbortSignal.abort() })).toBe('cancelled')
    expect(wallet.calls).toEqual([])
  })

  it('a wallet that never answers is left by an abort', async () => {
    const control = new AbortController()
    testWallet({ ...metamask, before: () => new Promise(() => {}) }).install()
    const waiting = begin({ signal: control.signal })
    setTimeout(() => control.abort(), 20)
    expect(await waiting).toBe('cancelled')
  })
})

it('SI-28 the first wallet to announce itself need not be the one that is meant', async () => {
  const flask = testWallet({ name: 'MetaMask Flask', rdns: 'io.metamask.flask' }).install()
  const wallet = testWallet(metamask).install()
  expect(await begin()).toBeNull()
  expect([flask.calls, wallet.calls]).toEqual([[], ['eth_requestAccounts', 'eth_chainId']])
})

it('SI-26 the account has ERC-55’s checksum', async () => {
  const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(bytes, async (of) => {
      const raw = `0x${Buffer.from(of).toString('hex')}` as const
      const wallet = answering('eth_requestAccounts', [raw])
      const { address } = await walletAccount(strategy).finally(wallet.remove)
      expect(address).toBe(getAddress(raw))
    }),
  )
})

it('the text is handed over as it is, in hex of its UTF-8', async () => {
  const wallet = testWallet(metamask).install()
  const state = asked(wallet)
  const { signature } = await walletSignature(state)
  expect(signature).toMatch(/^0x[\da-f]{130}$/)
  expect(state.step === 'first-factor' && state.challenge.message).toBe(wallet.texts[0])
})
