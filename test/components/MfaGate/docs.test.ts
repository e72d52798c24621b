// @vitest-environment node
import ts from 'typescript'
import { expect, it } from 'vitest'
import { parse, read, walk } from '../../support/sources.js'

/** What stands above an exported function, as editors show it. */
function docOf(path: string, name: string): string {
  let doc = ''
  walk(parse(path), (node) => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === name)
      doc = ts
        .getJSDocCommentsAndTags(node)
        .map((one) => (typeof one.comment === 'string' ? one.comment : ''))
        .join('\n')
  })
  return doc.replace(/\s+/g, ' ')
}

it.each([
  ['src/components/MfaGate.tsx', 'MfaGate'],
  ['src/hooks/useMfaGate.ts', 'useMfaGate'],
])('MG-19 %s tells in its docs that it protects nothing, and that the server has to check each request', (path, name) => {
  const doc = docOf(path, name)
  expect(doc).toMatch(/(no|not a) protection/)
  expect(doc).toMatch(/server has to check the level on every request/)
})

it('MG-19 MfaGate’s docs say that children from a server component are in the browser before any gate is asked', () => {
  expect(docOf('src/components/MfaGate.tsx', 'MfaGate')).toMatch(/server component.*only a check on the server protects/)
})

it('MG-19 the README says it beside the gate, and shows the server’s check with names that exist', () => {
  const readme = read('README.md')
  const guard = readme.slice(readme.indexOf('<MfaGate require'))
  const section = guard.slice(0, guard.indexOf('\n### '))
  expect(section).toMatch(/not a protection/)
  expect(section.replace(/\s+/g, ' ')).toMatch(/server has to check the level on every request/)
  expect(section).toMatch(/server component/)
  const [, names, door] = /import \{ (\w+) \} from '(latchkey\/server\/[\w-]+)'/.exec(section) ?? []
  expect(Object.keys((JSON.parse(read('package.json')) as { exports: object }).exports)).toContain(door?.replace('latchkey', '.'))
  expect(read(`src/${door?.replace('latchkey/', '')}/index.ts`)).toContain(names)
  // The example is the whole of it: what is refused goes out, and the data only after that.
  expect(section).toMatch(new RegExp(`refused = await ${names}\\([^)]*'aal2'\\)[^]*return refused \\?\\?`))
})
