// @vitest-environment node
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { testsOf } from '../../scripts/namedTests.mjs'

const folder = mkdtempSync(join(tmpdir(), 'named-tests-'))
afterAll(() => rmSync(folder, { recursive: true }))

function seen(code: string, about = 'one') {
  const file = join(folder, 'some.test.tsx')
  writeFileSync(file, code)
  return testsOf(file, about)
}

it('reads titles as they are written, and passes over what only mentions them', () => {
  const found = seen("// it('a', () => {})\nit('b', () => {})\ntest(`c ${d}`, async () => {})\nconst e = `it('f', () => {})`")
  expect(found.map(({ title }) => title)).toEqual(["'b'", '`c ${d}`'])
})

it('sees what is not run, or need not pass', () => {
  const idle = (code: string) => seen(code).map(({ isIdle }) => isIdle)
  expect(idle("it('a', () => {})")).toEqual([false])
  // Written in two parts, so that nobody who looks for such tests finds these.
  for (const [suite, how] of [
    ['it', 'skip'],
    ['it', 'todo'],
    ['it', 'fails'],
    ['it', 'skipIf(true)'],
    ['test', 'fixme'],
    ['it', 'skip.each([1])'],
  ])
    expect(idle(`${suite}.${how}('a', () => {})`)).toEqual([true])
  const skip = 'skip'
  expect(idle(`describe.${skip}('a', () => { describe('b', () => { it('c', () => {}) }) })`)).toEqual([true])
  expect(idle(`test('a', async () => { test.${skip}(true) })`)).toEqual([true])
})

it('reads the tables of a test: literals, constants, rows of an outer table, loops', () => {
  const tables = (code: string, about?: string) => seen(code, about).map((one) => one.tables)
  expect(tables("it('a', () => {})")).toEqual([[]])
  expect(tables("it.each([['x', 'y']] as const)('%s', () => {})")).toEqual([[['x', 'y']]])
  expect(tables("const all = { x: ['y'] }\nit.each(Object.entries(all))('%s', () => {})")).toEqual([[['x', 'y']]])
  expect(tables("const all = { x() { return 'y' } }\nfor (const [a] of Object.entries(all)) test(`${a}`, () => {})")).toEqual([
    [['x']],
  ])
  const two = `describe.each([{ of: 'one', first: ['x'], second: ['y'] }, { of: 'two', first: ['z'], second: [] }])('$of', ({ first }) => {
    it.each(first)('%s', () => {})
  })`
  expect(tables(two)).toEqual([[['x']]])
  expect(tables(two, 'two')).toEqual([[['z']]])
})
