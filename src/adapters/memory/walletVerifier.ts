/** Checks what a wallet has signed. */
export interface WalletVerifier {
  /** Rejecting counts as `false`. */
  verifyMessage(signed: { address: `0x${string}`; message: string; signature: `0x${string}` }): Promise<boolean> | boolean
  /**
   * The same of Solana's: `address` in base58 is the key of Ed25519 (RFC 8032), `signature` its 64 bytes in base64. Absent: nobody signs in with
   * `web3_solana_signature`.
   */
  verifySolana?(signed: { address: string; message: string; signature: string }): Promise<boolean> | boolean
}
