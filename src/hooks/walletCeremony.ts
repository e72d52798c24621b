import { AuthError, type AuthErrorCode } from '../core/AuthError.js'
import type { CreateParams } from '../core/attempt.js'
import { hasChallenge, type FlowState } from '../core/flow.js'
import { isSolana } from '../core/walletAddress.js'
import type { WalletStrategy } from '../core/strategy.js'
import { siweFault, type SiweFault } from '../core/siwe.js'
import type { WalletChoice } from '../core/walletChoice.js'
import { ethereumCeremony } from './ethereumCeremony.js'
import { solanaCeremony } from './solanaCeremony.js'
import type { Wallet } from './walletFinder.js'
import type { AskWallet, WalletKind } from './walletKind.js'

export interface WalletOptions {
  /** Ends the ceremony: nothing that the wallet still says counts. Its own dialog cannot be closed from here. */
  readonly signal?: AbortSignal | undefined
  /** Of a wallet that `useWallets` told, where several fit the strategy. */
  readonly uuid?: string | undefined
  /** Milliseconds since 1970, to judge a text's own expiry by. Without it only what the backend said of its challenge ends it. */
  readonly now?: number | undefined
}

type WalletParams = Extract<CreateParams, { address: string }>

const kindOf = (strategy: WalletStrategy) => (isSolana(strategy) ? solanaCeremony : ethereumCeremony) as WalletKind<Wallet>

/** How long a wallet may take to announce itself. Milliseconds. */
const lateMs = 500

/** EIP-1193, JSON-RPC (EIP-1474) and the Wallet Standard's own, as far as people can do something about it. */
const codes: Record<number, AuthErrorCode> = {
  4001: 'cancelled',
  4001000: 'cancelled',
  4100: 'cancelled',
  4200: 'not_supported',
  4900: 'unavailable',
  4901: 'unavailable',
  // Another request waits in the wallet.
  [-32002]: 'unavailable',
  [-32004]: 'not_supported',
  [-32601]: 'not_supported',
}

const faults: Partial<Record<SiweFault, AuthErrorCode>> = {
  address: 'wallet_changed',
  chain: 'wallet_changed',
  expired: 'code_expired',
}

/** Where it is for the person to say which wallet: those that fit. Answers at once: who is late is not waited for. */
export function walletChoices(strategy: WalletStrategy): WalletChoice['wallets'] {
  if (!isSolana(strategy)) return []
  const { finder } = solanaCeremony
  const stop = finder.watch(() => {})
  const fitting = finder.found().map(({ uuid, name }) => ({ uuid, name }))
  stop()
  return fitting.length > 1 ? fitting : []
}

/** What `create` needs of a wallet. Rejects with an `AuthError`: `not_supported` where no such wallet is found. */
export async function walletAccount(strategy: WalletStrategy, options: WalletOptions = {}): Promise<WalletParams> {
  const wallet = await find(strategy, options)
  const account = await until(options, kindOf(strategy).connect(wallet, asking(options)))
  return { strategy, ...account, origin: location.origin } as WalletParams
}

/**
 * The signature of the challenge on screen. The wallet is asked for it only if the text is for this page and names the wallet's account and chain;
 * where these have changed, before or meanwhile, it rejects with `wallet_changed`, and no signature leaves.
 */
export async function walletSignature(state: FlowState, options: WalletOptions = {}): Promise<{ signature: string }> {
  if (!hasChallenge(state)) throw new AuthError('attempt_lost', 'There is no text to sign.')
  const { message, expiresAt } = state.challenge
  if (message === undefined || (expiresAt !== undefined && expiresAt <= performance.now())) throw new AuthError('code_expired')
  const strategy = state.factor.strategy as WalletStrategy
  const kind = kindOf(strategy)
  const wallet = await find(strategy, options, message)
  const ask = asking(options)
  const check = async () => {
    const account = await until(options, kind.account(wallet, ask, message))
    const fault = siweFault(message, { ...account, origin: location.origin, now: options.now })
    if (fault) throw new AuthError(faults[fault] ?? 'unknown', `The text to sign is refused: ${fault}.`)
    return account.address
  }
  const signature = await kind.sign(wallet, ask, message, await check())
  await check()
  return { signature }
}

/** Settles as `waited` does, or rejects once the ceremony is ended. */
function until<T>({ signal }: WalletOptions, waited: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new AuthError('cancelled'))
    if (signal?.aborted) end()
    signal?.addEventListener('abort', end)
    void waited.then(resolve, reject).finally(() => signal?.removeEventListener('abort', end))
  })
}

async function find(strategy: WalletStrategy, options: WalletOptions, text?: string): Promise<Wallet> {
  const { finder, pick } = kindOf(strategy)
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  const found = new Promise<Wallet>((resolve, reject) => {
    let all = false
    const look = () => {
      // The first to announce itself need not be the one.
      if (!all) return
      const fitting = finder.found().filter(({ uuid }) => uuid === (options.uuid ?? uuid))
      const wallet = pick(strategy, fitting, text)
      if (wallet) resolve(wallet)
    }
    timer = setTimeout(() => reject(new AuthError('not_supported', `No wallet for ${strategy} has announced itself.`)), lateMs)
    stop = finder.watch(look)
    all = true
    look()
  })
  try {
    return await until(options, found)
  } finally {
    stop()
    clearTimeout(timer)
  }
}

const asking =
  (options: WalletOptions): AskWallet =>
  async (what, run) => {
    if (options.signal?.aborted) throw new AuthError('cancelled')
    // A wallet may throw as well as reject.
    const answer = Promise.resolve().then(run)
    return until(
      options,
      answer.catch((thrown: unknown) => {
        const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown }
        // The Wallet Standard leaves errors to the wallets: most say EIP-1193's code, some only these words.
        const said = /user rejected/i.test(String(message)) ? 'cancelled' : 'unknown'
        throw new AuthError(codes[Number(code)] ?? said, `The wallet refused ${what}.`)
      }),
    )
  }
