import { createPublicKey, verify } from 'node:crypto'
import type { Body } from './gotrueStandInShapes.js'
import { GotrueError } from './gotrueStandInState.js'

const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Those that the project lets sign-ins come back to. */
const ownHosts = ['app.example', 'localhost', '127.0.0.1']
const lifeMs = 600_000

const malformed = (why: string) => new GotrueError(400, 'validation_failed', `siws: ${why}`)
const refused = (why: string) => new GotrueError(400, undefined, why, { error: 'invalid_grant' })

/** Whose signature it is, by the rules of GoTrue (`web3GrantSolana` in its `internal/api/web3.go`). `now`: milliseconds. */
export function solanaAddress({ message, signature }: Body, now: number): string {
  const text = String(message)
  const base64 = String(signature)
  if (text.length < 64 || text.length > 20 * 1024) throw malformed('length of the message')
  if (![86, 88].includes(base64.length) || !/^[\w+/-]+={0,2}$/.test(base64))
    throw malformed('signature is not 64 bytes in base64')
  const lines = text.split('\n')
  const suffix = ' wants you to sign in with your Solana account:'
  const [head = '', address = '', gap] = lines
  if (lines.length < 6 || !head.endsWith(suffix) || !/^[a-zA-Z0-9]{32,44}$/.test(address) || gap !== '') throw malformed('form')
  const fields = new Map<string, string>()
  for (const line of lines.slice(lines[4] === '' ? 5 : 3)) {
    if (line === '' || line.startsWith('- ')) continue
    if (!line.includes(':')) throw malformed('a line that is no field')
    fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
  }
  const time = (name: string) => Date.parse(fields.get(name) ?? '')
  const uri = URL.canParse(fields.get('URI') ?? '') && new URL(fields.get('URI') ?? '')
  if (!uri || fields.get('Version') !== '1' || Number.isNaN(time('Issued At'))) throw malformed('page, version or date')
  if (!/^(mainnet|devnet|testnet)?$/i.test(fields.get('Chain ID') ?? '')) throw malformed('network')

  if (!verify(null, Buffer.from(text), keyOf(address), Buffer.from(base64, 'base64')))
    throw refused('Signature does not match address in message')
  if (uri.protocol !== 'https:' && uri.hostname !== 'localhost') throw refused('no HTTPS')
  if (!ownHosts.includes(uri.hostname)) throw refused('signed for another app')
  if (uri.hostname !== 'localhost' && uri.host !== head.slice(0, -suffix.length)) throw refused('page and domain differ')
  if (now < time('Not Before')) throw refused('not yet')
  if (now > time('Expiration Time') || Math.abs(now - time('Issued At')) > lifeMs) throw refused('too late')
  return address
}

/** An address is the key itself, in base58. */
function keyOf(address: string) {
  const number = [...address].reduce((sum, letter) => sum * 58n + BigInt(Math.max(0, letters.indexOf(letter))), 0n)
  const x = Buffer.from(number.toString(16).padStart(64, '0').slice(-64), 'hex').toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}
