import { renderHook, act } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { createElement } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useWallets } from '../../src/hooks/useWallets.js'
import { ethereumWallets, walletFor, type FoundWallet } from '../../src/hooks/wallets.js'
import { walletProvider } from '../support/walletProvider.js'
import { coinbase, metamask, okx, removeWallets, testWallet } from '../support/wallets.js'

afterEach(removeWallets)

const chain = 'ethereum'
const withEthereum = walletProvider('web3_metamask_signature')
const svg = 'data:image/svg+xml;base64,PHN2Zy8+'
const named = (rdns: string): FoundWallet => ({
  uuid: rdns,
  name: rdns,
  chain: 'ethereum',
  rdns,
  provider: { request: async () => null },
})
const announce = (detail: unknown) => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))

describe('SI-28 wallets', () => {
  it('are those that announce themselves, with what they say of themselves and no icon', () => {
    const [one, two] = [testWallet({ ...metamask, icon: svg }).install(), testWallet(coinbase).install()]
    const { result } = renderHook(() => useWallets(), { wrapper: withEthereum })
    expect(result.current).toEqual([
      { uuid: one.uuid, chain, ...metamask },
      { uuid: two.uuid, chain, ...coinbase },
    ])
  })

  it('have icons where they are asked for, images only', () => {
    const icons = [
      svg,
      'DATA:image/png;base64,AA==',
      'https://evil.example/x.png',
      'javascript:alert(1)',
      'data:text/html,<script>',
    ]
    for (const icon of icons) testWallet({ ...metamask, icon }).install()
    const { result } = renderHook(() => useWallets({ icons: true }), { wrapper: withEthereum })
    expect(result.current.map(({ icon }) => icon)).toEqual([...icons.slice(0, 2), undefined, undefined, undefined])
  })

  it('come late, too, and once', () => {
    const { result } = renderHook(() => useWallets(), { wrapper: withEthereum })
    expect(result.current).toEqual([])
    const late = testWallet(okx)
    act(late.announce)
    act(late.announce)
    expect(result.current).toEqual([{ uuid: late.uuid, chain, ...okx }])
  })

  it('keep their place when another comes with their id', () => {
    const first = testWallet(metamask).install()
    testWallet({ name: 'Thief', rdns: 'io.metamask', uuid: first.uuid }).install()
    const { result } = renderHook(() => useWallets(), { wrapper: withEthereum })
    expect(result.current).toEqual([{ uuid: first.uuid, chain, ...metamask }])
  })

  it.each([
    ['nothing', null],
    ['a text', 'metamask'],
    ['no provider', { info: { uuid: '1', ...metamask } }],
    ['a provider that cannot be asked', { info: { uuid: '1', ...metamask }, provider: { request: 'yes' } }],
    ['no info', { provider: { request() {} } }],
    ['a number for a name', { info: { uuid: '1', name: 1, rdns: 'io.metamask' }, provider: { request() {} } }],
    ['no domain', { info: { uuid: '1', name: 'MetaMask' }, provider: { request() {} } }],
  ])('that announce %s are none', (_, detail) => {
    const { result } = renderHook(() => useWallets(), { wrapper: withEthereum })
    act(() => void announce(detail))
    expect(result.current).toEqual([])
  })

  it('never come from window.ethereum', () => {
    vi.stubGlobal('ethereum', { isMetaMask: true, request: async () => [] })
    const { result } = renderHook(() => useWallets(), { wrapper: withEthereum })
    expect(result.current).toEqual([])
    vi.unstubAllGlobals()
  })

  it('are none on a server', () => {
    const Shown = () => createElement('p', null, useWallets().length)
    expect(renderToString(createElement(withEthereum, null, createElement(Shown)))).toContain('0')
  })

  it('are listened to as long as somebody watches', () => {
    const add = vi.spyOn(window, 'addEventListener')
    const remove = vi.spyOn(window, 'removeEventListener')
    const count = (spy: typeof add) => spy.mock.calls.filter(([type]) => type === 'eip6963:announceProvider').length
    const { watch, found } = ethereumWallets
    const [first, second] = [watch(() => {}), watch(() => {})]
    testWallet(metamask).announce()
    first()
    expect([count(add), count(remove), found().length]).toEqual([1, 0, 1])
    second()
    expect([count(add), count(remove), found().length]).toEqual([1, 1, 0])
    vi.restoreAllMocks()
  })

  it.each([
    ['web3_metamask_signature', ['io.rabby', 'io.metamask.flask', 'io.metamask'], 'io.metamask'],
    ['web3_metamask_signature', ['io.rabby', 'io.metamask.flask'], 'io.metamask.flask'],
    ['web3_metamask_signature', ['io.metamaskfake', 'com.evil.io.metamask', 'metamask.io'], undefined],
    ['web3_coinbase_wallet_signature', ['com.okex.wallet', 'com.coinbase.wallet'], 'com.coinbase.wallet'],
    ['web3_okx_wallet_signature', ['com.coinbase.wallet', 'com.okex.wallet'], 'com.okex.wallet'],
    ['web3_base_signature', ['com.coinbase.wallet'], undefined],
    ['web3_base_signature', ['com.coinbase.wallet', 'app.base.account'], 'app.base.account'],
    ['web3_rabby_signature', ['io.metamask', 'io.rabby'], 'io.rabby'],
    ['web3_trust_wallet_signature', ['com.trustwallet.app'], 'com.trustwallet.app'],
    ['web3_constructor_signature', ['io.metamask'], undefined],
  ] as const)('of %s among %j: %s', (strategy, domains, found) => {
    expect(walletFor(strategy, domains.map(named))?.rdns).toBe(found)
  })
})
