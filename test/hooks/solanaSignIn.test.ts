import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { AuthError } from '../../src/core/AuthError.js'
import { createPageEngine } from '../../src/hooks/pageEngine.js'
import { phantom, removeSolanaWallets, solflare, testSolanaWallet } from '../support/solanaWallets.js'
import { walletError } from '../support/wallets.js'

const strategy = 'web3_solana_signature'
const [first, second] = ['solana:Phantom', 'solana:Solflare']

afterEach(removeSolanaWallets)

/** Two wallets: what the first one declines, and the second one, whose person is known. */
async function opened(declined: string) {
  const before = (_: unknown, method: string) => {
    if (method === declined) throw walletError(4001)
  }
  ;(await testSolanaWallet({ ...phantom, before })).install()
  const wallet = (await testSolanaWallet(solflare)).install()
  const [key] = wallet.keys
  const address = key?.address ?? ''
  const { adapter } = createMemoryBackend({
    firstFactors: [strategy],
    wallets: {
      verifyMessage: () => false,
      verifySolana: ({ message, signature }) => key?.verifyText(message, signature) ?? false,
    },
    users: [{ id: 'ada', email: 'ada@example.com', wallets: [address] }],
  })
  const create = vi.spyOn(adapter.signIn, 'create')
  const { signIn } = createPageEngine({ adapter, timeoutMs: 5000, listeners: [], history: false })
  const said = () => [signIn.get().step, signIn.get().problem?.code]
  return { wallet, address, create, signIn, said }
}

it('SI-27 a wallet that is closed at the choice does not use up what an app’s check gave; a call does', async () => {
  const { create, signIn, said } = await opened('connect')
  create.mockRejectedValueOnce(new AuthError('network', 'no answer', { outcome: 'unknown' }))
  create.mockRejectedValueOnce(new AuthError('captcha_required'))
  await signIn.askDevice(strategy, { captchaToken: 'one' })
  await signIn.askDevice(strategy, { wallet: first })
  expect(said()).toEqual(['choose-wallet', 'cancelled'])
  await signIn.askDevice(strategy, { wallet: second })
  expect(said()).toEqual(['choose-wallet', 'network'])
  await signIn.askDevice(strategy, { wallet: second })
  expect(said()).toEqual(['start', 'captcha_required'])
  await signIn.askDevice(strategy, { captchaToken: 'two' })
  await signIn.askDevice(strategy, { wallet: second })
  expect(said()).toEqual(['complete', undefined])
  expect(create.mock.calls.map(([, options]) => options?.captchaToken)).toEqual(['one', undefined, 'two'])
})

it('SI-28 a wallet that was chosen for a sign-in that was given up is not the one of the next', async () => {
  const { wallet, address, signIn, said } = await opened('signMessage')
  await signIn.askDevice(strategy, { wallet: first })
  expect(said()).toEqual(['first-factor', 'cancelled'])
  await signIn.back()
  wallet.connected = true
  await signIn.create({ strategy, address, origin: location.origin })
  await signIn.askDevice(strategy)
  expect(said()).toEqual(['complete', undefined])
})

it('HA-04 a wallet that is asked when the person is at another factor already says nothing of that one', async () => {
  const { adapter } = createMemoryBackend({
    firstFactors: ['password', strategy],
    wallets: { verifyMessage: () => false },
    users: [
      { id: 'ada', email: 'ada@example.com', password: 'correct horse', totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' } },
    ],
  })
  const { signIn } = createPageEngine({ adapter, timeoutMs: 5000, listeners: [], history: false })
  await signIn.create({ identifier: 'ada@example.com', password: 'correct horse' })
  const before = signIn.get()
  expect(before.step).toBe('second-factor')
  await signIn.askDevice(strategy)
  expect(signIn.get()).toBe(before)
})
