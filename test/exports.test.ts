// @vitest-environment node
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { programOfSource, read, root } from './support/sources.js'

/** Every name that the package promises, by door. A change here is a change for its users. */
const doors: Record<string, { file: string; values: string[]; types: string[] }> = {
  '.': { file: 'src/index.ts', values: [], types: [] },
  './core': { file: 'src/core.ts', values: [], types: [] },
  './adapters/memory': { file: 'src/adapters/memory/index.ts', values: [], types: [] },
  './adapters/better-auth': { file: 'src/adapters/better-auth/index.ts', values: [], types: [] },
  './server/better-auth': { file: 'src/server/better-auth/index.ts', values: [], types: [] },
  './locales/en': { file: 'src/locales/en.ts', values: [], types: [] },
}

const manifest = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }

it('package.json opens these doors and no others', () => {
  expect(Object.keys(manifest.exports)).toEqual([...Object.keys(doors), './styles.css', './package.json'])
})

describe('public names', () => {
  const program = programOfSource()
  const checker = program.getTypeChecker()

  const namesOf = (file: string) => {
    const source = program.getSourceFile(join(root, file))
    const symbol = source && checker.getSymbolAtLocation(source)
    const all = symbol ? checker.getExportsOfModule(symbol) : []
    const isValue = (one: ts.Symbol) => {
      const named = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one
      const onlyType = one.declarations?.some(
        (node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly),
      )
      return !onlyType && (named.flags & ts.SymbolFlags.Value) !== 0
    }
    return {
      values: all
        .filter(isValue)
        .map((one) => one.name)
        .toSorted(),
      types: all
        .filter((one) => !isValue(one))
        .map((one) => one.name)
        .toSorted(),
    }
  }

  it.each(Object.entries(doors))('of %s', (_, { file, ...names }) => {
    expect(existsSync(join(root, file))).toBe(true)
    expect(namesOf(file)).toEqual(names)
  })
})
