import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

const posix = (path: string) => path.split(sep).join('/')

/** Paths of all files under a folder of the repository, as `src/core/flow.ts`. */
export function filesUnder(folder: string, extension: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => posix(relative(root, join(entry.parentPath, entry.name))))
    .toSorted()
}

export const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The path in the repository of a file of a program. */
export const pathOf = (file: ts.SourceFile) => posix(relative(root, file.fileName))

/** One parsed file, without types. */
export const parse = (path: string) =>
  ts.createSourceFile(
    join(root, path),
    read(path),
    ts.ScriptTarget.ES2022,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  )

/** All of src with types. Takes seconds: once per test file. */
export function programOfSource(): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: { compilerOptions: object } }
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  return ts.createProgram(
    filesUnder('src', /\.tsx?$/).map((path) => join(root, path)),
    options,
  )
}

/** Calls `visit` with every node under `node`. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void) {
  visit(node)
  node.forEachChild((child) => walk(child, visit))
}

/** `src/core/flow.ts:12` */
export function placeOf(node: ts.Node) {
  const file = node.getSourceFile()
  return `${pathOf(file)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}
