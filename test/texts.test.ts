// @vitest-environment node
import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesUnder, parse, placeOf, walk } from './support/sources.js'

/** Attributes whose value a person reads or hears. */
const spoken =
  /^(aria-(label|description|roledescription|valuetext|placeholder|braillelabel)|title|alt|placeholder|label|summary|content)$/
const hasWord = /\p{L}/u

/** The literals that an expression can come to: of `busy ? 'Wait' : text(key)` it is 'Wait'. Arguments and conditions are not shown. */
function literalsIn(node: ts.Node): ts.Node[] {
  if (ts.isStringLiteralLike(node)) return hasWord.test(node.text) ? [node] : []
  if (ts.isTemplateExpression(node)) {
    const written = [node.head, ...node.templateSpans.map((span) => span.literal)].filter((part) => hasWord.test(part.text))
    return [...written, ...node.templateSpans.flatMap((span) => literalsIn(span.expression))]
  }
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(literalsIn)
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    const both = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(kind)
    return both
      ? [node.left, node.right].flatMap(literalsIn)
      : kind === ts.SyntaxKind.AmpersandAmpersandToken
        ? literalsIn(node.right)
        : []
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(literalsIn)
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    return literalsIn(node.expression)
  }
  return []
}

function writtenIn(source: ts.SourceFile): string[] {
  const found: ts.Node[] = []
  walk(source, (node) => {
    if (ts.isJsxText(node) && hasWord.test(node.text)) found.push(node)
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) found.push(...literalsIn(node.expression))
    const named = ts.isJsxAttribute(node) || ts.isPropertyAssignment(node) ? node.name.getText().replaceAll(/['"`]/g, '') : ''
    if (!spoken.test(named)) return
    const value = (node as ts.JsxAttribute | ts.PropertyAssignment).initializer
    if (value) found.push(...literalsIn(ts.isJsxExpression(value) && value.expression ? value.expression : value))
  })
  return found.map((node) => `${placeOf(node)} ${node.getText().trim()}`)
}

it('TH-11 components and hooks hold no word that people read', () => {
  expect(
    filesUnder('src', /\.tsx?$/)
      .filter(inMarkupLayer)
      .map(parse)
      .flatMap(writtenIn),
  ).toEqual([])
})

const inMarkupLayer = (path: string) => /^src\/(components|hooks)\//.test(path)

it.each([
  ['<p>Sign in</p>', 1],
  ['<p>{busy ? "Wait" : texts.go}</p>', 1],
  ['<p>{step === "start" && <b>{texts.go}</b>}</p>', 0],
  ['<p>{step === "start" && "Go"}</p>', 1],
  ['<p>{text("signIn.title")}</p>', 0],
  ['<input aria-label="Code" name="code" className="x" />', 1],
  ['<input aria-label={`${name} code`} />', 1],
  ['<input placeholder={texts.code} type="text" />', 0],
  ['void { "aria-label": "Show", role: "status" }', 1],
  ['<p> · {42} – </p>', 0],
])('TH-11 sees the words in %s', (code, words) => {
  const source = ts.createSourceFile('tried.tsx', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX)
  expect(writtenIn(source)).toHaveLength(words)
})
