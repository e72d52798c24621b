import { AuthError } from '../core/AuthError.js'
import { isAddressOf } from '../core/walletAddress.js'
import type { AskWallet, WalletKind } from './walletKind.js'
import { isOfSolana, solanaWallets, type SolanaAccount, type SolanaWallet } from './solanaWallets.js'

export const solanaCeremony: WalletKind<SolanaWallet> = {
  finder: solanaWallets,
  pick: (_, found, text = '') => found.find(({ standard }) => named(standard.accounts, text)) ?? found[0],

  async connect({ standard }, ask) {
    const { accounts } = await ask('standard:connect', () => standard.features['standard:connect'].connect())
    // Whoever shows none has said no.
    const address: unknown = (accounts.find(isOfSolana) ?? accounts[0])?.address
    if (address === undefined) throw new AuthError('cancelled', 'It shows no account.')
    if (typeof address !== 'string' || !isAddressOf('web3_solana_signature', address))
      throw new AuthError('unknown', 'The wallet answered with no account.')
    return { address }
  },

  async account(wallet, ask, text) {
    const { address } = await accountOf(wallet, ask, text)
    return { address }
  },

  async sign(wallet, ask, text, address) {
    const account = await accountOf(wallet, ask, text)
    if (account.address !== address) throw new AuthError('wallet_changed')
    const message = new TextEncoder().encode(text)
    const signMessage = () => wallet.standard.features['solana:signMessage'].signMessage({ account, message })
    const [signed] = await ask('solana:signMessage', signMessage)
    const { signedMessage, signature } = signed ?? {}
    // A wallet may put something before the text; who checks the signature has the text alone.
    if (signature?.length !== 64 || String(signedMessage) !== String(message))
      throw new AuthError('unknown', 'The wallet gave no signature of the text.')
    return btoa(String.fromCharCode(...signature))
  },
}

/** The account that the text is for; else the first, so that it is seen to be another. */
async function accountOf({ standard }: SolanaWallet, ask: AskWallet, text: string): Promise<SolanaAccount> {
  // After a reload the page's permission is there, and its accounts are not.
  const { accounts } = standard.accounts[0]
    ? standard
    : await ask('standard:connect', () =>
        // Who was asked without the person has no word of theirs: it is locked, or has taken its permission back.
        standard.features['standard:connect'].connect({ silent: true }).catch(() => ({ accounts: [] })),
      )
  const account = named(accounts, text) ?? accounts[0]
  if (!account) throw new AuthError('wallet_changed', 'It shows no account.')
  return account
}

const named = (accounts: readonly SolanaAccount[], text: string) =>
  accounts.find(({ address }) => text.split('\n')[1] === address)
