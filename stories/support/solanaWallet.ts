type App = { register(wallet: object): () => void }

/** Solana wallets of these names (Wallet Standard), whose person says no to everything. For `beforeEach`, which takes them back. */
export function hasSolanaWallets(...names: readonly string[]): () => void {
  const declines = () => Promise.reject(Object.assign(new Error('No.'), { code: 4001 }))
  const wallets = names.map((name) => ({
    version: '1.0.0',
    name,
    icon: 'data:image/png;base64,AA==',
    chains: ['solana:mainnet'],
    accounts: [],
    features: {
      'standard:connect': { version: '1.0.0', connect: declines },
      'solana:signMessage': { version: '1.1.0', signMessage: declines },
    },
  }))
  const ready = (event: Event) => wallets.forEach((wallet) => (event as CustomEvent<App>).detail.register(wallet))
  addEventListener('wallet-standard:app-ready', ready)
  return () => removeEventListener('wallet-standard:app-ready', ready)
}
