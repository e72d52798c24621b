// @vitest-environment node
import fc from 'fast-check'
import { URI } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { canonicalSecret, keyWarnings, otpauthUri, readOtpauthUri } from '../../src/core/otpauth.js'

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

describe('otpauth addresses', () => {
  it.each([
    ['Acme', 'ada@example.com', 'Acme:ada%40example.com', 'Acme'],
    ['Acme Co', 'ada lovelace', 'Acme%20Co:ada%20lovelace', 'Acme%20Co'],
    ['A&B', 'x&y=z', 'A%26B:x%26y%3Dz', 'A%26B'],
    ['#1', 'a#b', '%231:a%23b', '%231'],
    ['A+B', 'ada+tag@example.com', 'A%2BB:ada%2Btag%40example.com', 'A%2BB'],
    ['Acme: Co', 'a:b', 'Acme%20Co:ab', 'Acme%20Co'],
    ['Löwe 🦁', 'ada', 'L%C3%B6we%20%F0%9F%A6%81:ada', 'L%C3%B6we%20%F0%9F%A6%81'],
    ['שלום', 'עדה', '%D7%A9%D7%9C%D7%95%D7%9D:%D7%A2%D7%93%D7%94', '%D7%A9%D7%9C%D7%95%D7%9D'],
    ['50%/?', 'a/b?c', '50%25%2F%3F:a%2Fb%3Fc', '50%25%2F%3F'],
  ])('TE-01 are built by the key-URI rules for %j and %j', (issuer, account, label, parameter) => {
    expect(otpauthUri({ secret, issuer, account })).toBe(`otpauth://totp/${label}?secret=${secret}&issuer=${parameter}`)
  })

  it('TE-01 read back as they were meant, here and in an authenticator app, whatever the names are', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => text.replaceAll(':', '').trim())
      .filter((text) => text !== '' && !/\p{C}/u.test(text))
    fc.assert(
      fc.property(name, name, (issuer, account) => {
        const uri = otpauthUri({ secret, issuer, account })
        expect(uri).not.toContain('+')
        expect(readOtpauthUri(uri)).toEqual({ secret, issuer, account, algorithm: 'SHA1', digits: 6, period: 30 })
        const app = URI.parse(uri)
        expect([app.issuer, app.label, app.secret.base32]).toEqual([issuer, account, secret])
      }),
    )
  })

  it.each([
    ['jbsw y3dp ehpk 3pxp', 'JBSWY3DPEHPK3PXP'],
    ['JBSW-Y3DP-EHPK-3PXP', 'JBSWY3DPEHPK3PXP'],
    ['JBSWY3DPEHPK3PXPJA======', 'JBSWY3DPEHPK3PXPJA'],
  ])('TE-02 take %j for the secret %s', (given, expected) => {
    expect(canonicalSecret(given)).toBe(expected)
    expect(otpauthUri({ secret: given, issuer: 'A', account: 'b' })).toContain(`?secret=${expected}&`)
  })

  it.each(['', '====', 'JBSWY3DP0', 'JBSWY3DP1', 'JBSWY3DP8', 'JBSWY3DPÄ', '<b>', 'A&issuer=Evil'])(
    'TE-02 refuse %j as a secret, and do not quote it',
    (given) => {
      expect(() => canonicalSecret(given)).toThrow(TypeError)
      if (given) expect(() => canonicalSecret(given)).not.toThrow(given)
    },
  )

  it('TE-02 warn of a secret under 128 bits, and of no longer one', () => {
    const key = (length: number) => ({ secret: 'A'.repeat(length), algorithm: 'SHA1', digits: 6, period: 30 })
    expect(keyWarnings(key(25)).join()).toMatch(/125 bits.*128/)
    expect(keyWarnings(key(16)).join()).toMatch(/80 bits/)
    expect(keyWarnings(key(26))).toEqual([])
    expect(keyWarnings(key(32))).toEqual([])
  })

  it('TE-03 say SHA1, 6 and 30 where nothing else is said, and warn of anything else', () => {
    const plain = readOtpauthUri(`otpauth://totp/x?secret=${secret}`)
    expect(plain).toMatchObject({ algorithm: 'SHA1', digits: 6, period: 30 })
    expect(keyWarnings(plain!)).toEqual([])
    for (const [query, said] of [
      ['algorithm=SHA256', 'SHA256'],
      ['digits=8', '8'],
      ['period=60', '60'],
    ] as const) {
      const key = readOtpauthUri(`otpauth://totp/x?secret=${secret}&${query}`)
      expect(keyWarnings(key!).join()).toContain(said)
      expect(keyWarnings(key!).join()).not.toContain(secret)
    }
    expect(keyWarnings(readOtpauthUri(`otpauth://totp/x?secret=${secret}&algorithm=sha1&digits=6&period=30`)!)).toEqual([])
  })

  it.each([
    [`otpauth://totp/Acme:ada?secret=${secret}&issuer=Acme`, 'Acme', 'ada'],
    [`otpauth://totp/Acme:%20ada?secret=${secret}`, 'Acme', 'ada'],
    [`otpauth://totp/Acme%3Aada?secret=${secret}`, 'Acme', 'ada'],
    [`otpauth://totp/ada?secret=${secret}&issuer=Acme`, 'Acme', 'ada'],
    [`otpauth://totp/Old:ada?secret=${secret}&issuer=New`, 'New', 'ada'],
    [`otpauth://totp/ada?secret=${secret}`, undefined, 'ada'],
    [`otpauth://totp/?secret=${secret}`, undefined, undefined],
    [`OTPAUTH://TOTP/ada?secret=${secret.toLowerCase()}`, undefined, 'ada'],
  ])('TE-06 name issuer and account of %s', (uri, issuer, account) => {
    expect(readOtpauthUri(uri)).toMatchObject({ secret, issuer, account })
  })

  it.each([
    '',
    'otpauth://totp/x',
    'otpauth://totp/x?secret=',
    'otpauth://totp/x?secret=not base 32!',
    `otpauth://hotp/x?secret=${secret}`,
    `otpauth-migration://offline?data=x&secret=${secret}`,
    `https://totp/x?secret=${secret}`,
    `javascript:alert(1)//otpauth://totp/x?secret=${secret}`,
    ` javascript:otpauth://totp/x?secret=${secret}`,
    `data:text/html,otpauth://totp/x?secret=${secret}`,
    `otpauth://totp/%E0%A4%A?secret=${secret}`,
  ])('TE-05 make nothing of %j, so that nothing else becomes a link', (uri) => {
    expect(readOtpauthUri(uri)).toBeNull()
  })

  it('TE-05 never throw, and answer with nothing but an otpauth key', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `otpauth://totp/${rest}`),
        ),
        (uri) => {
          const key = readOtpauthUri(uri)
          if (key) expect(uri).toMatch(/^otpauth:\/\/totp\//i)
        },
      ),
    )
  })
})
