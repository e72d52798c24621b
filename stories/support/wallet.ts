interface Account {
  readonly offered: string
  /** As it is when the text has come. */
  readonly signing: string
}

/** A wallet that announces itself as MetaMask (EIP-6963) and signs nothing. For `beforeEach`, which takes it back. */
export function hasWallet({ offered, signing }: Account): () => void {
  const answers: Readonly<Record<string, unknown>> = {
    eth_requestAccounts: [offered],
    eth_accounts: [signing],
    eth_chainId: '0x1',
  }
  const provider = { request: ({ method }: { method: string }) => Promise.resolve(answers[method]) }
  const info = { uuid: 'f0c1b6d2-3a4e-4b7c-9a51-6f1f2f7d9e10', name: 'MetaMask', rdns: 'io.metamask' }
  const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }))
  addEventListener('eip6963:requestProvider', announce)
  return () => removeEventListener('eip6963:requestProvider', announce)
}
