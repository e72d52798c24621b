/**
 * What a wallet is asked to sign to sign in (ERC-4361; without a `chainId` Sign In With Solana, which has an empty line less), where the backend
 * leaves the writing to the client. `address` and `chainId` as the wallet tells them; `origin` is where the person is; `nonce` is the backend's,
 * where it gives one; the moment is handed in, as all time is.
 */
export function siweMessage(
  {
    address,
    chainId,
    origin,
    nonce,
  }: { address: string; chainId?: number | undefined; origin: string; nonce?: string | undefined },
  issuedAt: Date,
): string {
  const isSolana = chainId === undefined
  return `${new URL(origin).host} wants you to sign in with your ${isSolana ? 'Solana' : 'Ethereum'} account:
${address}
${isSolana ? '' : '\n'}
URI: ${origin}
Version: 1
Chain ID: ${isSolana ? 'mainnet' : chainId}
Nonce: ${nonce ?? crypto.randomUUID().replace(/-/g, '')}
Issued At: ${issuedAt.toISOString()}`
}
