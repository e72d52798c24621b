import { AuthError, type AuthErrorCode } from '../core/AuthError.js'
import type { CreateParams } from '../core/attempt.js'
import { hasChallenge, type FlowState } from '../core/flow.js'
import type { WalletStrategy } from '../core/strategy.js'
import { siweFault, type SiweFault } from '../core/siwe.js'
import { foundWallets, walletFor, watchWallets, type FoundWallet } from './wallets.js'

export interface WalletOptions {
  /** Ends the ceremony: nothing that the wallet still says counts. Its own dialog cannot be closed from here. */
  readonly signal?: AbortSignal | undefined
  /** Of a wallet that `useWallets` told, where several fit the strategy. */
  readonly uuid?: string | undefined
  /** Milliseconds since 1970, to judge a text's own expiry by. Without it only what the backend said of its challenge ends it. */
  readonly now?: number | undefined
}

type WalletParams = Extract<CreateParams, { chainId: number }>

/** How long a wallet may take to announce itself. Milliseconds. */
const lateMs = 500

/** EIP-1193 and JSON-RPC (EIP-1474), as far as people can do something about it. */
const codes: Record<number, AuthErrorCode> = {
  4001: 'cancelled',
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

/** What `create` needs of a wallet. Rejects with an `AuthError`: `not_supported` where no such wallet is found. */
export async function walletAccount(strategy: WalletStrategy, options: WalletOptions = {}): Promise<WalletParams> {
  const wallet = await find(strategy, options)
  return { strategy, ...(await accountOf(wallet, 'eth_requestAccounts', options)), origin: location.origin }
}

/**
 * The signature of the challenge on screen. The wallet is asked for it only if the text is for this page and names the wallet's account and chain;
 * where these have changed, before or meanwhile, it rejects with `wallet_changed`, and no signature leaves.
 */
export async function walletSignature(state: FlowState, options: WalletOptions = {}): Promise<{ signature: string }> {
  if (!hasChallenge(state)) throw new AuthError('attempt_lost', 'There is no text to sign.')
  const { message, expiresAt } = state.challenge
  if (message === undefined || (expiresAt !== undefined && expiresAt <= performance.now())) throw new AuthError('code_expired')
  const wallet = await find(state.factor.strategy as WalletStrategy, options)
  const check = async () => {
    const account = await accountOf(wallet, 'eth_accounts', options)
    const fault = siweFault(message, { ...account, origin: location.origin, now: options.now })
    if (fault) throw new AuthError(faults[fault] ?? 'unknown', `The text to sign is refused: ${fault}.`)
    return account.address
  }
  const text = `0x${Array.from(new TextEncoder().encode(message), hex).join('')}`
  const signature = await ask(wallet, 'personal_sign', options, [text, await check()])
  await check()
  if (typeof signature !== 'string') throw new AuthError('unknown', 'The wallet gave no signature.')
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

async function find(strategy: WalletStrategy, options: WalletOptions): Promise<FoundWallet> {
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  const found = new Promise<FoundWallet>((resolve, reject) => {
    const look = () => {
      const fitting = foundWallets().filter(({ uuid }) => uuid === (options.uuid ?? uuid))
      const wallet = walletFor(strategy, fitting)
      if (wallet) resolve(wallet)
    }
    timer = setTimeout(() => reject(new AuthError('not_supported', `No wallet for ${strategy} has announced itself.`)), lateMs)
    stop = watchWallets(look)
    look()
  })
  try {
    return await until(options, found)
  } finally {
    stop()
    clearTimeout(timer)
  }
}

async function ask(
  { provider }: FoundWallet,
  method: string,
  options: WalletOptions,
  params: readonly string[] = [],
): Promise<unknown> {
  if (options.signal?.aborted) throw new AuthError('cancelled')
  // A provider may throw as well as reject.
  const answer = Promise.resolve().then(() => provider.request({ method, params }))
  return until(
    options,
    answer.catch((thrown: unknown) => {
      const { code } = (thrown ?? {}) as { code?: unknown }
      throw new AuthError(codes[Number(code)] ?? 'unknown', `The wallet refused ${method}.`)
    }),
  )
}

/** The account that is chosen in the wallet, with its checksum, and the chain. */
async function accountOf(wallet: FoundWallet, method: 'eth_requestAccounts' | 'eth_accounts', options: WalletOptions) {
  const accounts = await ask(wallet, method, options)
  const account: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  // It is locked, or has taken its permission back.
  if (account === undefined)
    throw new AuthError(method === 'eth_accounts' ? 'wallet_changed' : 'cancelled', 'It shows no account.')
  const chainId = Number(await ask(wallet, 'eth_chainId', options))
  if (typeof account !== 'string' || !/^0x[\da-f]{40}$/i.test(account) || !(Number.isSafeInteger(chainId) && chainId > 0))
    throw new AuthError('unknown', 'The wallet answered with no account or chain.')
  return { address: await until(options, withChecksum(account.toLowerCase())), chainId }
}

/** ERC-55: a letter is a capital where the hash of the address has a high digit. */
async function withChecksum(address: string): Promise<string> {
  const { keccak_256 } = await import('@noble/hashes/sha3.js').catch(() => {
    throw new AuthError('network')
  })
  const digits = Array.from(keccak_256(new TextEncoder().encode(address.slice(2))), hex).join('')
  return address.replace(/[a-f]/g, (letter, at: number) => (Number(`0x${digits[at - 2]}`) > 7 ? letter.toUpperCase() : letter))
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0')
