import type { WalletStrategy } from './strategy.js'

/** Which of them, is the person asked. */
export interface WalletChoice {
  readonly strategy: WalletStrategy
  /** Wallets of this browser, by their own words. */
  readonly wallets: readonly { readonly uuid: string; readonly name: string }[]
}
