// @vitest-environment node
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuthError, errorTable, isAuthError, knownCode, toAuthError } from '../../src/core/AuthError.js'
import { attempt, sentinels } from '../support/contractBuilders.js'

describe('AuthError', () => {
  it('is an Error with a closed code, refused unless it says otherwise', () => {
    const error = new AuthError('rate_limited', 'slow down', { retryInMs: 500, field: 'code' })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'AuthError',
      code: 'rate_limited',
      message: 'slow down',
      outcome: 'refused',
      retryInMs: 500,
    })
    expect(new AuthError('network', undefined, { outcome: 'unknown' })).toMatchObject({ message: 'network', outcome: 'unknown' })
  })

  it('HA-10 keeps its cause out of everything that lists, copies or writes it down', () => {
    const error = new AuthError('unknown', undefined, { cause: { password: sentinels.password } })
    expect(error.cause).toEqual({ password: sentinels.password })
    expect(Object.keys(error)).not.toContain('cause')
    expect(JSON.stringify(error)).not.toContain(sentinels.password)
    expect(JSON.stringify({ ...error })).not.toContain(sentinels.password)
    expect(Object.hasOwn(new AuthError('unknown'), 'cause')).toBe(false)
  })

  it('is known across bundles by its brand, and nothing else is', async () => {
    const module = '../../src/core/AuthError.js?another-bundle'
    const other = (await import(/* @vite-ignore */ module)) as typeof import('../../src/core/AuthError.js')
    expect(other.AuthError).not.toBe(AuthError)
    const foreign = new other.AuthError('code_incorrect')
    expect(foreign).not.toBeInstanceOf(AuthError)
    expect(isAuthError(foreign)).toBe(true)
    expect(toAuthError(foreign)).toBe(foreign)
    for (const no of [new Error('x'), { name: 'AuthError', code: 'code_incorrect' }, null, undefined, 'AuthError', 7])
      expect(isAuthError(no)).toBe(false)
  })

  it('HA-09 reads every code that it does not know as unknown, those of Object.prototype too', () => {
    for (const code of Object.keys(errorTable)) expect(knownCode(code)).toBe(code)
    for (const code of [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '',
      ' network',
      'NETWORK',
      null,
      undefined,
      7,
      {},
    ])
      expect(knownCode(code)).toBe('unknown')
    fc.assert(fc.property(fc.anything(), (code) => Object.hasOwn(errorTable, knownCode(code))))
  })

  it('HA-09 takes a code from a newer adapter for unknown, and keeps what is sure: the outcome', () => {
    for (const code of ['__proto__', 'constructor', 'quantum_key_lost']) {
      const newer = new AuthError(code as never, 'theirs', { outcome: 'unknown', field: 'code' })
      expect(toAuthError(newer)).toMatchObject({ code: 'unknown', outcome: 'unknown' })
    }
  })

  it('HA-09 HA-10 wraps anything else with an unknown outcome and without its text', () => {
    const thrown = [
      new TypeError(`bad ${sentinels.password}`),
      sentinels.password,
      { password: sentinels.password },
      null,
      undefined,
    ]
    for (const one of thrown) {
      const error = toAuthError(one)
      expect(error).toMatchObject({ code: 'unknown', outcome: 'unknown' })
      const told = [error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause), String(error.cause)].join()
      expect(told).not.toContain(sentinels.password)
    }
    expect(toAuthError(thrown[0]).cause).toBe('TypeError')
  })

  it('carries the attempt that a refusal moved', () => {
    const moved = attempt({ status: 'needs_second_factor' })
    expect(new AuthError('code_expired', undefined, { attempt: moved }).attempt).toBe(moved)
  })
})
