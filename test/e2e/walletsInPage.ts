import type { Page } from '@playwright/test'
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
