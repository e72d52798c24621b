'use client'
import { useMemo, useSyncExternalStore } from 'react'
import { foundWallets, watchWallets, type FoundWallet, type Wallet } from './wallets.js'

export interface UseWalletsOptions {
  /** Keep the wallets' own icons. They are `data:` URIs, which the page's `img-src` has to allow. Default false. */
  readonly icons?: boolean
}

/** The wallets in this browser, as they announce themselves (EIP-6963). None on a server. */
export function useWallets({ icons = false }: UseWalletsOptions = {}): readonly Wallet[] {
  const found = useSyncExternalStore(watchWallets, foundWallets, noWallets)
  return useMemo(
    () => found.map(({ uuid, name, rdns, icon }) => ({ uuid, name, rdns, ...(icons && icon !== undefined && { icon }) })),
    [found, icons],
  )
}

const empty: readonly FoundWallet[] = []
const noWallets = () => empty
