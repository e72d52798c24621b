import type { Strategy } from './strategy.js'

/** Its wallets are found by their chain, not by their maker. Apart from `strategy.ts`, because the first screen does not need it. */
export const isSolana = (strategy: Strategy | 'saml'): strategy is 'web3_solana_signature' => strategy === 'web3_solana_signature'

const ethereum = /^0x[\da-f]{40}$/i
/** 32 bytes in base58, where 0, O, I and l are no digits. */
const solana = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/

export const isAddressOf = (strategy: Strategy, text: string) => (isSolana(strategy) ? solana : ethereum).test(text)

export const isAddress = (text: string) => ethereum.test(text) || solana.test(text)

/** Only Ethereum's addresses are the same in any case. */
export const addressKey = (address: string) => (ethereum.test(address) ? address.toLowerCase() : address)

export const isSameAddress = (one: string, other: string) => addressKey(one) === addressKey(other)
