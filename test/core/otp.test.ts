// @vitest-environment node
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeProblem, isCode, normalizeCode, readCode, type CodeFormat } from '../../src/core/otp.js'

const six: CodeFormat = { length: 6, type: 'numeric' }
const letters: CodeFormat = { length: 6, type: 'alphanumeric' }

const codePoints = Array.from({ length: 0x110000 }, (_, at) => at)
  .filter((at) => at < 0xd800 || at > 0xdfff)
  .map((at) => String.fromCodePoint(at))

describe('normalizeCode', () => {
  it.each([
    ['spaces', '123 456'],
    ['a no-break space', '123\u00a0456'],
    ['a narrow no-break space', '123\u202f456'],
    ['tabs and line ends', '\t123\r\n456\n'],
    ['a hyphen', '123-456'],
    ['a non-breaking hyphen', '123\u2011456'],
    ['an en dash', '123\u2013456'],
    ['an em dash', '123\u2014456'],
    ['a minus sign', '123\u2212456'],
    ['a full-width hyphen', '123\uff0d456'],
    ['a soft hyphen', '123\u00ad456'],
    ['zero-width spaces and joiners', '1\u200b2\u200c3\u200d4\u206056'],
    ['bidi marks and isolates', '\u2066\u200e123456\u200f\u2069'],
    ['bidi embeddings', '\u202a123456\u202c'],
    ['a byte order mark', '\ufeff123456'],
    ['an ideographic space', '123\u3000456'],
  ])('OT-04 strips %s', (_, raw) => {
    expect(normalizeCode(raw)).toBe('123456')
  })

  it('OT-04 strips every dash, space and invisible mark that Unicode has', () => {
    const kept = codePoints
      .filter((char) => /[\p{Pd}\p{Zs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Variation_Selector}\p{Join_Control}]/u.test(char))
      .filter((char) => normalizeCode(`12${char}34`) !== '1234')
    expect(kept).toEqual([])
  })

  it.each([
    ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
    ['Devanagari', '०१२३४५६७८९'],
    ['Bengali', '০১২৩৪৫৬৭৮৯'],
    ['Thai', '๐๑๒๓๔๕๖๗๘๙'],
    ['full-width', '０１２３４５６７８９'],
    ['mathematical bold', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'],
    ['mathematical monospace', '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿'],
  ])('OT-05 reads %s digits', (_, digits) => {
    expect(normalizeCode(digits)).toBe('0123456789')
  })

  it('OT-05 reads the digits of every script in their order', () => {
    const digits = codePoints.filter((char) => /\p{Nd}/u.test(char))
    expect(digits.length).toBeGreaterThan(600)
    expect(normalizeCode(digits.join(''))).toBe('0123456789'.repeat(digits.length / 10))
  })

  it('OT-08 keeps what is neither a digit nor a separator', () => {
    expect(normalizeCode('12a-4 5!')).toBe('12a45!')
  })

  it('OT-09 keeps leading zeros', () => {
    expect(normalizeCode('000000')).toBe('000000')
    expect(normalizeCode('000 012')).toBe('000012')
  })

  it('is settled after one pass', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => normalizeCode(normalizeCode(raw)) === normalizeCode(raw)))
  })
})

describe('readCode', () => {
  it.each([
    ['In 10 min use 123456', '123456'],
    ['123456 is your Acme code. It expires in 10 minutes.', '123456'],
    ['Acme: use 123456 to sign in.\n\n@acme.example #123456', '123456'],
    ['G-123456 is your code', '123456'],
    ['您的验证码：123456，10分钟内有效', '123456'],
    ['رمزك هو ١٢٣٤٥٦ صالح لمدة ١٠ دقائق', '123456'],
    ['code:\u2066123456\u2069.', '123456'],
  ])('OT-07 takes the one code of a message: %j', (message, code) => {
    expect(readCode(message, six)).toBe(code)
  })

  it.each([
    ['no run of six', 'In 10 min use 1234'],
    ['a longer run', 'Order 1234567 in 10 min'],
    ['two different runs of six', 'Use 123456, not 654321'],
    ['digits that only add up to six', 'Room 12, code 3456'],
  ])('OT-07 takes nothing from a message with %s', (_, message) => {
    const read = readCode(message, six)
    expect(read).toBe(normalizeCode(message))
    expect(isCode(read, six)).toBe(false)
  })

  it('OT-07 never gives a code that does not stand in the message as it is', () => {
    const words = fc.array(fc.oneof(fc.constantFrom('use', 'code', 'in', 'min', ':', '.', ','), fc.nat(99_999_999).map(String)), {
      minLength: 1,
    })
    fc.assert(
      fc.property(words, (parts) => {
        const read = readCode(`${parts.join(' ')} now`, six)
        return !isCode(read, six) || parts.filter((part) => part === read).length > 0
      }),
    )
  })

  it('OT-07 reads a message put beside older digits as the message alone', () => {
    const message = 'In 10 min use 123456'
    expect(readCode(`9${message}9`, six, message)).toBe('123456')
  })

  it('OT-03 lets a whole code take the place of what stood beside it', () => {
    expect(readCode('12654321', six, '654321')).toBe('654321')
    expect(readCode('1654 3212', six, '654 321')).toBe('654321')
  })

  it('OT-03 puts a part of a code where it was put', () => {
    expect(readCode('12 3-456', six, ' 3-4')).toBe('123456')
  })

  it('OT-08 drops nothing of too many digits, however they are grouped', () => {
    expect(readCode('1234567', six, '7')).toBe('1234567')
    expect(readCode('123456 7', six)).toBe('1234567')
    expect(readCode('12 345678', six)).toBe('12345678')
  })

  it('OT-09 reads letters and digits, in the case they have', () => {
    expect(readCode('aB1-2cD', letters)).toBe('aB12cD')
    expect(readCode('Please enter: AB12CD', letters)).toBe('AB12CD')
    expect(readCode('Please wait.', letters)).toBe('Pleasewait.')
  })

  it.each([4, 5, 6, 7, 8, 9, 10])('OT-09 reads codes of %i characters', (length) => {
    const code = '0000000000'.slice(0, length)
    expect(readCode(`Your code: ${code}`, { length, type: 'numeric' })).toBe(code)
    expect(readCode(`x${code}0`, { length, type: 'numeric' })).toBe(`x${code}0`)
  })
})

describe('codeProblem', () => {
  it.each([
    ['', six, 'empty'],
    ['12345', six, 'too_short'],
    ['1234567', six, 'too_long'],
    ['12345a', six, 'not_digits'],
    ['12a', six, 'not_digits'],
    ['123456', six, null],
    ['000000', six, null],
    ['', letters, 'empty'],
    ['ab12', letters, 'too_short'],
    ['ab12cd3', letters, 'too_long'],
    ['ab12c!', letters, 'not_alphanumeric'],
    ['ab12cé', letters, 'not_alphanumeric'],
    ['ab12cD', letters, null],
  ] as const)('OT-08 says of %j what keeps it from being sent', (code, format, problem) => {
    expect(codeProblem(code, format)).toBe(problem)
    expect(isCode(code, format)).toBe(problem === null)
  })
})
