// @vitest-environment node
import { describe, expect, it } from 'vitest'
import {
  graceLeft,
  judge,
  runsOutAt,
  satisfies,
  warnsAt,
  type Grace,
  type Requirement,
  type Verdict,
} from '../../src/core/assurance.js'
import { levels } from '../../src/core/session.js'
import type { Level, Session } from '../../src/core/session.js'
import { session } from '../support/contractBuilders.js'

const minute = 60_000
const at = 1_000
const verdict = (given: Session | null, requirement: Requirement, later = 0) =>
  judge({ session: given, at }, requirement, at + later)
const having = (currentLevel: unknown, nextLevel: unknown = currentLevel, more: Partial<Session> = {}) =>
  session({ currentLevel: currentLevel as Level, nextLevel: nextLevel as Level, ...more })

describe('assurance', () => {
  it.each<[unknown, Level, boolean]>([
    ['aal1', 'aal1', true],
    ['aal1', 'aal2', false],
    ['aal1', 'aal3', false],
    ['aal2', 'aal1', true],
    ['aal2', 'aal2', true],
    ['aal2', 'aal3', false],
    ['aal3', 'aal1', true],
    ['aal3', 'aal2', true],
    ['aal3', 'aal3', true],
    [null, 'aal1', false],
    [undefined, 'aal1', false],
    ['aal4', 'aal1', false],
    ['AAL2', 'aal1', false],
    ['', 'aal1', false],
    ['__proto__', 'aal1', false],
  ])('MG-04 a level of %j satisfies %s: %s', (level, wanted, expected) => {
    expect(satisfies(level as Level, wanted)).toBe(expected)
  })

  it('MG-04 a requirement that it does not know is satisfied by nothing', () => {
    for (const require of ['aal0', 'aal9', '', undefined])
      for (const level of levels) expect(verdict(having(level), { require: require as Level })).toBe('unknown')
  })

  it('MG-04 equal levels do not open: without its factors a session says aal1 and aal1', () => {
    expect(verdict(having('aal1', 'aal1'), { require: 'aal2' })).toBe('enroll')
  })

  it.each<[string, Session | null, Verdict]>([
    ['nobody', null, 'signed_out'],
    ['a pending session, whatever its level', having('aal2', 'aal2', { pending: 'second_factor' }), 'signed_out'],
    ['a session that is over', having('aal2', 'aal2', { expiresInMs: 0 }), 'signed_out'],
    ['aal1 who could reach aal2', having('aal1', 'aal2'), 'step_up'],
    ['aal1 who could reach aal3', having('aal1', 'aal3'), 'step_up'],
    ['aal1 without a second factor', having('aal1', 'aal1'), 'enroll'],
    ['a level that is not told', having(null, 'aal2'), 'unknown'],
    ['a reach that is not told', having('aal1', null), 'unknown'],
    ['nothing told', having(null, null), 'unknown'],
    ['aal2', having('aal2'), 'allowed'],
    ['aal2 whose reach is not told', having('aal2', null), 'allowed'],
    ['aal3', having('aal3'), 'allowed'],
  ])('MG-05 at a gate for aal2, %s: %s', (_who, given, expected) => {
    expect(verdict(given, { require: 'aal2' })).toBe(expected)
  })

  it.each<[string, Partial<Session>, number, Verdict]>([
    ['just passed', { secondFactorAgeMs: 0 }, 0, 'allowed'],
    ['passed not quite too long ago', { secondFactorAgeMs: 14 * minute }, minute - 1, 'allowed'],
    ['passed too long ago by now', { secondFactorAgeMs: 14 * minute }, minute, 'step_up'],
    ['passed at a time that is not told', {}, 0, 'step_up'],
    ['passed at no time at all', { secondFactorAgeMs: Number.NaN }, 0, 'step_up'],
    ['with a fresh first factor only', { firstFactorAgeMs: 0, secondFactorAgeMs: 60 * minute }, 0, 'step_up'],
  ])('MG-04 with a maximum age, a second factor %s: %s', (_when, ages, later, expected) => {
    expect(verdict(having('aal2', 'aal2', ages), { require: 'aal2', maxAgeMs: 15 * minute }, later)).toBe(expected)
  })

  it('MG-04 a maximum age of no number opens for nobody', () => {
    expect(verdict(having('aal2', 'aal2', { secondFactorAgeMs: 0 }), { require: 'aal2', maxAgeMs: Number.NaN })).toBe('step_up')
  })

  it('asks for the first factor’s age where aal1 is required', () => {
    const requirement = { require: 'aal1', maxAgeMs: minute } as const
    expect(verdict(having('aal1', 'aal2', { firstFactorAgeMs: 0 }), requirement)).toBe('allowed')
    expect(verdict(having('aal1', 'aal2', { firstFactorAgeMs: 2 * minute, secondFactorAgeMs: 0 }), requirement)).toBe('step_up')
  })

  it.each<[Partial<Session>, number | undefined, number]>([
    [{ expiresInMs: 5 * minute }, undefined, at + 5 * minute],
    [{ expiresInMs: 5 * minute, secondFactorAgeMs: minute }, 3 * minute, at + 2 * minute],
    [{ expiresInMs: minute, secondFactorAgeMs: minute }, 3 * minute, at + minute],
    [{ expiresInMs: undefined }, undefined, Infinity],
    [{ expiresInMs: Number.NaN }, undefined, Infinity],
  ])('runs out with the session or the age, whichever is first: %j %j', (facts, maxAgeMs, expected) => {
    const given = having('aal2', 'aal2', facts)
    expect(runsOutAt({ session: given, at }, { require: 'aal2', maxAgeMs })).toBe(expected)
  })

  it.each<[number | undefined, number, number]>([
    [60 * minute, 0, at + 58 * minute],
    [15 * minute, 5 * minute, at + 8 * minute],
    [3 * minute, 0, at + 1.5 * minute],
    [30_000, 0, at + 10_000],
    [undefined, 0, Infinity],
  ])('MG-12 of a maximum age of %s ms, %s old, people are warned in time', (maxAgeMs, secondFactorAgeMs, expected) => {
    const given = having('aal2', 'aal2', { secondFactorAgeMs, expiresInMs: minute })
    expect(warnsAt({ session: given, at }, { require: 'aal2', maxAgeMs })).toBe(expected)
  })

  const noon = '2026-05-11T12:00:00Z'
  it.each<[unknown, unknown, number]>([
    ['2026-05-11T12:10:00Z', noon, 10 * minute],
    [new Date('2026-05-11T12:10:00Z'), new Date(noon), 10 * minute],
    ['2026-05-11T14:10:00.000+02:00', noon, 10 * minute],
    ['2026-05-12', noon, 12 * 60 * minute],
    ['2026-05-11T12:00:00Z', noon, 0],
    ['2026-05-11T11:00:00Z', noon, 0],
    ['soon', noon, 0],
    ['', noon, 0],
    ['2026', noon, 0],
    ['2026-99-99', noon, 0],
    // Of no place, so of no moment either.
    ['2026-05-11T12:10:00', noon, 0],
    [undefined, noon, 0],
    [null, noon, 0],
    [Infinity, noon, 0],
    [8.64e15, noon, 0],
    [new Date(Number.NaN), noon, 0],
    ['2026-05-11T12:10:00Z', undefined, 0],
    ['2026-05-11T12:10:00Z', null, 0],
    ['2026-05-11T12:10:00Z', 0, 0],
    ['2026-05-11T12:10:00Z', 'today', 0],
  ])('MG-03 a period of grace until %s, told at %s, is so long: %i ms', (until, now, expected) => {
    expect(graceLeft({ until, now } as Grace)).toBe(expected)
  })
})
