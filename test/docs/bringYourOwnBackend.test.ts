// @vitest-environment node
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { read, root } from '../support/sources.js'
import { runContract } from '../testing/runContract.js'
import { fourRoutesHarness } from './fourRoutes.js'

const blocks = [...read('docs/bring-your-own-backend.md').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

/** What the compiler says of a block, as if it were a file of somebody's app. */
function problemsOf(code: string): string[] {
  const path = join(root, 'test/docs/block.ts')
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
    paths: { 'latchkey/core': [join(root, 'src/core.ts')], 'latchkey/testing': [join(root, 'src/testing/index.ts')] },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => file === path || fileExists(file)
  host.getSourceFile = (file, ...rest) =>
    file === path ? ts.createSourceFile(file, code, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest)
  const program = ts.createProgram([path], options, host)
  const source = program.getSourceFile(path)
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  )
}

it('the whole adapter on the first screen compiles, and is the one that the suite runs on here', () => {
  expect(blocks[0]).toContain('function myAdapter')
  expect(blocks[0]).toBe(read('test/docs/myAdapter.ts').replace('../../src/core.js', 'latchkey/core'))
  expect(problemsOf(blocks[0] ?? '')).toEqual([])
  expect(problemsOf((blocks[0] ?? '').replace('session_lost', 'session_gone'))).not.toEqual([])
}, 90_000)

it('the worked example is the adapter that the suite runs on', () => {
  const file = read('test/adapters/cognito/cognitoAdapter.ts')
  expect(blocks.at(-1)).toBe(file.replace('../../../src/core.js', 'latchkey/core'))
  expect(problemsOf(blocks.at(-1) ?? '')).toEqual([])
}, 90_000)

runContract(fourRoutesHarness)
