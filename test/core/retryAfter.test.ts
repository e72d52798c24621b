// @vitest-environment node
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfterMs } from '../../src/core/retryAfter.js'

const date = 'Thu, 15 Jan 2026 12:00:00 GMT'

describe('Retry-After', () => {
  it.each([
    ['30', undefined, 30_000],
    [' 30 ', undefined, 30_000],
    ['0', undefined, 0],
    ['Thu, 15 Jan 2026 12:01:30 GMT', date, 90_000],
    ['Thursday, 15-Jan-26 12:01:30 GMT', date, 90_000],
    // The server's own stamp counts, not this machine's clock; without it a date says nothing.
    ['Thu, 15 Jan 2026 12:01:30 GMT', undefined, undefined],
    ['Thu, 15 Jan 2026 12:01:30 GMT', 'yesterday', undefined],
    ['Thu, 15 Jan 2026 11:00:00 GMT', date, 0],
    ['', date, undefined],
    [null, date, undefined],
    [undefined, date, undefined],
    ['soon', date, undefined],
    ['-5', date, undefined],
    ['1.5', date, undefined],
    ['1e3', date, undefined],
    ['0x10', date, undefined],
    ['٣٠', date, undefined],
    ['30; drop', date, undefined],
    ['Mon, 99 Foo 2026 12:00:00 GMT', date, undefined],
  ])('HA-09 reads %j (server date %j) as %j ms', (value, serverDate, expected) => {
    expect(retryAfterMs(value, serverDate)).toBe(expected)
  })

  it('HA-09 answers with a wait or with nothing, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string()), (value, serverDate) => {
        const wait = retryAfterMs(value, serverDate)
        expect(wait === undefined || wait >= 0).toBe(true)
      }),
    )
  })
})
