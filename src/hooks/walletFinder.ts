/** A wallet as it announced itself. Name, domain and icon are its own words: nobody has checked them. */
export interface Wallet {
  /** Unique among those found. Of a Solana wallet `solana:` and its name, which the Wallet Standard wants to be unique. */
  readonly uuid: string
  readonly name: string
  /** What its account is of. A wallet that has both kinds is told twice. */
  readonly chain: 'ethereum' | 'solana'
  /** Its maker's domain, reversed. Of Ethereum wallets (EIP-6963). */
  readonly rdns?: string
  /** An image as `data:` URI. For `<img>` only, where its scripts do not run. */
  readonly icon?: string
}

export interface WalletFinder<W extends Wallet = Wallet> {
  /** The wallets that have announced themselves while somebody watches. */
  found(): readonly W[]
  /** Asks wallets to announce themselves and calls back for each new one, also for those that are late, until the answer is called. */
  watch(changed: () => void): () => void
}

/** The answer takes the wallet away again. */
type Add<W> = (wallet: W) => () => void

/** `event`: by which wallets announce themselves. `call`: by which they are asked to. */
export function walletFinder<W extends Wallet>(
  event: string,
  call: (add: Add<W>) => Event,
  hear: (detail: unknown, add: Add<W>) => void,
): WalletFinder<W> {
  const none: readonly W[] = []
  const listeners = new Set<() => void>()
  let found = none

  function set(now: readonly W[]) {
    found = now
    for (const listener of [...listeners]) listener()
  }

  function add(wallet: W) {
    // Who comes second with an id does not take the first one's place.
    if (listeners.size > 0 && !found.some(({ uuid }) => uuid === wallet.uuid)) set([...found, wallet])
    return () => {
      if (found.includes(wallet)) set(found.filter((one) => one !== wallet))
    }
  }

  const onEvent = (announced: Event) => hear((announced as CustomEvent<unknown>).detail, add)

  return {
    found: () => found,
    watch(changed) {
      if (!listeners.size) addEventListener(event, onEvent)
      listeners.add(changed)
      dispatchEvent(call(add))
      return () => {
        listeners.delete(changed)
        if (listeners.size) return
        removeEventListener(event, onEvent)
        found = none
      }
    },
  }
}

/** The icon, where it is an image. */
export function iconOf(icon: unknown) {
  return typeof icon === 'string' && /^data:image\//i.test(icon) && { icon }
}
