// @vitest-environment node
import fc from 'fast-check'
import { createSiweMessage, parseSiweMessage } from 'viem/siwe'
import { getAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import { siweFault, type SiweExpected } from '../../src/core/siwe.js'
import { siweMessage } from '../../src/core/siweMessage.js'

const address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
const here: SiweExpected = { origin: 'https://example.com', address, chainId: 1 }
const issued = '2021-09-30T16:25:24Z'
const at = Date.parse(issued)

/** The examples of EIP-4361: with a statement and resources, with a port, with a scheme. */
const text = `example.com wants you to sign in with your Ethereum account:
${address}

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: ${issued}
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json`
const [bare = ''] = text.replace(/I accept.*\n/, '').split('\nResources')

const swap = (from: string | RegExp, to: string, of = text) => {
  const swapped = of.replace(from, to)
  if (swapped === of) throw new Error(`Nothing is like ${from}.`)
  return swapped
}

const base58 = 'GwAF45zjfyGzUbd3i3hXxzGeuchzEZXwpRYHZM5912F1'
const hereToo: SiweExpected = { origin: 'https://example.com', address: base58 }

/** As Sign In With Solana has it: without a statement there is one empty line. */
const siws = `example.com wants you to sign in with your Solana account:
${base58}

URI: https://example.com/login
Version: 1
Chain ID: mainnet
Nonce: 32891756
Issued At: ${issued}`

describe('SI-26 the text to sign with Solana', () => {
  it.each([
    ['as the kit writes it', siweMessage({ address: base58, origin: 'https://example.com' }, new Date(at))],
    ['as in the standard', siws],
    ['with a statement', swap('\n\nURI', '\n\nI accept the terms.\n\nURI', siws)],
    ['with EIP-4361’s empty line for a statement', swap('\n\nURI', '\n\n\nURI', siws)],
    ['on another network', swap('mainnet', 'solana:devnet', siws)],
    ['without network', swap(/Chain ID.*\n/, '', siws)],
    [
      'with every line',
      `${siws}\nExpiration Time: 2021-10-01T00:00:00Z\nNot Before: ${issued}\nRequest ID: a\nResources:\n- https://a.example`,
    ],
  ])('may be signed %s', (_, given) => {
    expect(siweFault(given, hereToo)).toBeNull()
  })

  it.each([
    ['another domain', swap('example.com wants', 'evil.example wants', siws), 'domain'],
    ['another port', swap('example.com wants', 'example.com:444 wants', siws), 'domain'],
    ['another URI', swap('https://example.com/login', 'https://evil.example/login', siws), 'uri'],
    ['another account', swap(base58, base58.replace('G', 'H'), siws), 'address'],
    ['the account in lower case, which is another', swap(base58, base58.toLowerCase(), siws), 'address'],
    ['an end before its beginning', `${siws}\nExpiration Time: 2021-09-30T16:25:23Z`, 'expired'],
    ['Ethereum', swap('Solana', 'Ethereum', siws), 'malformed'],
    ['a digit that base58 has not', swap('GwAF', 'Gw0F', siws), 'malformed'],
    ['no page', swap(/URI.*\n/, '', siws), 'malformed'],
    ['no date', swap(/\nIssued At.*/, '', siws), 'malformed'],
    ['no nonce', swap(/Nonce.*\n/, '', siws), 'malformed'],
    ['no version', swap('Version: 1\n', '', siws), 'malformed'],
    ['a statement that brings its own page', swap('\n\nURI', '\n\nYes\n\nURI: https://evil.example\n\nURI', siws), 'malformed'],
    ['a statement that is a page', swap('\n\nURI', '\n\nURI: https://evil.example\n\nURI', siws), 'malformed'],
    ['a statement that is no page yet', swap('\n\nURI', '\n\nURI: \n\nURI', siws), 'malformed'],
    ['a statement without its empty line', swap('\n\nURI', '\n\nYes\nURI', siws), 'malformed'],
    ['a line after', `${siws}\n`, 'malformed'],
    ['nothing', '', 'malformed'],
  ])('is refused for %s', (_, given, fault) => {
    expect(siweFault(given, hereToo)).toBe(fault)
  })

  it('is no text for Ethereum, nor is Ethereum’s one for Solana', () => {
    expect(siweFault(siws, here)).toBe('malformed')
    expect(siweFault(text, hereToo)).toBe('malformed')
  })

  it('with anything put in anywhere never names another page or account than the one expected', () => {
    fc.assert(
      fc.property(
        fc.nat(siws.length),
        fc.nat(40),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\n\nURI: ', '@evil.example', 'evil.example wants')),
        (start, length, put) => {
          const edited = siws.slice(0, start) + put + siws.slice(start + length)
          if (siweFault(edited, hereToo) !== null) return
          const lines = edited.split('\n')
          expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^(https:\/\/)?example\.com wants you/), base58])
          const pages = lines.filter((line) => line.startsWith('URI: '))
          expect(pages.map((line) => new URL(line.slice(5)).origin)).toEqual(['https://example.com'])
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('SI-26 the text to sign', () => {
  it.each([
    ['as in the standard', text, here],
    [
      'with a port',
      swap('example.com wants', 'example.com:3388 wants', swap('com/login', 'com:3388/login')),
      'https://example.com:3388',
    ],
    ['with its scheme', `https://${text}`, here],
    ['without a statement', bare, here],
    [
      'with every line',
      `${bare}\nExpiration Time: 2021-10-01T00:00:00+02:00\nNot Before: ${issued}\nRequest ID: a%20b\nResources:`,
      here,
    ],
    ['with an empty request id', `${bare}\nRequest ID: `, here],
    ['with a fraction of a second', swap('24Z', '24.123Z'), here],
    ['with an address without checksum', swap(address, address.toLowerCase()), here],
    ['as the kit writes it', siweMessage({ address, chainId: 1, origin: 'https://example.com' }, new Date(at)), here],
  ])('may be signed %s', (_, given, expected) => {
    expect(siweFault(given, typeof expected === 'string' ? { ...here, origin: expected } : expected)).toBeNull()
  })

  it.each([
    ['another domain', swap('example.com wants', 'evil.example wants'), 'domain'],
    ['a domain that only begins like it', swap('example.com wants', 'example.com.evil.example wants'), 'domain'],
    ['a domain below it', swap('example.com wants', 'a.example.com wants'), 'domain'],
    ['another port', swap('example.com wants', 'example.com:444 wants'), 'domain'],
    ['another scheme', `http://${text}`, 'domain'],
    ['another URI', swap('https://example.com/login', 'https://evil.example/login'), 'uri'],
    ['a URI that hides its host', swap('https://example.com/login', 'https://example.com@evil.example/'), 'uri'],
    ['a URI without TLS', swap('https://example.com/login', 'http://example.com/login'), 'uri'],
    ['a URI that is no address', swap('https://example.com/login', '/login'), 'uri'],
    ['another account', swap(address, '0x0000000000000000000000000000000000000001'), 'address'],
    ['a wrong checksum', swap(address, address.replace('C02aaA', 'C02AAA')), 'address'],
    ['another chain', swap('Chain ID: 1', 'Chain ID: 10'), 'chain'],
    ['a chain with a zero before', swap('Chain ID: 1', 'Chain ID: 01'), 'chain'],
    ['an end before its beginning', `${bare}\nExpiration Time: 2021-09-30T16:25:23Z`, 'expired'],
    ['a beginning after its issue', `${bare}\nNot Before: 2021-09-30T16:25:25Z`, 'expired'],
  ])('is refused for %s', (_, given, fault) => {
    expect(siweFault(given, here)).toBe(fault)
  })

  it.each([
    ['nothing', ''],
    ['a plain text', 'Sign in to example.com'],
    ['a line before', `\n${text}`],
    ['a line after', `${text}\n`],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['no account', swap(`${address}\n`, '')],
    ['an address that is too short', swap('756Cc2', '756Cc')],
    ['no empty line for the statement', swap('\n\nI accept', '\nI accept')],
    ['a statement of two lines', swap('I accept', 'I accept\nall')],
    ['a statement that brings its own fields', swap('I accept', 'Yes\n\nURI: https://evil.example\nVersion: 1\nI accept')],
    ['a statement in which a line separator hides', swap('I accept', 'I\u2028accept')],
    ['a statement with signs that turn the reading', swap('I accept', '\u202eI accept')],
    ['userinfo in the domain', swap('example.com wants', 'example.com@evil.example wants')],
    ['a path in the domain', swap('example.com wants', 'example.com/login wants')],
    ['another version', swap('Version: 1', 'Version: 2')],
    ['no version', swap('Version: 1\n', '')],
    ['a chain in hex', swap('Chain ID: 1', 'Chain ID: 0x1')],
    ['a nonce of seven', swap('32891756', '3289175')],
    ['a nonce with a sign', swap('32891756', '3289-1756')],
    ['no nonce', swap('Nonce: 32891756\n', '')],
    ['no date', swap(`\nIssued At: ${issued}`, '')],
    ['a date without zone', swap('24Z', '24')],
    ['a date that no calendar has', swap('2021-09-30', '2021-13-30')],
    ['a date in words', swap(issued, 'Thu, 30 Sep 2021 16:25:24 GMT')],
    ['an end that no calendar has', `${bare}\nExpiration Time: 2021-13-30T00:00:00Z`],
    ['a beginning that no calendar has', `${bare}\nNot Before: 2021-13-30T00:00:00Z`],
    ['fields in another order', `${bare}\nNot Before: ${issued}\nExpiration Time: 2031-01-01T00:00:00Z`],
    ['a field that there is not', `${bare}\nAmount: 1`],
    ['a field twice', swap('Nonce: 32891756', 'Nonce: 32891756\nNonce: 32891756')],
    ['small letters', swap('Nonce:', 'nonce:')],
    ['a resource without its dash', swap('- https', 'https')],
    ['a resource with a space', swap('my-web2', 'my web2')],
    ['a request id with a space', `${bare}\nRequest ID: a b`],
  ])('is refused as none with %s', (_, given) => {
    expect(siweFault(given, here)).toBe('malformed')
  })

  it('is judged by a clock where one is handed in', () => {
    const short = `${bare}\nExpiration Time: 2021-09-30T16:30:24Z\nNot Before: 2021-09-30T16:26:24Z`
    const minutes = (after: number) => siweFault(short, { ...here, now: at + after * 60_000 })
    expect([0, 1, 4.99, 5, 6].map(minutes)).toEqual(['expired', null, null, 'expired', 'expired'])
  })

  const account = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString('hex')}`))
  const fields = fc.record(
    {
      address: account,
      chainId: fc.integer({ min: 1, max: 2 ** 31 }),
      domain: fc
        .tuple(fc.domain(), fc.option(fc.integer({ min: 1024, max: 65_535 })))
        .map(([name, port]) => name + (port ? `:${port}` : '')),
      nonce: fc.stringMatching(/^[a-zA-Z\d]{8,40}$/),
      issuedAt: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
      statement: fc.stringMatching(/^[\w .,:/!-]{1,60}$/),
      resources: fc.array(fc.webUrl({ validSchemes: ['https'] }), { maxLength: 3 }),
      requestId: fc.stringMatching(/^[\w-]{1,20}$/),
    },
    { requiredKeys: ['address', 'chainId', 'domain', 'nonce', 'issuedAt'] },
  )

  it('may be signed as another library writes it, for the page, account and chain it names and for no other', () => {
    fc.assert(
      fc.property(fields, account, (given, other) => {
        const origin = `https://${given.domain}`
        const written = createSiweMessage({ ...given, uri: `${origin}/in`, version: '1' })
        const expected = { origin, address: given.address, chainId: given.chainId }
        expect(siweFault(written, expected)).toBeNull()
        expect(siweFault(written, { ...expected, origin: `https://a.${given.domain}` })).toBe('domain')
        expect(siweFault(written, { ...expected, chainId: given.chainId + 1 })).toBe('chain')
        if (other !== given.address) expect(siweFault(written, { ...expected, address: other })).toBe('address')
      }),
    )
  })

  it('with anything put in anywhere never names another page or account than the one expected', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(40),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\n\nURI: ', '@evil.example')),
        (start, length, put) => {
          const edited = text.slice(0, start) + put + text.slice(start + length)
          if (siweFault(edited, here) !== null) return
          const read = parseSiweMessage(edited)
          expect(read).toMatchObject({ domain: 'example.com', chainId: 1, version: '1' })
          expect(read.address?.toLowerCase()).toBe(address.toLowerCase())
          expect(new URL(read.uri ?? '').origin).toBe('https://example.com')
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
