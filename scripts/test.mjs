// `npm test`: the checks, then every suite. With names of stages (`node scripts/test.mjs unit e2e`) only those.
import { existsSync, readFileSync } from 'node:fs'
import { ensureChromium } from './chromium.mjs'
import { bin, run, runStages, script } from './stages.mjs'
import { beginTally, readTally } from './tally.mjs'

process.env.CHROMIUM_PATH = ensureChromium()
process.env.STORYBOOK_DISABLE_TELEMETRY = '1'
beginTally()

const vitest = (project, env) =>
  bin('vitest', ['run', '--project', project, '--reporter=default', '--reporter=./test/support/tally-reporter.ts'], { env })

const onReact18 = { KIT_REACT: '18' }

/** The lock that is installed, to install again only after it changed. */
const react18IsInstalled = () => {
  const [want, have] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => `test/react18/${file}`)
  if (!existsSync(have)) return false
  const versions = (file) =>
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages).flatMap(([path, { version }]) =>
      path ? `${path}@${version}` : [],
    )
  const installed = new Set(versions(have))
  return versions(want).every((one) => installed.has(one))
}

const stages = [
  [
    'react18-install',
    async () => react18IsInstalled() || run('npm', ['ci', '--prefix', 'test/react18', '--no-audit', '--no-fund']),
  ],
  ['check', () => script('check')],
  ['unit', () => vitest('unit')],
  ['browser', () => vitest('browser')],
  ['stories', () => vitest('storybook')],
  ['react18-unit', () => vitest('unit', onReact18)],
  ['react18-browser', () => vitest('browser', onReact18)],
  ['react18-stories', () => vitest('storybook', onReact18)],
  ['storybook-build', () => bin('storybook', ['build', '--quiet', '--disable-telemetry'])],
  ['e2e', () => bin('playwright', ['test'])],
  ['mutations', () => script('mutations', '--sample', '4')],
]

const asked = process.argv.slice(2)
const wanted = ([name]) => asked.length === 0 || asked.some((word) => name === word || name.startsWith(`${word}-`))
const failed = await runStages(stages.filter(wanted), { stopOnFailure: true })

const { passed, failed: red, skipped, errors } = readTally()
if (failed.length > 0) console.log(`\nStopped at ${failed.join(', ')}.`)
// A stage can fail without a red test: a lint error, a crash.
const failures = Math.max(red + errors, failed.length > 0 ? 1 : 0)
console.log(`\n${passed} passed, ${failures} failed, ${skipped} skipped`)
process.exit(failures > 0 ? 1 : 0)
