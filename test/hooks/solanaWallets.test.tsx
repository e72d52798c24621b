import { registerWallet } from '@wallet-standard/wallet'
import { act, renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { solanaWallets } from '../../src/hooks/solanaWallets.js'
import { useWallets } from '../../src/hooks/useWallets.js'
import { phantom, removeSolanaWallets, solflare, testSolanaWallet } from '../support/solanaWallets.js'
import { walletProvider } from '../support/walletProvider.js'
import { metamask, removeWallets, testWallet } from '../support/wallets.js'

afterEach(() => {
  removeSolanaWallets()
  removeWallets()
  vi.restoreAllMocks()
})

const svg = 'data:image/svg+xml;base64,PHN2Zy8+'
const chain = 'solana'
const withSolana = { wrapper: walletProvider('web3_solana_signature') }
const told = ({ name }: { name: string }) => ({ uuid: `solana:${name}`, name, chain })

describe('SI-28 Solana’s wallets', () => {
  it('are those that register by the Wallet Standard, with what they say of themselves and no icon', async () => {
    for (const one of [phantom, solflare]) (await testSolanaWallet({ ...one, icon: svg })).install()
    const { result } = renderHook(() => useWallets(), withSolana)
    expect(result.current).toEqual([told(phantom), told(solflare)])
  })

  it('have icons where they are asked for, images only', async () => {
    const icons = [svg, 'https://evil.example/x.png', 'data:text/html,<script>']
    for (const [at, icon] of icons.entries()) (await testSolanaWallet({ name: `Wallet ${at}`, icon })).install()
    const { result } = renderHook(() => useWallets({ icons: true }), withSolana)
    expect(result.current.map(({ icon }) => icon)).toEqual([svg, undefined, undefined])
  })

  it('come late, too, and once, and go when they take themselves back', async () => {
    const { result } = renderHook(() => useWallets(), withSolana)
    const late = await testSolanaWallet(phantom)
    act(() => void late.install())
    act(late.register)
    expect(result.current).toEqual([told(phantom)])
    act(late.remove)
    expect(result.current).toEqual([])
  })

  it('keep their place when another comes with their name', async () => {
    const [first, thief] = [await testSolanaWallet(phantom), await testSolanaWallet(phantom)]
    first.install()
    const { result } = renderHook(() => useWallets(), withSolana)
    act(() => void thief.install())
    expect(solanaWallets.found().map(({ standard }) => standard)).toEqual([first.standard])
    act(thief.remove)
    expect(result.current).toEqual([told(phantom)])
  })

  it('are found as the standard’s own package registers them, before the page and after it', async () => {
    const added = vi.spyOn(window, 'addEventListener')
    const [early, late] = [await testSolanaWallet(phantom), await testSolanaWallet(solflare)]
    registerWallet(early.standard as never)
    const { result } = renderHook(() => useWallets(), withSolana)
    act(() => registerWallet(late.standard as never))
    expect(result.current).toEqual([told(phantom), told(solflare)])
    // That package never stops listening.
    for (const [type, listener] of added.mock.calls)
      if (type === 'wallet-standard:app-ready') removeEventListener(type, listener as EventListener)
  })

  it.each([
    ['no chain of Solana’s', { chains: ['bitcoin:mainnet'] }],
    ['no chains', { chains: null }],
    ['no list of accounts', { accounts: undefined }],
    ['no way to be asked', { features: { 'solana:signMessage': { signMessage() {} } } }],
    ['no way to sign a text', { features: { 'standard:connect': { connect() {} } } }],
    ['a feature that cannot be called', { features: { 'standard:connect': { connect() {} }, 'solana:signMessage': {} } }],
    ['a number for a name', { name: 7 }],
    ['nothing', null],
  ])('with %s are none', async (_, otherwise) => {
    const { standard } = await testSolanaWallet(phantom)
    const { name, chains, accounts, features } = standard as Record<string, unknown>
    const given = otherwise && { name, chains, accounts, features, ...otherwise }
    const { result } = renderHook(() => useWallets(), withSolana)
    act(() => {
      const welcome = (app: { register(...wallets: unknown[]): void }) => app.register(given)
      dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: welcome }))
      dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: 'me' }))
    })
    expect(result.current).toEqual([])
  })

  it('are taken in only as long as somebody watches', async () => {
    const wallet = (await testSolanaWallet(phantom)).install()
    const stop = solanaWallets.watch(() => {})
    expect(solanaWallets.found()).toHaveLength(1)
    stop()
    wallet.register()
    expect(solanaWallets.found()).toEqual([])
  })
})

describe('SI-28 the kinds of wallets', () => {
  const both = { wrapper: walletProvider('web3_metamask_signature', 'web3_solana_signature') }

  async function installBoth() {
    const ethereum = testWallet(metamask).install()
    ;(await testSolanaWallet({ name: metamask.name, chains: ['eip155:1'] })).install()
    return { uuid: ethereum.uuid, chain: 'ethereum', ...metamask }
  }

  it('are listed side by side and told apart where both sign in, also of one wallet', async () => {
    const ethereum = await installBoth()
    const { result } = renderHook(() => useWallets(), both)
    expect(result.current).toEqual([ethereum, told(metamask)])
  })

  it.each([
    ['Ethereum', 'web3_metamask_signature', 'wallet-standard:app-ready'],
    ['Solana', 'web3_solana_signature', 'eip6963:requestProvider'],
  ] as const)('are asked for where they sign in: %s alone', async (_, strategy, never) => {
    const ethereum = await installBoth()
    const asked = vi.spyOn(window, 'dispatchEvent')
    const { result } = renderHook(() => useWallets(), { wrapper: walletProvider(strategy) })
    expect(result.current).toEqual([strategy === 'web3_solana_signature' ? told(metamask) : ethereum])
    expect(asked.mock.calls.map(([{ type }]) => type)).not.toContain(never)
  })

  it('are not asked for where none signs in', async () => {
    await installBoth()
    const asked = vi.spyOn(window, 'dispatchEvent')
    const { result } = renderHook(() => useWallets(), { wrapper: walletProvider() })
    expect([result.current, asked.mock.calls]).toEqual([[], []])
  })
})
