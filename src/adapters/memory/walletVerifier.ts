/** Checks what a wallet has signed. */
export interface WalletVerifier {
  /** Rejecting counts as `false`. */
  verifyMessage(signed: { address: `0x${string}`; message: string; signature: `0x${string}` }): Promise<boolean> | boolean
}
