import type { WalletStrategy } from '../core/strategy.js'

/** A wallet as it announced itself (EIP-6963). Name and domain are its own words: nobody has checked them. */
export interface Wallet {
  readonly uuid: string
  readonly name: string
  /** Its maker's domain, reversed. */
  readonly rdns: string
  /** An image as `data:` URI. For `<img>` only, where its scripts do not run. */
  readonly icon?: string
}

/** What speaks for a wallet in the page (EIP-1193). */
export interface WalletProvider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>
}

export type FoundWallet = Wallet & { readonly provider: WalletProvider }

const announce = 'eip6963:announceProvider'
const none: readonly FoundWallet[] = []
const listeners = new Set<() => void>()
let found = none

/** The wallets that have announced themselves while somebody watches. */
export const foundWallets = () => found

/** Asks wallets to announce themselves and calls back for each new one, also for those that are late, until the answer is called. */
export function watchWallets(changed: () => void): () => void {
  if (!listeners.size) addEventListener(announce, hear)
  listeners.add(changed)
  dispatchEvent(new Event('eip6963:requestProvider'))
  return () => {
    listeners.delete(changed)
    if (listeners.size) return
    removeEventListener(announce, hear)
    found = none
  }
}

function hear(event: Event) {
  const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as {
    info?: Partial<Record<keyof Wallet, unknown>> | null
    provider?: Partial<WalletProvider> | null
  }
  const { uuid, name, rdns, icon } = info ?? {}
  if (typeof uuid !== 'string' || typeof name !== 'string' || typeof rdns !== 'string') return
  // Who comes second with an id does not take the first one's place.
  if (typeof provider?.request !== 'function' || found.some((one) => one.uuid === uuid)) return
  const image = typeof icon === 'string' && /^data:image\//i.test(icon) && { icon }
  found = [...found, { uuid, name, rdns, ...image, provider: provider as WalletProvider }]
  for (const listener of [...listeners]) listener()
}

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
