import type { Page } from '@playwright/test'
import { solanaKey } from '../support/solanaKey.js'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

/** As they announce themselves, by name. */
export const wallets = { MetaMask: 'io.metamask', 'Coinbase Wallet': 'com.coinbase.wallet', 'OKX Wallet': 'com.okex.wallet' }

/**
 * What the wallets of a page do. `declines`: their person closes the window. `forges`: they sign with a key of somebody else. `switches`: their
 * person takes another account while the window is open.
 */
interface Habits {
  readonly declines?: boolean
  readonly forges?: boolean
  readonly switches?: boolean
}

interface WalletsInPage {
  behave(habits: Habits): Promise<void>
  /** Who was asked to sign, in order. */
  asked(): Promise<readonly string[]>
}

/** The same of one Solana wallet (Wallet Standard). */
export async function installSolanaWallet(page: Page, name: string, forges = false): Promise<{ honest(): Promise<void> }> {
  const [own, other] = [await solanaKey(), await solanaKey()]
  const sign = `sign for ${name}`
  let forging = forges
  await page.exposeFunction(sign, async (text: string) => (forging ? other : own).signText(text))
  await page.addInitScript(
    ({ name, sign, address }) => {
      const account = { address, publicKey: new Uint8Array(32), chains: ['solana:mainnet'], features: [] }
      const standard = {
        version: '1.0.0',
        name,
        icon: 'data:image/svg+xml,x',
        chains: ['solana:mainnet'],
        accounts: [account],
        features: {
          'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
          'solana:signMessage': {
            version: '1.1.0',
            async signMessage({ message }: { message: Uint8Array }) {
              const signText = Reflect.get(window, sign) as (text: string) => Promise<string>
              const signature = atob(await signText(new TextDecoder().decode(message)))
              return [{ signedMessage: message, signature: Uint8Array.from(signature, (letter) => letter.charCodeAt(0)) }]
            },
          },
        },
      }
      addEventListener('wallet-standard:app-ready', (event) =>
        (event as CustomEvent<{ register(wallet: object): void }>).detail.register(standard),
      )
    },
    { name, sign, address: own.address },
  )
  return { honest: async () => void (forging = false) }
}

/** From the next page on it has wallets (EIP-6963), whose keys are here. */
export async function installWallets(page: Page, habits: Habits = {}): Promise<WalletsInPage> {
  const [account, other] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())]
  await page.exposeFunction('signWithKey', (raw: `0x${string}`, address: string, forges = false) =>
    ((address === other.address) === forges ? account : other).signMessage({ message: { raw } }),
  )
  await page.addInitScript(
    ({ address, another, habits, wallets }) => {
      const sign = Reflect.get(window, 'signWithKey') as (raw: unknown, address: string, forges?: boolean) => Promise<string>
      const state = { ...habits, asked: [] as string[], account: address }
      Object.assign(window, { wallet: state })
      const announced = Object.entries(wallets).map(([name, rdns]) => ({
        info: { uuid: crypto.randomUUID(), name, rdns, icon: 'data:image/svg+xml,x' },
        provider: {
          async request({ method, params = [] }: { method: string; params?: unknown[] }) {
            if (method.endsWith('ccounts')) return [state.account.toLowerCase()]
            if (method === 'eth_chainId') return '0x1'
            state.asked.push(name)
            if (state.declines) throw Object.assign(new Error('No.'), { code: 4001 })
            const signed = sign(params[0], state.account, state.forges)
            if (state.switches) state.account = another
            return signed
          },
        },
      }))
      addEventListener('eip6963:requestProvider', () => {
        for (const detail of announced) dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
      })
    },
    { address: account.address, another: other.address, habits, wallets },
  )
  return {
    behave: (next) => page.evaluate((next) => void Object.assign(Reflect.get(window, 'wallet') as object, next), next),
    asked: () => page.evaluate(() => (Reflect.get(window, 'wallet') as { asked: string[] }).asked),
  }
}
