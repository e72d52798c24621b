import type { SolanaKey } from './solanaKey.js'
import { solanaKey } from './solanaKey.js'

export interface TestSolanaWalletOptions {
  readonly name: string
  readonly icon?: string
  /** Called before a method is answered; what it throws is the answer. */
  readonly before?: (wallet: TestSolanaWallet, method: string) => unknown
  /** What it signs instead of the text. */
  readonly signs?: (message: Uint8Array) => Uint8Array
  /** Beside Solana's. */
  readonly chains?: readonly string[]
}

/** A Solana wallet in the page: it registers by the Wallet Standard's events and signs with real keys. */
export interface TestSolanaWallet {
  /** The chosen one first. Tests change it. */
  keys: SolanaKey[]
  /** It has the page's permission, as after `connect`. */
  connected: boolean
  readonly calls: string[]
  /** Texts that it was asked to sign. */
  readonly texts: string[]
  /** What it registers with. */
  readonly standard: object
  register(): void
  /** Listens for apps until `remove`; registers with those that are here. */
  install(): TestSolanaWallet
  remove(): void
}

const installed = new Set<TestSolanaWallet>()

export const phantom = { name: 'Phantom' }
export const solflare = { name: 'Solflare' }

type App = { register(wallet: object): () => void }

export async function testSolanaWallet(options: TestSolanaWalletOptions): Promise<TestSolanaWallet> {
  const { name, icon = 'data:image/png;base64,AA==', before, signs = (message) => message, chains = [] } = options
  const taken: (() => void)[] = []
  const accounts = () =>
    wallet.keys.map(({ address }) => ({ address, publicKey: new Uint8Array(32), chains: ['solana:mainnet'], features: [] }))
  const called = async (method: string) => {
    wallet.calls.push(method)
    await before?.(wallet, method)
  }
  const welcome = (app: App) => void taken.push(app.register(wallet.standard))
  const ready = (event: Event) => welcome((event as CustomEvent<App>).detail)
  const wallet: TestSolanaWallet = {
    keys: [await solanaKey(), await solanaKey()],
    connected: false,
    calls: [],
    texts: [],
    standard: Object.freeze({
      version: '1.0.0',
      name,
      icon,
      chains: ['solana:mainnet', ...chains],
      get accounts() {
        return wallet.connected ? accounts() : []
      },
      features: {
        'standard:connect': {
          version: '1.0.0',
          async connect({ silent = false } = {}) {
            await called(silent ? 'connect silently' : 'connect')
            if (!silent) wallet.connected = true
            return { accounts: accounts() }
          },
        },
        'solana:signMessage': {
          version: '1.1.0',
          async signMessage({ account, message }: { account: { address: string }; message: Uint8Array }) {
            await called('signMessage')
            const key = wallet.keys.find(({ address }) => address === account.address)
            if (!key) throw new Error('No such account.')
            wallet.texts.push(new TextDecoder().decode(message))
            const signedMessage = signs(message)
            return [{ signedMessage, signature: await key.sign(signedMessage) }]
          },
        },
      },
    }),
    register: () => void dispatchEvent(Object.assign(new Event('wallet-standard:register-wallet'), { detail: welcome })),
    install() {
      addEventListener('wallet-standard:app-ready', ready)
      installed.add(wallet)
      wallet.register()
      return wallet
    },
    remove() {
      removeEventListener('wallet-standard:app-ready', ready)
      taken.splice(0).forEach((unregister) => unregister())
      installed.delete(wallet)
    },
  }
  return wallet
}

export function removeSolanaWallets() {
  for (const wallet of [...installed]) wallet.remove()
}
