import { useRef, useState } from 'react'
import { verifyMessage } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { page } from 'vitest/browser'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthErrorCode } from '../../src/core/AuthError.js'
import { useWallets } from '../../src/hooks/useWallets.js'
import type { WalletStrategy } from '../../src/core/strategy.js'
import { walletProvider } from '../support/walletProvider.js'
import {
  beginWithWallet,
  changesAccountAfter,
  coinbase,
  metamask,
  okx,
  rejects,
  removeWallets,
  signWithWallet,
  testWallet,
  walletFlow,
  type TestWallet,
} from '../support/wallets.js'

const strategies = ['web3_metamask_signature', 'web3_coinbase_wallet_signature', 'web3_okx_wallet_signature'] as const
const [strategy] = strategies

afterEach(removeWallets)

/** A backend that knows the first account of each wallet. */
function backendOf(wallets: readonly TestWallet[]) {
  const users = wallets.map(({ accounts }, n) => ({
    id: `u-${n}`,
    email: `u${n}@example.com`,
    wallets: accounts.slice(0, 1).map(({ address }) => address),
  }))
  return createMemoryBackend({ firstFactors: [...strategies], wallets: { verifyMessage }, users })
}

/** What the person gets who presses the wallet's button and then, where it came so far, the one to sign. */
async function signIn(wallet: TestWallet, change?: (message: string) => string, pressed: WalletStrategy = strategy) {
  const flow = walletFlow(backendOf([wallet]), change)
  const begun = await beginWithWallet(flow.signIn, pressed)
  return { flow, said: begun ?? (await signWithWallet(flow.signIn, flow.state)) }
}

describe('a wallet in the page', () => {
  it.each([
    [strategies[0], metamask],
    [strategies[1], coinbase],
    [strategies[2], okx],
  ])('signs in: %s', async (pressed, info) => {
    const wallet = testWallet(info).install()
    wallet.chainId = 137
    const { flow, said } = await signIn(wallet, undefined, pressed)
    expect(said).toBeNull()
    expect(flow.session).toMatchObject({ user: { id: 'u-0' }, methods: [{ method: pressed }] })
    const [account] = wallet.accounts
    expect(flow.begun).toEqual([{ strategy: pressed, address: account?.address, chainId: 137, origin: location.origin }])
    expect(wallet.texts).toHaveLength(1)
    expect(wallet.texts[0]).toMatch(`${location.host} wants you to sign in`)
    // It is asked again who it is before the signature, and after it.
    expect(wallet.calls).toEqual([
      'eth_requestAccounts',
      'eth_chainId',
      'eth_accounts',
      'eth_chainId',
      'personal_sign',
      'eth_accounts',
      'eth_chainId',
    ])
  })

  it('SI-28: two at once are told apart by their domains', async () => {
    const [other, wallet] = [testWallet(metamask).install(), testWallet(okx).install()]
    const { flow, said } = await signIn(wallet, undefined, 'web3_okx_wallet_signature')
    expect([said, flow.session?.user.id]).toEqual([null, 'u-0'])
    expect(other.calls).toEqual([])
  })

  it('SI-28: one of two of the same maker can be chosen', async () => {
    const [first, second] = [testWallet(metamask).install(), testWallet(metamask).install()]
    const flow = walletFlow(backendOf([second]))
    expect(await beginWithWallet(flow.signIn, strategy, { uuid: second.uuid })).toBeNull()
    expect(await signWithWallet(flow.signIn, flow.state, { uuid: second.uuid })).toBeNull()
    expect([flow.session?.user.id, first.calls]).toEqual(['u-0', []])
  })

  it('SI-28: one that announces itself late is waited for', async () => {
    const wallet = testWallet(metamask)
    setTimeout(() => wallet.install().announce(), 100)
    expect((await signIn(wallet)).said).toBeNull()
  })

  it('that is not there is said to be not supported', async () => {
    const other = testWallet(coinbase).install()
    const { flow, said } = await signIn(other)
    expect([said, flow.begun, other.calls]).toEqual(['not_supported', [], []])
  })

  it.each([
    ['eth_requestAccounts', 0],
    ['personal_sign', 1],
  ])('SI-27: may be closed at %s: nothing is sent, and it can be tried again', async (method, begun) => {
    const closed = testWallet({ ...metamask, before: rejects(method) }).install()
    const { flow, said } = await signIn(closed)
    expect([said, flow.begun.length, flow.submitted]).toEqual(['cancelled', begun, []])
    closed.remove()
    expect((await signIn(testWallet(metamask).install())).said).toBeNull()
  })

  it.each([
    ['before it is asked to sign', 'eth_requestAccounts', 0],
    ['while it signs', 'personal_sign', 1],
  ])('SI-27: whose account changes %s begins anew', async (_, method, signed) => {
    const wallet = testWallet({ ...metamask, before: changesAccountAfter(method) }).install()
    const { flow, said } = await signIn(wallet)
    expect([said, wallet.texts.length, flow.submitted]).toEqual(['wallet_changed', signed, []])
  })

  it.each<[string, (message: string) => string, AuthErrorCode]>([
    ['for another domain', (text) => text.replace(location.host, 'evil.example'), 'unknown'],
    ['for another origin', (text) => text.replace(`URI: ${location.origin}`, 'URI: https://evil.example'), 'unknown'],
    ['of another account', (text) => text.replace(/0x\w{40}/, '0x0000000000000000000000000000000000000001'), 'wallet_changed'],
    ['for another chain', (text) => text.replace('Chain ID: 1', 'Chain ID: 10'), 'wallet_changed'],
    ['with a short nonce', (text) => text.replace(/Nonce: \w+/, 'Nonce: 1234567'), 'unknown'],
    ['that is over', (text) => text.replace(/(Expiration Time: )\d+/, '$12000'), 'code_expired'],
    ['that is none', () => 'Please sign this.', 'unknown'],
    ['that is a hash', () => `0x${'ab'.repeat(32)}`, 'unknown'],
    ['that is empty', () => '', 'unknown'],
  ])('SI-26: is never asked to sign a text %s', async (_, change, code) => {
    const wallet = testWallet(metamask).install()
    const { flow, said } = await signIn(wallet, change)
    expect(said).toBe(code)
    expect(wallet.calls).not.toContain('personal_sign')
    expect(flow.submitted).toEqual([])
  })
})

describe('in a page in StrictMode', () => {
  function Page({ flow, icons }: { flow: ReturnType<typeof walletFlow>; icons?: boolean }) {
    const wallets = useWallets({ icons: icons ?? false })
    const [said, say] = useState('')
    const control = useRef<AbortController>(null)
    async function press() {
      control.current ??= new AbortController()
      const { signal } = control.current
      const begun = await beginWithWallet(flow.signIn, strategy, { signal })
      say(begun ?? (await signWithWallet(flow.signIn, flow.state, { signal })) ?? `Hello ${flow.session?.user.id}`)
    }
    return (
      <>
        <ul>
          {wallets.map(({ uuid, name, icon }) => (
            <li key={uuid}>
              {icon && <img src={icon} alt="" />}
              {name}
            </li>
          ))}
        </ul>
        <button onClick={() => void press()}>Sign in</button>
        <p role="status">{said}</p>
      </>
    )
  }

  it('SI-28: each wallet is listed once', async () => {
    const wallet = testWallet(metamask).install()
    testWallet(okx).install()
    const flow = walletFlow(backendOf([wallet]))
    await render(<Page flow={flow} />, { wrapper: walletProvider(strategy) })
    expect(
      page
        .getByRole('listitem')
        .elements()
        .map((one) => one.textContent),
    ).toEqual(['MetaMask', 'OKX Wallet'])
    await page.getByRole('button').click()
    await expect.element(page.getByRole('status')).toHaveTextContent('Hello u-0')
    expect(wallet.calls.filter((method) => /request|sign/.test(method))).toEqual(['eth_requestAccounts', 'personal_sign'])
    expect([flow.begun.length, flow.submitted.length]).toEqual([1, 1])
  })

  it('SI-28: an icon is no part of the page unless it is asked for, and its scripts do not run', async () => {
    const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" onload="parent.iconRan=1"><script>parent.iconRan=1</script></svg>')}`
    const wallet = testWallet({ ...metamask, icon }).install()
    const flow = walletFlow(backendOf([wallet]))
    const { rerender, container } = await render(<Page flow={flow} />, { wrapper: walletProvider(strategy) })
    expect(container.querySelectorAll('img')).toHaveLength(0)
    await rerender(<Page flow={flow} icons />)
    const image = container.querySelector('img')
    await image?.decode().catch(() => {})
    expect(image?.src).toBe(icon)
    expect('iconRan' in window).toBe(false)
  })
})
