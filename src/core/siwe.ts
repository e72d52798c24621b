/** What a text that a wallet is asked to sign has to name. */
export interface SiweExpected {
  /** `location.origin` of the page that asks. */
  readonly origin: string
  /** The wallet's account: Ethereum's with ERC-55's checksum, Solana's in base58. */
  readonly address: string
  /** Absent: the account is Solana's, which is the same one on every network. */
  readonly chainId?: number | undefined
  /** Milliseconds since 1970. Where it is left out, the text is judged as of its own issue. */
  readonly now?: number | undefined
}

/** Why a text is not signed. `malformed`: it is no text of EIP-4361, or of Sign In With Solana. */
export type SiweFault = 'malformed' | 'domain' | 'uri' | 'address' | 'chain' | 'expired'

// RFC 3986 §2.2, §2.3; a URI may escape, a statement may have spaces.
const plain = String.raw`\w\-.~:/?#[\]@!$&'()*+,;=`
const uri = `[${plain}%]+`
const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`

/** EIP-4361's ABNF, line by line. Each line ends at its line feed, so that no field can hold another. */
const grammarOf = (chain: string, account: string, chainId: string) =>
  new RegExp(
    `^(?:([a-zA-Z][a-zA-Z\\d+.-]*)://)?([^\\s/?#@]+) wants you to sign in with your ${chain} account:\n${account}` +
      `URI: (${uri})\nVersion: 1${chainId}\nNonce: [a-zA-Z\\d]{8,}\nIssued At: (${time})` +
      `(?:\nExpiration Time: (${time}))?(?:\nNot Before: (${time}))?(?:\nRequest ID: [\\w\\-.~!$&'()*+,;=:@%]*)?(?:\nResources:(?:\n- ${uri})*)?$`,
  )

const ethereum = grammarOf('Ethereum', `(0x[\\da-fA-F]{40})\n\n(?:[${plain} ]+\n)?\n`, '\nChain ID: (\\d+)')

/**
 * Sign In With Solana is the same text; where it has no statement, EIP-4361's empty line for it may be missing, so that a
 * statement must not look like the line after it. Every field of it may be left out, but a text without page, nonce and date could be for anybody,
 * at any time.
 */
const solana = grammarOf(
  'Solana',
  `([1-9A-HJ-NP-Za-km-z]{32,44})\n\n(?:(?!URI: )[${plain} ]+\n\n|\n)?`,
  '(?:\nChain ID: ([\\w:-]+))?',
)

/**
 * Why a wallet must not be asked to sign `text` to sign in here, or `null` where it may (EIP-4361; Sign In With Solana): the text is well formed,
 * and page, account, chain and time are those expected. It says nothing of the nonce's worth; that is the backend's to know.
 */
export function siweFault(text: string, { origin, address, chainId, now }: SiweExpected): SiweFault | null {
  const isSolana = chainId === undefined
  const [, scheme, domain, account, about = '', chain, issued = '', expires, notBefore] =
    (isSolana ? solana : ethereum).exec(text) ?? []
  const at = now ?? Date.parse(issued)
  const ends = expires === undefined ? Infinity : Date.parse(expires)
  const begins = notBefore === undefined ? -Infinity : Date.parse(notBefore)
  // A day or hour that no calendar has; also the answer to a text that is none.
  if (Number.isNaN(Date.parse(issued) + at + ends) || Number.isNaN(begins)) return 'malformed'
  if (domain !== new URL(origin).host || (scheme !== undefined && `${scheme}:` !== new URL(origin).protocol)) return 'domain'
  if (originOf(about) !== origin) return 'uri'
  // In lower case an address of Ethereum has no checksum that could be wrong; one of Solana is another.
  if (account !== address && (isSolana || account !== address.toLowerCase())) return 'address'
  if (!isSolana && chain !== String(chainId)) return 'chain'
  return begins <= at && at < ends ? null : 'expired'
}

function originOf(address: string): string | null {
  try {
    return new URL(address).origin
  } catch {
    return null
  }
}
