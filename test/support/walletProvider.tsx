import type { ReactNode } from 'react'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import type { WalletStrategy } from '../../src/core/strategy.js'
import { AuthProvider } from '../../src/hooks/context.js'

/** A provider whose adapter signs in with these. Nothing that they sign is checked. */
export function walletProvider(...firstFactors: readonly WalletStrategy[]) {
  const { adapter } = createMemoryBackend({ firstFactors, wallets: { verifyMessage: () => false } })
  return ({ children }: { children?: ReactNode }) => <AuthProvider adapter={adapter}>{children}</AuthProvider>
}
