import { verifyMessage } from 'viem'
import { page } from 'vitest/browser'
import { afterEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { SignIn, type SignInProps } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'
import '../../../src/styles.css'
import {
  changesAccountAfter,
  coinbase,
  metamask,
  okx,
  rejects,
  removeWallets,
  testWallet,
  type TestWallet,
} from '../../support/wallets.js'

const strategies = ['web3_metamask_signature', 'web3_coinbase_wallet_signature', 'web3_okx_wallet_signature'] as const

afterEach(removeWallets)

async function opened(wallet: TestWallet, props?: SignInProps) {
  const wallets = wallet.accounts.slice(0, 1).map(({ address }) => address)
  const backend = createMemoryBackend({
    firstFactors: ['password', ...strategies],
    wallets: { verifyMessage },
    users: [{ id: 'ada', email: 'ada@example.com', wallets }],
  })
  const create = vi.spyOn(backend.adapter.signIn, 'create')
  await render(
    <AuthProvider adapter={backend.adapter}>
      <SignIn {...props} />
    </AuthProvider>,
  )
  return { backend, create }
}

const signedIn = page.getByRole('heading', { name: en.complete.title })
const alert = page.getByRole('alert')
const walletButton = (name: string) => page.getByRole('button', { name: `Continue with ${name}` })
const sign = page.getByRole('button', { name: en.device.sign })

it.each([
  ['MetaMask', metamask],
  ['Coinbase Wallet', coinbase],
  ['OKX Wallet', okx],
])('SI-26 one act signs in with %s: it is asked for its account and for one signature', async (name, info) => {
  const wallet = testWallet(info).install()
  const { create } = await opened(wallet)
  expect(wallet.calls).toEqual([])
  await walletButton(name).click()
  await expect.element(signedIn).toBeVisible()
  expect(create).toHaveBeenCalledTimes(1)
  expect(wallet.texts).toHaveLength(1)
})

it('SI-20 what an app’s check has given goes along with a wallet, once', async () => {
  const wallet = testWallet({ ...metamask, before: rejects('personal_sign') }).install()
  const { create } = await opened(wallet, {
    captcha: (setToken) => (
      <button type="button" onClick={() => setToken('a person')}>
        I am a person
      </button>
    ),
  })
  await page.getByRole('button', { name: 'I am a person' }).click()
  await walletButton('MetaMask').click()
  await expect.element(alert).toHaveTextContent(en.errors.cancelled)
  expect(create.mock.calls.map(([, options]) => options?.captchaToken)).toEqual(['a person'])
})

it('SI-18 two clicks in one tick ask once', async () => {
  const wallet = testWallet(metamask).install()
  const { create } = await opened(wallet)
  const element = walletButton('MetaMask').element() as HTMLButtonElement
  element.click()
  element.click()
  await expect.element(signedIn).toBeVisible()
  expect(create).toHaveBeenCalledTimes(1)
  expect(wallet.calls.filter((call) => call === 'eth_requestAccounts')).toHaveLength(1)
})

it('SI-27 a signature that is declined is nobody’s fault, and is asked for again on a click', async () => {
  const wallet = testWallet({ ...metamask, before: rejects('personal_sign') }).install()
  await opened(wallet)
  await walletButton('MetaMask').click()
  await expect.element(alert).toHaveTextContent(en.errors.cancelled)
  await expect.element(page.getByRole('heading', { name: en.device.walletTitle })).toBeVisible()
  wallet.remove()
  // The same person, who changes their mind.
  const willing = testWallet(metamask).install()
  willing.accounts = wallet.accounts
  await sign.click()
  await expect.element(signedIn).toBeVisible()
})

it('SI-27 an account that changes in between is told of, and its signature goes nowhere', async () => {
  const wallet = testWallet({ ...metamask, before: changesAccountAfter('personal_sign') }).install()
  const { backend } = await opened(wallet)
  const attempted = vi.spyOn(backend.adapter.signIn, 'attemptFirstFactor')
  await walletButton('MetaMask').click()
  await expect.element(alert).toHaveTextContent(en.errors.wallet_changed)
  await expect.element(page.getByRole('heading', { name: en.start.title })).toBeVisible()
  expect(attempted).not.toHaveBeenCalled()
})

it('SI-28 a wallet that is not in this browser is said to be not there, and nothing is sent', async () => {
  const { create } = await opened(testWallet(coinbase).install())
  await walletButton('MetaMask').click()
  await expect.element(alert).toHaveTextContent(en.errors.not_supported)
  expect(create).not.toHaveBeenCalled()
})

it('FC-06 going back while the wallet asks ends it, and what it says then changes nothing', async () => {
  let answer: (() => void) | undefined
  const asked = new Promise<void>((resolve) => (answer = resolve))
  const before = (_: TestWallet, method: string) => (method === 'personal_sign' ? asked : undefined)
  const wallet = testWallet({ ...metamask, before }).install()
  const { backend } = await opened(wallet)
  const attempted = vi.spyOn(backend.adapter.signIn, 'attemptFirstFactor')
  await walletButton('MetaMask').click()
  await expect.poll(() => wallet.calls).toContain('personal_sign')
  await page.getByRole('button', { name: en.common.back }).click()
  await expect.element(page.getByRole('heading', { name: en.start.title })).toBeVisible()
  answer?.()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(attempted).not.toHaveBeenCalled()
  await expect.element(page.getByRole('heading', { name: en.start.title })).toBeVisible()
})
