// @vitest-environment node
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { backendError, noAnswer } from '../../src/core/backendError.js'

describe('backendError', () => {
  it('HA-09 takes the adapter’s reading, else the status', () => {
    expect(backendError('locked', { status: 403 })).toMatchObject({ code: 'locked', outcome: 'refused' })
    const byStatus = [400, 404, 429].map((status) => backendError(undefined, { status }).code)
    expect(byStatus).toEqual(['unknown', 'not_supported', 'rate_limited'])
  })

  it('does not know what came of a request that was answered with a 5xx, or with no status at all', () => {
    for (const status of [500, 503, Number.NaN]) {
      const error = backendError('code_incorrect', { status, code: 'X' })
      expect(error).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    }
  })

  it('names the field that the code speaks of', () => {
    const fieldOf = (code: Parameters<typeof backendError>[0]) => backendError(code, { status: 400 }).field
    expect(fieldOf('code_expired')).toBe('code')
    expect(fieldOf('already_used')).toBe('code')
    expect(fieldOf('invalid_credentials')).toBe('password')
    expect(fieldOf('password_weak')).toBe('password')
    expect(fieldOf('identifier_invalid')).toBe('identifier')
    expect(fieldOf('locked')).toBeUndefined()
  })

  it('HA-10 keeps their words for the cause, unless they quote what was sent', () => {
    const answer = { status: 400, code: 'NOPE', message: 'No: pw-sentinel' }
    expect(backendError(undefined, answer).cause).toBe('400 NOPE No: pw-sentinel')
    const quoting = backendError(undefined, answer, undefined, { password: 'pw-sentinel', remember: true, empty: '' })
    expect(quoting.cause).toBe(400)
    expect(inspect(quoting, { showHidden: true })).not.toContain('pw-sentinel')
  })
})

describe('noAnswer', () => {
  it('tells a lost answer from one that cannot be read, and quotes neither', () => {
    const lost = noAnswer(new TypeError('pw-sentinel'))
    expect(lost).toMatchObject({ code: 'network', outcome: 'unknown', cause: 'TypeError' })
    const garbled = noAnswer(new SyntaxError('Unexpected token, "pw-sentinel" is not valid JSON'))
    expect(garbled).toMatchObject({ code: 'unavailable', outcome: 'unknown', cause: 'SyntaxError' })
    expect(noAnswer()).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    expect(inspect([lost, garbled], { showHidden: true })).not.toContain('pw-sentinel')
  })
})
