// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { awaiting, createAttemptBook, isTheirs } from '../../src/core/attemptBook.js'
import { AuthError } from '../../src/core/AuthError.js'
import type { ActiveSession } from '../../src/core/session.js'

const session = (id: string, label?: string): ActiveSession => ({
  id: 's',
  user: { id, ...(label && { label }) },
  currentLevel: null,
  nextLevel: null,
  methods: [],
})
const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (thrown) {
    return (thrown as AuthError).code
  }
}

describe('the attempt book', () => {
  it('HA-17 lets a step be taken only when the attempt is at it, with a factor that it offers', () => {
    const { open, expect: require, move } = createAttemptBook(['password'])
    const kept = open({ identifier: 'a@example.com' })
    expect(require(kept.attempt, 'needs_first_factor', 'password')).toBe(kept)
    expect(codeOf(() => require(kept.attempt, 'needs_first_factor', 'email_code'))).toBe('factor_not_found')
    expect(codeOf(() => require(kept.attempt, 'needs_second_factor', 'totp'))).toBe('not_supported')
    move(kept, { status: 'needs_second_factor', supportedSecondFactors: [{ id: 'totp', strategy: 'totp' }] })
    expect(require(kept.attempt, 'needs_second_factor', 'totp')).toBe(kept)
    expect(codeOf(() => require(kept.attempt, 'needs_first_factor', 'password'))).toBe('not_supported')
    expect(codeOf(() => require({ id: 'made-up' }, 'needs_first_factor', 'password'))).toBe('attempt_lost')
  })

  it('HA-17 finishes what is complete, as often as asked, for its own person', () => {
    const { open, complete, finish } = createAttemptBook(['password'])
    const kept = open({ identifier: 'A@example.com' })
    expect(codeOf(() => finish(kept, session('u')))).toBe('not_supported')
    expect(codeOf(() => complete(kept, { user: { id: 'u', email: 'b@example.com' } }))).toBe('session_mismatch')
    expect(codeOf(() => complete(kept, {}))).toBe('unavailable')
    expect(complete(kept, { user: { id: 'u', email: 'a@example.com' } })).toMatchObject({
      status: 'complete',
      cancelSignsOut: true,
    })
    expect(codeOf(() => finish(kept, null))).toBe('session_lost')
    expect(codeOf(() => finish(kept, session('other', 'a@example.com')))).toBe('session_mismatch')
    expect(finish(kept, session('u')).user.id).toBe('u')
    expect(finish(kept, session('u')).user.id).toBe('u')
  })

  it('gives up to the backend only what it may still hold', () => {
    const { open, move, complete, finish, giveUp, find } = createAttemptBook(['password'])
    expect(giveUp(open({}).attempt)).toBeUndefined()
    expect(giveUp({ id: 'made-up' })).toBeUndefined()
    const doubtful = open({})
    doubtful.doubt = true
    expect(giveUp(doubtful.attempt)).toBe(doubtful)
    expect(codeOf(() => find(doubtful.attempt))).toBe('attempt_lost')
    const half = open({})
    move(half, { status: 'needs_second_factor' })
    expect(giveUp(half.attempt)).toBe(half)
    expect(giveUp(open({ purpose: 'step_up', status: 'needs_second_factor' }).attempt)).toBeUndefined()
    const done = open({})
    complete(done, { user: { id: 'u' } })
    finish(done, session('u'))
    expect(giveUp(done.attempt)).toBeUndefined()
  })

  it('never signs out what a step-up only raised', () => {
    const { open, complete } = createAttemptBook([])
    const kept = open({ purpose: 'step_up' }, 'u')
    expect(complete(kept, { user: { id: 'u' } }).cancelSignsOut).toBe(false)
  })

  it('does not grow', () => {
    const { open, find } = createAttemptBook(['password'])
    const [first, ...others] = Array.from({ length: 21 }, () => open({}).attempt)
    expect(codeOf(() => find(first ?? { id: '' }))).toBe('attempt_lost')
    for (const attempt of others) expect(find(attempt).attempt).toBe(attempt)
  })

  it('notes lost answers, and keeps the note', async () => {
    const record: { doubt?: boolean } = {}
    const failing = (outcome: 'refused' | 'unknown') =>
      awaiting(record, Promise.reject(new AuthError('unknown', '', { outcome }))).catch(() => record.doubt)
    expect(await failing('refused')).toBe(false)
    expect(await failing('unknown')).toBe(true)
    expect(await failing('refused')).toBe(true)
    expect(await awaiting(record, Promise.resolve(7))).toBe(7)
  })

  it('knows a person by id, else by the address typed, else takes whoever answers', () => {
    const { open } = createAttemptBook([])
    expect(isTheirs({ user: { id: 'u' } }, open({ identifier: 'a@example.com' }, 'u'))).toBe(true)
    expect(isTheirs({ user: { id: 'v', email: 'a@example.com' } }, open({ identifier: 'a@example.com' }, 'u'))).toBe(false)
    expect(isTheirs({ user: { id: 'u', label: 'A@Example.com' } }, open({ identifier: 'a@example.com' }))).toBe(true)
    expect(isTheirs({ user: { id: 'u' } }, open({ identifier: 'a@example.com' }))).toBe(false)
    expect(isTheirs({ user: { id: 'u' } }, open({}))).toBe(true)
    expect(isTheirs(null, open({}))).toBe(false)
    expect(isTheirs({ user: {} }, open({}))).toBe(false)
  })
})
