// What the built package costs an app, gzip -9, React left out. Prints a table; fails over budget. Needs `npm run build`. --modules lists what is in it.
import { createServer } from 'node:http'
import { extname, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumArgs, ensureChromium } from './chromium.mjs'

const react = /^(react|react-dom|scheduler)(\/|$)/
const gzip = (content) => gzipSync(content, { level: 9 }).length
const from = (path) => (id) => id.includes(path)

/** Builds a page of test/size/ as an app would, on the built package: its chunks. */
async function bundle(input, { external, groups = [] } = {}) {
  const { output } = await build({
    configFile: false,
    root: 'test/size',
    logLevel: 'error',
    // The pages are typed against the sources and measured on the build.
    resolve: { alias: [{ find: /^(\.\.\/)+src\//, replacement: `${resolve('dist')}/` }] },
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: resolve('test/size', input),
        external,
        // As of an app's own entry: what its later chunks need too stays in it.
        preserveEntrySignatures: external ? 'allow-extension' : undefined,
        output: { codeSplitting: { groups } },
      },
    },
  })
  return output
}

const scripts = (output) => output.filter(({ type }) => type === 'chunk')
const modulesOf = (chunks) => chunks.flatMap(({ modules }) => Object.keys(modules))

/** With --modules: what the chunks are made of, before minifying, largest first. */
function tell(chunks) {
  const lengths = chunks.flatMap(({ modules }) => Object.entries(modules).map(([id, { renderedLength }]) => [renderedLength, id]))
  if (!process.argv.includes('--modules')) return
  for (const [length, id] of lengths.sort(([a], [b]) => b - a)) if (length > 0) console.log(`  ${length} ${relative('.', id)}`)
}

function sum(chunks) {
  tell(chunks)
  return chunks.reduce((total, { code }) => total + gzip(code), 0)
}

// What an app has anyway, in chunks of its own so that it can be left out.
const groups = [
  { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
  { name: 'adapter', test: /stubAdapter/ },
]
const isOurs = ({ name }) => name !== 'react' && name !== 'adapter'

async function otpInput() {
  const chunks = scripts(await bundle('otpInput.ts', { external: react }))
  const foreign = modulesOf(chunks).filter(from('node_modules'))
  if (foreign.length > 0) throw new Error(`OtpInput alone pulls in ${foreign.join(', ')}`)
  return sum(chunks)
}

const kit = async (page = 'everyComponent.tsx') => scripts(await bundle(page, { groups })).filter(isOurs)

/** Of a phone's, a key's or a wallet's screens and ceremonies: nobody fetches it who has none. */
const isOtherWay = ({ modules }) =>
  Object.keys(modules).some((id) =>
    /Ceremony\.js$|Enroll(Phone|Passkey)\.js$|@noble\/hashes|@simplewebauthn|react-hook-form/.test(id),
  )

/** Vite's own part of every `import()`, which the kit's later steps bring already. */
const helper = { name: 'helper', test: /preload-helper/ }
const isNoHelper = ({ name }) => name !== helper.name

/** An adapter and its packages, without core. `only`: what comes at once, or later. */
async function adapter(input, only) {
  const output = await bundle(input, { external: (id) => react.test(id) || id.includes('/dist/core/'), groups: [helper] })
  const chunks = scripts(output).filter(isNoHelper)
  return sum(only ? chunks.filter(({ isDynamicEntry }) => isDynamicEntry === (only === 'later')) : chunks)
}

/** The same with those parts of core that the kit's components do not bring already. */
async function adapterInApp(input) {
  const present = new Set(modulesOf(await kit()))
  const output = await bundle(input, { external: (id) => react.test(id) || present.has(id), groups: [helper] })
  return sum(scripts(output).filter(isNoHelper))
}

/**
 * Every script that came before the first input showed. On loopback a chunk that is only asked for then would race it, so what the page
 * does not import at once is answered late: after the input, or after five seconds, when the input is seen to wait for it.
 */
async function firstScreen() {
  const output = await bundle('index.html', { groups })
  const files = new Map(output.map((file) => [`/${file.fileName}`, file]))
  const atOnce = new Set()
  const need = (name) => {
    if (atOnce.has(name)) return
    atOnce.add(name)
    files.get(name).imports.forEach((one) => need(`/${one}`))
  }
  need([...files.keys()].find((name) => files.get(name).isEntry))

  const before = new Set()
  let shown = false
  const letGo = []
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer(async ({ url }, reply) => {
    const path = url === '/' ? '/index.html' : url
    const file = files.get(path)
    if (file?.type === 'chunk') {
      if (!atOnce.has(path) && !shown) await new Promise((go) => letGo.push(go))
      if (!shown) before.add(file)
    }
    reply.writeHead(file ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' })
    reply.end(file && (file.code ?? file.source))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })
  try {
    const page = await browser.newPage()
    const release = () => letGo.splice(0).forEach((go) => go())
    const impatient = setInterval(release, 5_000)
    await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: 'commit' })
    await page.locator('input').first().waitFor({ state: 'visible', timeout: 15_000 })
    shown = true
    clearInterval(impatient)
    release()
    if (![...before].some(({ isEntry }) => isEntry)) throw new Error('The entry was not counted.')
    return sum([...before].filter(isOurs))
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}

/** As an app's build leaves it. */
async function stylesheet() {
  const css = (await bundle('../../dist/styles.css')).find(({ fileName }) => fileName.endsWith('.css'))
  return gzip(css.source)
}

// Bytes; 1 KB is 1,000. A figure without a budget is there to be seen. The last number, where there is one, is a debt: the budget is not held yet,
// and what has been reached must not be lost.
const budgets = [
  ['OtpInput alone', 1_300, otpInput],
  ['First sign-in screen', 8_000, firstScreen],
  ['Sign-in, TOTP and gate', 40_000, async () => sum((await kit()).filter((chunk) => !isOtherWay(chunk))), 58_450],
  ['Everything that is exported', 48_000, async () => sum(await kit('everyExport.tsx')), 91_300],
  ['Stylesheet', 3_000, stylesheet],
  ['Better Auth adapter', 3_000, () => adapter('betterAuth.ts', 'at once')],
  ['  what comes later', 3_950, () => adapter('betterAuth.ts', 'later')],
  ['  with the core it brings', Infinity, () => adapterInApp('betterAuth.ts')],
  ['WorkOS adapter', 3_000, () => adapter('workos.ts', 'at once')],
  ['  what comes later', 1_450, () => adapter('workos.ts', 'later')],
  ['  with the core it brings', Infinity, () => adapterInApp('workos.ts')],
  ['HTTP adapter', 3_000, () => adapter('http.ts')],
  ['Supabase adapter', 4_500, () => adapter('supabase.ts', 'at once')],
  ['  what comes later', 2_950, () => adapter('supabase.ts', 'later')],
  ['  with the core it brings', Infinity, () => adapterInApp('supabase.ts')],
  ['Clerk adapter', 4_500, () => adapter('clerk.ts', 'at once')],
  ['  what comes later', 3_600, () => adapter('clerk.ts', 'later')],
  ['  with the core it brings', Infinity, () => adapterInApp('clerk.ts')],
  ['Memory adapter with otpauth', 16_000, () => adapter('memory.ts')],
]

let over = 0
for (const [name, budget, measure, debt = budget] of budgets) {
  let size = Number.NaN
  let problem = ''
  try {
    size = await measure()
  } catch (error) {
    problem = `  ${error.message}`
  }
  const ok = size <= debt
  if (!ok) over += 1
  const held = budget === Infinity ? '' : ` of ${String(budget).padStart(6)} B  ${size <= budget ? 'ok' : ok ? 'OWED' : 'OVER'}`
  console.log(`${name.padEnd(30)}${String(size).padStart(7)} B${held}${problem}`)
}
process.exit(over > 0 ? 1 : 0)
