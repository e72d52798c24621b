import { AuthError } from '../../core/AuthError.js'
import { siweMessage } from '../../core/siweMessage.js'
import { type Later, requireStatus } from './attemptRecord.js'
import { takeSent } from './codeChallenge.js'
import type { AttemptRecord, MemoryStore, Sent, UserRecord } from './memoryStore.js'
import type { WalletVerifier } from './walletVerifier.js'

type Wallet = NonNullable<AttemptRecord['wallet']>

/** A message to sign (ERC-4361; Sign In With Solana) with a nonce of its own. */
export function askWallet({ clock, settings }: MemoryStore, wallet: Wallet): Sent {
  const now = clock.now()
  const expiresAt = now + settings.ceremonyMs
  const message = `${siweMessage(wallet, new Date(now))}\nExpiration Time: ${new Date(expiresAt).toISOString()}`
  return { code: '', expiresAt, facts: { message } }
}

/**
 * The message serves one signature. One that is wrong and one of an address that nobody has read the same. `pass` is called where it is right and
 * the attempt still at its first factor.
 */
export async function passWallet(
  store: MemoryStore,
  record: AttemptRecord,
  factorId: string,
  signature: string,
  pass: (record: AttemptRecord, user: UserRecord) => void,
): Later {
  const { challenges } = record.first
  const { message } = takeSent(store, challenges.get(factorId)).facts
  challenges.delete(factorId)
  const { user, wallet: { address, chainId } = {} as Partial<Wallet> } = record
  const signed = { address, message, signature } as Parameters<WalletVerifier['verifyMessage']>[0]
  const verify = async () => store.settings.wallets?.[chainId ? 'verifyMessage' : 'verifySolana']?.(signed)
  const isTheirs = await verify().catch(() => {})
  return (now) => {
    requireStatus(now, 'needs_first_factor')
    if (!isTheirs || !user) throw new AuthError('invalid_credentials')
    pass(now, user)
  }
}
