// Which tests a file has, as they stand in its source: their titles, whether they run, and what is named in the tables that they are made from.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** What keeps a test from being run, or from having to pass. */
const idle = ['skip', 'todo', 'fixme', 'skipIf', 'runIf', 'fails', 'fail']

export function testsOf(file, about) {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, kind)
  const constants = new Map()
  const found = []

  /** Every text and every key in it, of constants of the file too. */
  function words(node, seen = new Set()) {
    if (ts.isStringLiteralLike(node)) return [node.text]
    if (ts.isIdentifier(node) && constants.has(node.text) && !seen.has(node.text))
      return words(constants.get(node.text), new Set([...seen, node.text]))
    if (ts.isMethodDeclaration(node) || ts.isShorthandPropertyAssignment(node)) return [node.name.text]
    if (ts.isFunctionLike(node)) return []
    const key = ts.isPropertyAssignment(node) ? [node.name.text ?? ''] : []
    const parts = ts.isPropertyAssignment(node) ? [node.initializer] : node.getChildren()
    return [...key, ...parts.flatMap((part) => words(part, seen))]
  }

  /** The rows of a table that stands there as objects. */
  function rows(node) {
    const list = ts.isAsExpression(node) ? node.expression : node
    return ts.isArrayLiteralExpression(list) ? list.elements.filter(ts.isObjectLiteralExpression) : []
  }

  /** A table is named by a constant, or by a member of the outer table's rows. */
  function table(node, outer) {
    if (!ts.isIdentifier(node) || constants.has(node.text)) return words(node)
    const theirs = outer.filter((row) => words(row).some((word) => word === about || word.startsWith(`${about} `)))
    return (theirs.length > 0 ? theirs : outer).flatMap((row) =>
      row.properties.filter((one) => one.name?.text === node.text).flatMap((one) => words(one.initializer)),
    )
  }

  function visit(node, at) {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer)
    if (ts.isForOfStatement(node)) return visit(node.statement, { ...at, tables: [...at.tables, words(node.expression)] })
    const call = ts.isCallExpression(node) ? chain(node.expression) : undefined
    const [title, ...rest] = call ? node.arguments : []
    const work = rest.findLast((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one))
    const isNamed = title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))
    if (!call || !/^(it|test|describe)$/.test(call.name) || !isNamed || !work)
      return ts.forEachChild(node, (child) => visit(child, at))
    const isIdle = at.isIdle || call.parts.some((part) => idle.includes(part))
    if (call.name === 'describe' || call.parts.includes('describe')) {
      const outer = [...at.outer, ...call.tables.flatMap(rows)]
      return visit(work.body, { ...at, isIdle, outer })
    }
    const stops = /\b(test|it|ctx|context)\.(skip|fixme|fail)\(/.test(work.body.getText())
    const tables = [...at.tables, ...call.tables.map((one) => table(one, at.outer))]
    found.push({ title: title.getText(), isIdle: isIdle || stops, tables })
  }

  visit(source, { isIdle: false, tables: [], outer: [] })
  return found
}

/** `test.describe.skip`, `it.each(table)`: what is called in the end, by which members, with which tables on the way. */
function chain(node) {
  if (ts.isIdentifier(node)) return { name: node.text, parts: [], tables: [] }
  if (ts.isPropertyAccessExpression(node)) {
    const before = chain(node.expression)
    return before && { ...before, parts: [...before.parts, node.name.text] }
  }
  if (!ts.isCallExpression(node)) return undefined
  const before = chain(node.expression)
  return before && { ...before, tables: [...before.tables, ...node.arguments] }
}
