import { iconOf, walletFinder, type Wallet } from './walletFinder.js'

export interface SolanaAccount {
  /** In base58. */
  readonly address: string
  /** A wallet may have accounts of other chains, too. */
  readonly chains: readonly string[]
}

/** What the kit uses of a wallet of the Wallet Standard. Its own text (`solana:signIn`) is of no use where the backend writes it. */
export interface StandardWallet {
  /** Those that this page may use. The wallet changes them. */
  readonly accounts: readonly SolanaAccount[]
  readonly features: {
    readonly 'standard:connect': {
      /** `silent`: without asking the person, as far as the wallet can. */
      connect(input?: { silent: boolean }): Promise<{ readonly accounts: readonly SolanaAccount[] }>
    }
    readonly 'solana:signMessage': {
      signMessage(input: {
        account: SolanaAccount
        message: Uint8Array
      }): Promise<readonly { readonly signedMessage: Uint8Array; readonly signature: Uint8Array }[]>
    }
  }
}

export type SolanaWallet = Wallet & { readonly standard: StandardWallet }

/** Solana's wallets, as the Wallet Standard has them register with the page. */
export const solanaWallets = walletFinder<SolanaWallet>(
  'wallet-standard:register-wallet',
  (add) => new CustomEvent('wallet-standard:app-ready', { detail: registrar(add) }),
  (welcome, add) => {
    if (typeof welcome === 'function') (welcome as (app: object) => void)(registrar(add))
  },
)

/** What wallets register with. */
function registrar(add: (wallet: SolanaWallet) => () => void) {
  return Object.freeze({
    register(...given: readonly unknown[]) {
      const taken = given.filter(signsForSolana).map((standard) => {
        const { name, icon } = standard
        return add({ uuid: `solana:${name}`, name, chain: 'solana', ...iconOf(icon), standard })
      })
      return () => taken.forEach((remove) => remove())
    },
  })
}

export const isOfSolana = ({ chains }: { readonly chains: unknown }) =>
  Array.isArray(chains) && chains.some((chain) => String(chain).startsWith('solana:'))

function signsForSolana(given: unknown): given is StandardWallet & { readonly name: string; readonly icon?: unknown } {
  const { name, chains, accounts, features } = Object(given) as Record<string, unknown>
  const has = (feature: string, method: string) => {
    const of = Object(features) as Record<string, Record<string, unknown> | undefined>
    return typeof of[feature]?.[method] === 'function'
  }
  return (
    typeof name === 'string' &&
    isOfSolana({ chains }) &&
    Array.isArray(accounts) &&
    has('standard:connect', 'connect') &&
    has('solana:signMessage', 'signMessage')
  )
}
