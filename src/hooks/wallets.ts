import type { WalletStrategy } from '../core/strategy.js'
import { iconOf, walletFinder, type Wallet } from './walletFinder.js'

/** What speaks for a wallet in the page (EIP-1193). */
export interface WalletProvider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>
}

export type FoundWallet = Wallet & { readonly rdns: string; readonly provider: WalletProvider }

/** Ethereum's wallets (EIP-6963). */
export const ethereumWallets = walletFinder<FoundWallet>(
  'eip6963:announceProvider',
  () => new Event('eip6963:requestProvider'),
  (detail, add) => {
    const { info, provider } = (detail ?? {}) as {
      info?: Partial<Record<keyof Wallet, unknown>> | null
      provider?: Partial<WalletProvider> | null
    }
    const { uuid, name, rdns, icon } = info ?? {}
    if (typeof uuid !== 'string' || typeof name !== 'string' || typeof rdns !== 'string') return
    if (typeof provider?.request !== 'function') return
    add({ uuid, name, chain: 'ethereum', rdns, ...iconOf(icon), provider: provider as WalletProvider })
  },
)

const domains: Record<string, string> = {
  metamask: 'io.metamask',
  coinbase_wallet: 'com.coinbase.wallet',
  okx_wallet: 'com.okex.wallet',
}

/**
 * The wallet of a strategy: with the domain that is known for its name, or one below it (`io.metamask.flask`); for other names one with a part of
 * its domain that begins with the name, so that `base` is not found in `coinbase`.
 */
export function walletFor(strategy: WalletStrategy, wallets: readonly FoundWallet[]): FoundWallet | undefined {
  const name = strategy.slice(5, -10)
  const domain = Object.hasOwn(domains, name) ? domains[name] : undefined
  const part = `.${name.replaceAll('_', '')}`
  return domain
    ? (wallets.find(({ rdns }) => rdns === domain) ?? wallets.find(({ rdns }) => rdns.startsWith(`${domain}.`)))
    : wallets.find(({ rdns }) => `.${rdns}`.includes(part))
}
