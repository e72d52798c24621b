'use client'
import { useMemo, useSyncExternalStore } from 'react'
import { isSolana } from '../core/walletAddress.js'
import { isWallet } from '../core/screenOf.js'
import { useAuth } from './context.js'
import { solanaWallets } from './solanaWallets.js'
import type { Wallet, WalletFinder } from './walletFinder.js'
import { ethereumWallets } from './wallets.js'

export interface UseWalletsOptions {
  /** Keep the wallets' own icons. They are `data:` URIs, which the page's `img-src` has to allow. Default false. */
  readonly icons?: boolean
}

/**
 * The wallets in this browser, as they announce themselves (EIP-6963; the Wallet Standard for Solana), of the kinds that the adapter signs in
 * with. None on a server. `askDevice(strategy, { wallet: uuid })` asks the one that was chosen.
 */
export function useWallets({ icons = false }: UseWalletsOptions = {}): readonly Wallet[] {
  const strategies = useAuth().client.adapter.capabilities.firstFactors.map(({ strategy }) => strategy)
  const ethereum = useFound(
    ethereumWallets,
    strategies.some((one) => isWallet(one) && !isSolana(one)),
  )
  const solana = useFound(solanaWallets, strategies.some(isSolana))
  return useMemo(
    () =>
      [...ethereum, ...solana].map(({ uuid, name, chain, rdns, icon }) => ({
        uuid,
        name,
        chain,
        ...(rdns !== undefined && { rdns }),
        ...(icons && icon !== undefined && { icon }),
      })),
    [ethereum, solana, icons],
  )
}

const none: readonly Wallet[] = []
const noWallets = () => none
const noWatch = () => () => {}

/** Nothing is asked for of wallets that no strategy is for. */
const useFound = ({ watch, found }: WalletFinder, wanted: boolean) =>
  useSyncExternalStore(wanted ? watch : noWatch, wanted ? found : noWallets, noWallets)
