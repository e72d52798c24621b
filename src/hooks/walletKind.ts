import type { WalletStrategy } from '../core/strategy.js'
import type { Wallet, WalletFinder } from './walletFinder.js'

/** Asks the wallet one thing. Rejects with an `AuthError`. */
export type AskWallet = <T>(what: string, run: () => Promise<T>) => Promise<T>

/** What differs between chains. */
export interface WalletKind<W extends Wallet> {
  readonly finder: WalletFinder<W>
  /** The wallet to ask, of those found. `text`: what it is to sign. */
  pick(strategy: WalletStrategy, found: readonly W[], text?: string): W | undefined
  /** The account to sign in with, after asking for it. */
  connect(wallet: W, ask: AskWallet): Promise<Account>
  /** The account as it is now. Rejects `wallet_changed` where there is none. */
  account(wallet: W, ask: AskWallet, text: string): Promise<Account>
  sign(wallet: W, ask: AskWallet, text: string, address: string): Promise<string>
}

interface Account {
  readonly address: string
  readonly chainId?: number
}
