import { AuthError } from '../core/AuthError.js'
import type { AskWallet, WalletKind } from './walletKind.js'
import { ethereumWallets, walletFor, type FoundWallet } from './wallets.js'

export const ethereumCeremony: WalletKind<FoundWallet> = {
  finder: ethereumWallets,
  pick: walletFor,
  connect: (wallet, ask) => accountOf(wallet, 'eth_requestAccounts', ask),
  account: (wallet, ask) => accountOf(wallet, 'eth_accounts', ask),
  async sign(wallet, ask, text, address) {
    const raw = `0x${Array.from(new TextEncoder().encode(text), hex).join('')}`
    const signature = await request(wallet, 'personal_sign', ask, [raw, address])
    if (typeof signature !== 'string') throw new AuthError('unknown', 'The wallet gave no signature.')
    return signature
  },
}

const request = ({ provider }: FoundWallet, method: string, ask: AskWallet, params: readonly string[] = []) =>
  ask(method, () => provider.request({ method, params }))

/** The account that is chosen in the wallet, with its checksum, and the chain. */
async function accountOf(wallet: FoundWallet, method: 'eth_requestAccounts' | 'eth_accounts', ask: AskWallet) {
  const accounts = await request(wallet, method, ask)
  const account: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  // It is locked, or has taken its permission back.
  if (account === undefined)
    throw new AuthError(method === 'eth_accounts' ? 'wallet_changed' : 'cancelled', 'It shows no account.')
  const chainId = Number(await request(wallet, 'eth_chainId', ask))
  if (typeof account !== 'string' || !/^0x[\da-f]{40}$/i.test(account) || !(Number.isSafeInteger(chainId) && chainId > 0))
    throw new AuthError('unknown', 'The wallet answered with no account or chain.')
  return { address: await withChecksum(account.toLowerCase()), chainId }
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
