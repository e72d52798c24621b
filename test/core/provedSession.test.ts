// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { codeDigits } from '../../src/core/codeDigits.js'
import { lifeOf } from '../../src/core/lifeOf.js'
import { showProved } from '../../src/core/provedSession.js'

describe('a session by what was proved in it', () => {
  const held = { id: 's', userId: 'u', label: 'u@example.com', proved: [{ method: 'password', at: 1000 }] }

  it('is at aal1 after one factor, and says whether it could be raised', () => {
    expect(showProved(held, false, 3000)).toEqual({
      id: 's',
      user: { id: 'u', label: 'u@example.com' },
      currentLevel: 'aal1',
      nextLevel: 'aal1',
      methods: [{ method: 'password', ageMs: 2000 }],
      firstFactorAgeMs: 2000,
    })
    expect(showProved(held, true, 3000).nextLevel).toBe('aal2')
  })

  it('is at aal2 after two, with the age of each', () => {
    const both = { ...held, proved: [...held.proved, { method: 'totp', at: 2500 }] }
    expect(showProved(both, true, 3000)).toMatchObject({
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      firstFactorAgeMs: 2000,
      secondFactorAgeMs: 500,
    })
    const gone = showProved(both, false, 3000)
    expect(gone).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(gone).not.toHaveProperty('secondFactorAgeMs')
  })

  it('has no negative ages where two servers’ clocks differ', () => {
    expect(showProved(held, false, 0).firstFactorAgeMs).toBe(0)
  })
})

describe('a life by two stamps of one answer', () => {
  it('is their difference', () => {
    const stamps = { createdAt: '2022-02-15T15:26:53.274Z', expiresAt: '2022-02-15T15:36:53.274Z' }
    expect(lifeOf(stamps)).toEqual({ expiresInMs: 600_000 })
  })

  it.each([undefined, '', 'soon', '2022-02-15T15:26:53.274Z', '1999-01-01T00:00:00Z'])('is absent with %j', (expiresAt) => {
    expect(lifeOf({ createdAt: '2022-02-15T15:26:53.274Z', expiresAt })).toEqual({})
  })
})

describe('the digits of a code', () => {
  it('are what is sent', () => expect(codeDigits(' 123-456 ')).toBe('123456'))

  it.each([undefined, '', ' ', 'abc'])('are a wrong code where there are none: %j', (code) => {
    expect(() => codeDigits(code)).toThrow(expect.objectContaining({ code: 'code_incorrect', field: 'code' }))
  })
})
