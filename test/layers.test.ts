// @vitest-environment node
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { filesUnder, parse, pathOf, placeOf, programOfSource, read, walk } from './support/sources.js'

/** The import table of the architecture. A package is named as it is imported; `type:` allows only its types. */
interface Layer {
  readonly files: RegExp
  /** What of src it may import, besides files that `files` matches with the same first group. */
  readonly imports: readonly (string | RegExp)[]
  readonly packages: readonly string[]
}

const layers: readonly Layer[] = [
  { files: /^src\/core\//, imports: [], packages: [] },
  { files: /^src\/(adapters\/memory)\//, imports: ['src/core/'], packages: ['otpauth', '@noble/hashes'] },
  { files: /^src\/(adapters\/[\w-]+)\//, imports: ['src/core/'], packages: ['type:*'] },
  { files: /^src\/(server\/better-auth)\//, imports: ['src/core/'], packages: ['better-auth'] },
  { files: /^src\/(server)\/(?!better-auth\/)/, imports: ['src/core/'], packages: ['jose'] },
  { files: /^src\/(testing)\//, imports: ['src/core/'], packages: [] },
  { files: /^src\/locales\//, imports: ['type:src/core/'], packages: [] },
  {
    files: /^src\/(hooks)\/(?=\w+Ceremony\.ts$)/,
    imports: ['src/hooks/', 'src/core/'],
    packages: ['@simplewebauthn/browser', '@noble/hashes'],
  },
  {
    files: /^src\/hooks\//,
    imports: ['src/core/', /^src\/hooks\/\w+Ceremony\.ts$/, /^src\/locales\/en\w*\.ts$/],
    packages: ['react', 'react-hook-form', '@tanstack/react-query', 'later:@simplewebauthn/browser'],
  },
  { files: /^src\/components\//, imports: ['src/hooks/', 'src/core/'], packages: ['react', 'qrcode.react'] },
  { files: /^src\/[\w-]+\.ts$/, imports: ['src/'], packages: [] },
]

/** What only these files may do. */
const readsContext = ['src/hooks/context.tsx']
const writesStateAttributes = ['src/hooks/stateAttributes.ts']
/** The one place that speaks to developers. */
const warnsDevelopers = ['src/hooks/pageEngine.ts']
/** Resend deadlines outlive the page, and with it every monotonic clock; a day for people decides nothing. */
const readsWallClock = ['src/core/cooldowns.ts', 'src/hooks/day.ts']

/** Who calls an adapter. Reads of factors by a query are the one call that the hooks make by themselves. */
const callsAdapters: Record<string, RegExp> = {
  SignInApi: /^src\/core\/(signInRunner|proving|recover|continueSignIn|returning|watch|passkeyOptions)\.ts$/,
  StepUpApi: /^src\/core\/signInRunner\.ts$/,
  MfaApi: /^src\/core\/(enrollRunner|makeRoom|factorsRunner|factorSource)\.ts$/,
  SessionApi: /^src\/core\/(signInRunner|sessionSource)\.ts$/,
}
const readsOfHooks = ['listFactors', 'status', 'detect']

/** What core gets handed in, or has no business with. */
const notInCore =
  /^(fetch|XMLHttpRequest|WebSocket|EventSource|localStorage|sessionStorage|indexedDB|caches|cookieStore|document|window|self|globalThis|navigator|location|history|console|setTimeout|setInterval|requestAnimationFrame|requestIdleCallback|queueMicrotask|performance|process)$/

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
  readonly dynamic: boolean
  readonly place: string
}

const files = filesUnder('src', /\.tsx?$/)
const imports = files.flatMap(importsOf)

function importsOf(from: string): Import[] {
  const found: Import[] = []
  walk(parse(from), (node) => {
    const add = (specifier: ts.Node | undefined, typeOnly: boolean, dynamic = false) => {
      if (specifier && ts.isStringLiteralLike(specifier))
        found.push({ from, to: resolve(from, specifier.text), typeOnly, dynamic, place: placeOf(node) })
    }
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const names = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined
      const everyNameIsType = !clause?.name && names !== undefined && names.length > 0 && names.every((name) => name.isTypeOnly)
      add(node.moduleSpecifier, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || everyNameIsType)
    }
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false, true)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
  })
  return found
}

/** `./flow.js` seen from a file of src is `src/core/flow.ts`; a package keeps its name. */
function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  const path = posix.join(posix.dirname(from), specifier)
  return [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx'), path].find((one) => files.includes(one)) ?? path
}

const layerOf = (path: string) => layers.find((layer) => layer.files.test(path))

/** The package of an import: `react/jsx-runtime` is of `react`, `@tanstack/react-query/x` of `@tanstack/react-query`. */
const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

function isAllowed({ from, to, typeOnly, dynamic }: Import): boolean {
  const layer = layerOf(from)
  if (!layer) return false
  const says = (rule: string | RegExp) => {
    if (typeof rule !== 'string') return rule.test(to)
    const [, onlyTypes, path = ''] = /^(type:)?(.*)$/.exec(rule) ?? []
    return to.startsWith(path) && (!onlyTypes || typeOnly)
  }
  if (to.startsWith('src/')) {
    const own = layer.files.exec(to)
    return (own !== null && layerOf(to) === layer && own[1] === layer.files.exec(from)?.[1]) || layer.imports.some(says)
  }
  return layer.packages.some((name) => {
    if (name === 'type:*') return typeOnly
    const [, later, known] = /^(later:)?(.*)$/.exec(name) ?? []
    return known === packageOf(to) && (!later || typeOnly || dynamic)
  })
}

const isDoor = (path: string) => /^src\/[\w-]+\.ts$/.test(path)

describe('the import table', () => {
  it('has a layer for every file', () => {
    expect(files.filter((path) => !layerOf(path))).toEqual([])
  })

  it('HA-01 holds: core imports nothing, React stays in hooks and components, the QR code in components', () => {
    const broken = imports.filter((one) => !isAllowed(one))
    expect(broken.map(({ place, to }) => `${place} imports ${to}`)).toEqual([])
  })

  it('PK-01 fetches the ceremonies, with what they bring, only when they are needed', () => {
    const ceremony = /^src\/hooks\/\w+Ceremony\.ts$/
    // What wallets have in common comes with what differs.
    const ofWallets = /^src\/hooks\/(ethereum|solana)Ceremony\.ts$/
    const atOnce = imports.filter(
      ({ from, to, typeOnly, dynamic }) =>
        ceremony.test(to) && !typeOnly && !dynamic && !(from === 'src/hooks/walletCeremony.ts' && ofWallets.test(to)),
    )
    expect(atOnce.map(({ place, to }) => `${place} imports ${to}`)).toEqual([])
    expect(imports.some(({ to, dynamic }) => ceremony.test(to) && dynamic)).toBe(true)
  })

  it('keeps doors out of the inside', () => {
    expect(imports.filter(({ to }) => isDoor(to)).map(({ place, to }) => `${place} imports ${to}`)).toEqual([])
  })

  it('has no circles, types included', () => {
    expect(circles()).toEqual([])
  })

  it('writes relative imports with the ending that Node wants', () => {
    const bare = imports.filter(({ to }) => to.startsWith('src/') && !files.includes(to))
    expect(bare.map(({ place, to }) => `${place} imports ${to}`)).toEqual([])
  })

  it('tells a forbidden import from an allowed one', () => {
    const tried = (from: string, to: string, typeOnly = false) => isAllowed({ from, to, typeOnly, dynamic: false, place: '' })
    expect(tried('src/core/flow.ts', 'src/core/attempt.ts')).toBe(true)
    expect(tried('src/core/flow.ts', 'react', true)).toBe(false)
    expect(tried('src/core/flow.ts', 'src/hooks/useSignIn.ts')).toBe(false)
    expect(tried('src/hooks/useSignIn.ts', 'src/components/SignIn.tsx')).toBe(false)
    expect(tried('src/hooks/useSignIn.ts', 'qrcode.react')).toBe(false)
    expect(tried('src/hooks/useSignIn.ts', '@simplewebauthn/browser')).toBe(false)
    expect(tried('src/hooks/passkeyCeremony.ts', '@simplewebauthn/browser')).toBe(true)
    expect(tried('src/components/TotpEnroll.tsx', 'qrcode.react')).toBe(true)
    expect(tried('src/components/SignIn.tsx', 'src/adapters/memory/index.ts')).toBe(false)
    expect(tried('src/adapters/better-auth/index.ts', 'better-auth/react', true)).toBe(true)
    expect(tried('src/adapters/better-auth/index.ts', 'better-auth/react')).toBe(false)
    expect(tried('src/adapters/better-auth/index.ts', 'src/adapters/memory/index.ts')).toBe(false)
    expect(tried('src/locales/en.ts', 'src/core/messages.ts', true)).toBe(true)
    expect(tried('src/locales/en.ts', 'src/core/messages.ts')).toBe(false)
  })
})

function circles(): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (done.has(path) || trail.includes(path)) return
    for (const { to } of imports.filter(({ from }) => from === path)) if (to.startsWith('src/')) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of files) visit(path, [])
  return found
}

describe('files', () => {
  it('have at most 250 lines', () => {
    expect(files.filter((path) => read(path).trimEnd().split('\n').length > 250)).toEqual([])
  })

  it('are not named after nothing', () => {
    expect(files.filter((path) => /\/(utils?|helpers?|common|types?|managers?)\b[^/]*$/i.test(path))).toEqual([])
  })

  it('name no vendor outside the adapters, comments included: what a backend does is a fact of the contract there', () => {
    const vendor = /clerk|supabase|gotrue|workos|better[-_ ]?auth/i
    const neutral = files.filter((path) => /^src\/(core|hooks|components)\//.test(path))
    const lines = neutral.flatMap((path) => [path, ...read(path).split('\n')].map((line, at) => `${path}:${at} ${line.trim()}`))
    expect(lines.filter((line) => vendor.test(line))).toEqual([])
  })
})

describe('who does what', () => {
  const program = programOfSource()
  const checker = program.getTypeChecker()
  const sources = program.getSourceFiles().filter((file) => files.includes(pathOf(file)))

  const all = (pick: (node: ts.Node, path: string) => boolean) => {
    const places: string[] = []
    for (const file of sources)
      walk(file, (node) => pick(node, pathOf(file)) && places.push(`${placeOf(node)} ${node.getText().slice(0, 60)}`))
    return places
  }

  const isGlobal = (node: ts.Identifier) => {
    const parent = node.parent
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false
    if (ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent)) return false
    const declared = checker.getSymbolAtLocation(node)?.declarations ?? []
    return declared.length > 0 && declared.every((one) => !files.includes(pathOf(one.getSourceFile())))
  }

  it('HA-01 core reaches no network, storage, page, timer or console of its own', () => {
    const reached = all(
      (node, path) => path.startsWith('src/core/') && ts.isIdentifier(node) && notInCore.test(node.text) && isGlobal(node),
    )
    expect(reached).toEqual([])
  })

  it('OT-17 only resend deadlines, and days for people, read the wall clock', () => {
    const outsideAdapters = (path: string) => /^src\/(core|hooks|components)\//.test(path) && !readsWallClock.includes(path)
    const reads = all((node, path) => outsideAdapters(path) && /^(Date\.now|new Date\(\)|Date\(\))$/.test(node.getText()))
    expect(reads).toEqual([])
  })

  it('HA-01 nothing that is shipped logs, asks the network or touches cookies', () => {
    const forbidden = /^(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|cookie|cookieStore|indexedDB|console)$/
    const outsideAdapters = (path: string) =>
      /^src\/(core|hooks|components|locales)\//.test(path) && !warnsDevelopers.includes(path)
    const calls = all((node, path) => outsideAdapters(path) && ts.isIdentifier(node) && forbidden.test(node.text) && isUsed(node))
    expect(calls).toEqual([])
  })

  // `document.cookie` is a property of something, `fetch` a name of its own: both count, declarations of ours do not.
  const isUsed = (node: ts.Identifier) => {
    const parent = node.parent
    const declared = checker.getSymbolAtLocation(node)?.declarations ?? []
    const ours = declared.some((one) => files.includes(pathOf(one.getSourceFile())))
    return !ours && !ts.isTypeReferenceNode(parent) && !ts.isTypeQueryNode(parent)
  }

  it('only the core’s runners call an adapter', () => {
    const calls = all((node, path) => {
      if (!ts.isCallExpression(node) || /^src\/(adapters|server|testing)\//.test(path)) return false
      const declaration = checker.getResolvedSignature(node)?.declaration
      const api = declaration?.parent
      if (!api || pathOf(declaration.getSourceFile()) !== 'src/core/adapter.ts') return false
      let owner: ts.Node = api
      while (!ts.isInterfaceDeclaration(owner)) owner = owner.parent
      const allowed = callsAdapters[owner.name.text]
      const verb = ts.isMethodSignature(declaration) ? declaration.name.getText() : ''
      const readByHook = path.startsWith('src/hooks/') && readsOfHooks.includes(verb)
      return !readByHook && allowed !== undefined && !allowed.test(path)
    })
    expect(calls).toEqual([])
    // It has the compiler check all of src: 9 s, and four times that on a busy machine.
  }, 60_000)

  it('only one file touches React context', () => {
    const uses = all(
      (node, path) => ts.isIdentifier(node) && /^(createContext|useContext)$/.test(node.text) && !readsContext.includes(path),
    )
    expect(uses).toEqual([])
  })

  it('only one function writes state attributes', () => {
    const isData = (name: ts.Node | undefined) => name !== undefined && /^['"`]?data-(?!sensitive\b)/.test(name.getText())
    const writes = all((node, path) => {
      if (writesStateAttributes.includes(path)) return false
      return (ts.isJsxAttribute(node) || ts.isPropertyAssignment(node)) && isData(node.name)
    })
    expect(writes).toEqual([])
  })

  it('TH-12 TH-13 no inline style, no markup from strings, no code from strings', () => {
    const forbidden =
      /^(dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|eval|Function|write|writeln|cssText|setAttributeNS)$/
    const isName = (node: ts.Node): node is ts.Identifier => ts.isIdentifier(node) && forbidden.test(node.text)
    const used = all((node) => {
      if (ts.isJsxAttribute(node) || ts.isPropertyAssignment(node)) {
        const name = node.name.getText()
        // `style: 'unit'` is Intl's.
        const isIntls = ts.isPropertyAssignment(node) && ts.isStringLiteral(node.initializer)
        if (name === 'dangerouslySetInnerHTML' || (name === 'style' && !isIntls)) return true
      }
      if (ts.isJsxOpeningLikeElement(node) && node.tagName.getText() === 'style') return true
      return isName(node) && !ts.isTypeReferenceNode(node.parent) && isUsed(node)
    })
    expect(used).toEqual([])
  })
})
