// @vitest-environment node
import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesUnder, parse, placeOf, walk } from './support/sources.js'

const nodes: ts.Node[] = []
for (const path of filesUnder('src', /\.tsx?$/))
  walk(parse(path), (node) => {
    if (ts.isPropertyAccessExpression(node) || ts.isImportDeclaration(node) || ts.isFunctionDeclaration(node)) nodes.push(node)
  })

const places = (pick: (node: ts.Node) => boolean) => nodes.filter(pick).map(placeOf)

const isCall = (node: ts.Node, on: RegExp) =>
  ts.isPropertyAccessExpression(node) && on.test(`${node.expression.getText()}.${node.name.text}`)
const imports = (node: ts.Node, packages: RegExp) =>
  ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && packages.test(node.moduleSpecifier.text)
const fileOf = (place: string) => place.replace(/:\d.*$/, '')

/** A mark by which a page knows its own entry of the history again. It guards nothing. */
const marksHistory = 'src/hooks/flowHistory.ts'

it('TE-23 nothing that guards anything is drawn with Math.random', () => {
  const drawn = places((node) => isCall(node, /^Math\.random$/))
  expect(drawn.map(fileOf)).toEqual([marksHistory])
})

it('TE-23 the kit checks no code of an app and makes no seed; the backend in memory does both with a library', () => {
  const one = ['src/adapters/memory/totpFactor.ts']
  const otp = places((node) => imports(node, /^(otpauth|otplib|speakeasy|@otplib)/))
  expect(otp.map(fileOf)).toEqual(one)
  // HOTP is an HMAC of a counter (RFC 4226 §5.2): who has none computes no code.
  const hmacs = places((node) => imports(node, /hmac/) || isCall(node, /(^|\.)(createHmac|subtle\.sign|subtle\.importKey)$/))
  expect([...new Set(hmacs.map(fileOf))].filter((path) => !path.startsWith('src/server/'))).toEqual(one)
  const names = /^(verifyTotp|checkTotp|validateTotp|generateSecret|newTotpSecret)$/i
  const named = places((node) => ts.isFunctionDeclaration(node) && names.test(node.name?.text ?? ''))
  expect([...new Set(named.map(fileOf))]).toEqual(one)
})

it('BC-09 the kit draws no codes: what is random in it are ids and nonces, and only the backend in memory makes more of it', () => {
  const draws = places((node) => isCall(node, /^crypto\.(getRandomValues|randomUUID)$|randomBytes$/))
  expect([...new Set(draws.map(fileOf))].filter((path) => !path.startsWith('src/server/'))).toEqual([
    'src/adapters/memory/randomText.ts',
    'src/adapters/workos/workosAdapter.ts',
    'src/core/siweMessage.ts',
  ])
})
