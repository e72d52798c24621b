// @vitest-environment node
import { renderToString } from 'react-dom/server'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { build } from 'vite'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { AuthProvider, BackupCodes, FactorChooser, MfaGate, OtpInput, SignIn, TotpEnroll } from '../../src/index.js'
import { filesUnder, parse, placeOf, read, walk } from '../support/sources.js'

const { adapter } = createMemoryBackend()
const markup = renderToString(
  <AuthProvider adapter={adapter}>
    <SignIn signUp={<a href="/sign-up">Create an account</a>} />
    <FactorChooser />
    <TotpEnroll issuer="Acme" />
    <BackupCodes codes={['k7mq-2wxp']} onAcknowledged={() => {}} />
    <MfaGate>…</MfaGate>
    <OtpInput label="Code" length={8} />
  </AuthProvider>,
)

describe('markup from the server', () => {
  it('TH-12 has no inline style, no style element and no script', () => {
    expect(markup).toContain('data-slot="otp-input"')
    expect(markup).not.toMatch(/\sstyle=|<style|<script|javascript:/i)
  })

  it('TH-13 has no inline handler', () => {
    expect(markup).not.toMatch(/\son\w+=/i)
  })
})

const sources = filesUnder('src', /\.tsx?$/)

/** Ways to make code or markup from a string, by the name that is called, set or given. */
const fromStrings =
  /^(innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|parseFromString|write|writeln|eval|Function|srcdoc|srcDoc)$/

/** `document.write` and the like; a stream may well have a `write`. */
const onlyOfDocument = /^(write|writeln)$/

function madeFromStrings(source: ts.SourceFile): string[] {
  const found: string[] = []
  walk(source, (node) => {
    const named = ts.isPropertyAccessExpression(node)
      ? node.name.text
      : ts.isJsxAttribute(node)
        ? node.name.getText()
        : (ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)
          ? node.expression.text
          : ts.isPropertyAssignment(node)
            ? node.name.getText()
            : ''
    const documents = ts.isPropertyAccessExpression(node) && /document$/.test(node.expression.getText())
    if (fromStrings.test(named) && (!onlyOfDocument.test(named) || documents)) found.push(`${placeOf(node)} ${named}`)
    const timer =
      ts.isCallExpression(node) && /(^|\.)set(Timeout|Interval)$/.test(node.expression.getText()) ? node.arguments[0] : undefined
    if (timer && ts.isStringLiteralLike(timer)) found.push(`${placeOf(node)} a timer with a string`)
  })
  return found
}

describe('sources', () => {
  it('TH-13 no code and no markup is made from strings', () => {
    const planted = `document.write('a'); el.innerHTML = b; eval(c); new Function('d'); setTimeout('e', 1); const p = { dangerouslySetInnerHTML: 1 }`
    expect(madeFromStrings(ts.createSourceFile('planted.tsx', planted, ts.ScriptTarget.Latest, true))).toHaveLength(6)
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.flatMap((file) => madeFromStrings(parse(file)))).toEqual([])
  })

  it('TH-12 no element gets a style', () => {
    for (const file of sources) expect(read(file), file).not.toMatch(/\sstyle=|<style|\.style\b|adoptedStyleSheets|insertRule/)
  })

  it('TH-14 no source names an address to fetch from', () => {
    for (const file of [...sources, ...stylesheets]) {
      const text = read(file).replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*/g, '')
      expect(text, file).not.toMatch(/https?:\/\/|url\(|@import (?!'\.\/)/)
    }
  })
})

const stylesheets = filesUnder('src', /\.css$/)

describe('the stylesheet', () => {
  const sheet = (file: string) => read(file).replace(/\/\*[^]*?\*\//g, '')

  it('TH-10 places nothing by left or right', () => {
    expect(stylesheets.length).toBeGreaterThan(3)
    for (const file of stylesheets) {
      expect(sheet(file), file).not.toMatch(/(^|[\s{;])((margin|padding|border)-)?(left|right)(-\w+)?\s*:|:\s*(left|right)\b/)
    }
  })

  it('TH-02 keeps its colours in both schemes when an app builds it with the defaults, for older browsers too', async () => {
    const built = await build({
      configFile: false,
      logLevel: 'silent',
      build: { write: false, rolldownOptions: { input: 'src/styles.css' } },
    })
    const { output } = built as { output: { fileName: string; source?: string | Uint8Array }[] }
    const css = String(output.find(({ fileName }) => fileName.endsWith('.css'))?.source)
    expect(css).toContain('CanvasText')
    // What such a build makes of light-dark() and :dir() works only where the app's own styles say color-scheme or lang.
    expect(css).not.toMatch(/lightningcss|light-dark|:lang\(|:dir\(/)
  })
})
