import { verifyMessage } from 'viem'
import { page } from 'vitest/browser'
import { afterEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { verifySolana } from '../../../demo/src/verifySolana.js'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { SignIn, type SignInProps } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'
import '../../../src/styles.css'
import { phantom, removeSolanaWallets, solflare, testSolanaWallet, type TestSolanaWallet } from '../../support/solanaWallets.js'
import { metamask, removeWallets, testWallet, walletError } from '../../support/wallets.js'

afterEach(() => {
  removeSolanaWallets()
  removeWallets()
})

async function opened(wallet: TestSolanaWallet, props?: SignInProps) {
  const wallets = wallet.keys.slice(0, 1).map(({ address }) => address)
  const backend = createMemoryBackend({
    firstFactors: ['password', 'web3_metamask_signature', 'web3_solana_signature'],
    wallets: { verifyMessage, verifySolana },
    users: [{ id: 'ada', email: 'ada@example.com', wallets }],
  })
  const create = vi.spyOn(backend.adapter.signIn, 'create')
  const attempted = vi.spyOn(backend.adapter.signIn, 'attemptFirstFactor')
  await render(
    <AuthProvider adapter={backend.adapter}>
      <SignIn {...props} />
    </AuthProvider>,
  )
  return { create, attempted }
}

const heading = (name: string) => page.getByRole('heading', { name })
const signedIn = heading(en.complete.title)
const start = heading(en.start.title)
const choice = heading(en.device.walletChoose)
const alert = page.getByRole('alert')
const button = (name: string) => page.getByRole('button', { name, exact: true })
const solana = button('Continue with Solana')
const sign = button(en.device.sign)
const rejects = (method: string) => (_: TestSolanaWallet, asked: string) => {
  if (asked === method) throw walletError(4001)
}

it('SI-26 one act signs in with the only one: it is asked for its account and for one signature', async () => {
  const wallet = (await testSolanaWallet(phantom)).install()
  const other = testWallet(metamask).install()
  const { create } = await opened(wallet)
  expect(wallet.calls).toEqual([])
  await solana.click()
  await expect.element(signedIn).toBeVisible()
  expect(create).toHaveBeenCalledTimes(1)
  expect(wallet.calls).toEqual(['connect', 'signMessage'])
  expect(wallet.texts[0]).toMatch(`${location.host} wants you to sign in with your Solana account`)
  expect(other.calls).toEqual([])
})

it('SI-28 of several the person chooses one, and only that is asked; what an app’s check gave goes with it', async () => {
  const other = (await testSolanaWallet(phantom)).install()
  const wallet = (await testSolanaWallet(solflare)).install()
  const { create } = await opened(wallet, {
    captcha: (setToken) => (
      <button type="button" onClick={() => setToken('a person')}>
        I am a person
      </button>
    ),
  })
  await button('I am a person').click()
  await solana.click()
  await expect.element(choice).toHaveFocus()
  expect(
    page
      .getByRole('listitem')
      .elements()
      .map((one) => one.textContent),
  ).toEqual(['Phantom', 'Solflare'])
  expect(create).not.toHaveBeenCalled()
  await button('Solflare').click()
  await expect.element(signedIn).toBeVisible()
  expect(create.mock.calls.map(([, options]) => options?.captchaToken)).toEqual(['a person'])
  expect(other.calls).toEqual([])
})

it('SI-27 a wallet that is closed at the choice is nobody’s fault, and another one can be taken, or none', async () => {
  const closed = (await testSolanaWallet({ ...phantom, before: rejects('connect') })).install()
  const wallet = (await testSolanaWallet(solflare)).install()
  const { create } = await opened(wallet)
  await solana.click()
  await button('Phantom').click()
  await expect.element(alert).toHaveTextContent(en.errors.cancelled)
  await expect.element(choice).toBeVisible()
  await button(en.common.back).click()
  await expect.element(start).toBeVisible()
  expect([closed.calls, create.mock.calls]).toEqual([['connect'], []])
  await solana.click()
  await button('Solflare').click()
  await expect.element(signedIn).toBeVisible()
})

it('SI-27 a signature that is declined can be asked for again, of the same wallet', async () => {
  let willing = false
  const before = (_: TestSolanaWallet, method: string) => {
    if (method === 'signMessage' && !willing) throw new Error('User rejected the request.')
  }
  await testSolanaWallet(phantom).then((one) => one.install())
  const wallet = (await testSolanaWallet({ ...solflare, before })).install()
  const { attempted } = await opened(wallet)
  await solana.click()
  await button('Solflare').click()
  await expect.element(alert).toHaveTextContent(en.errors.cancelled)
  expect(attempted).not.toHaveBeenCalled()
  willing = true
  await sign.click()
  await expect.element(signedIn).toBeVisible()
})

it('FC-05 the browser’s Back leaves the choice, not the page', async () => {
  for (const one of [phantom, solflare]) (await testSolanaWallet(one)).install()
  await opened(await testSolanaWallet(phantom))
  await solana.click()
  await expect.element(choice).toBeVisible()
  history.back()
  await expect.element(start).toBeVisible()
})

it('SI-28 where there is none it is said, and nothing is sent', async () => {
  const { create } = await opened(await testSolanaWallet(phantom))
  testWallet(metamask).install()
  await solana.click()
  await expect.element(alert).toHaveTextContent(en.errors.not_supported)
  expect(create).not.toHaveBeenCalled()
})
